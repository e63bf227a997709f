/** Sealed days, and whether they are still as they were sealed. */
import type { ArchiveDay, ArchiveDays, ArchiveSum, Audited, AuditFinding, Done } from "../../answers.ts";
import { act, useAnswer } from "../ask.ts";
import { Button } from "../parts/button.tsx";
import { Command } from "../parts/command.tsx";
import { Card, Head } from "../parts/frame.tsx";
import { Outcome } from "../parts/outcome.tsx";
import { Answered, Empty, Failure } from "../parts/states.tsx";
import { useDeed } from "../parts/use-deed.ts";
import { Amount, Badge, sizeText, Time } from "../parts/words.tsx";
import { hrefOf } from "../router.ts";
import type { PageProps } from "./index.ts";

interface Sealed {
  readonly manifests: readonly string[];
}

export function Archive({ subject }: PageProps) {
  const asked = useAnswer<ArchiveDays>("archive", 15_000);
  const [sealing, startSealing] = useDeed<Done<Sealed>>();
  const [auditing, startAuditing] = useDeed<Audited>();
  const isBusy = sealing.kind === "doing" || auditing.kind === "doing";
  const seal = async (through?: string) => {
    await startSealing(() => act("archive/seal", through === undefined ? {} : { through }));
    asked.again();
  };
  const audit = async () => {
    await startAuditing(() => act("archive/audit", {}));
    asked.again();
  };
  const { answer } = asked;
  return (
    <>
      <Head
        title="Archive"
        actions={
          <>
            <Button isBusy={isBusy} disabled={answer === undefined} onClick={() => void seal(answer?.today)}>
              {sealing.kind === "doing" ? "Sealing …" : "Seal up to today"}
            </Button>
            <Button class="primary" isBusy={isBusy} disabled={answer === undefined} onClick={() => void audit()}>
              {auditing.kind === "doing" ? "Auditing …" : "Audit all"}
            </Button>
          </>
        }
      >
        A day is sealed two days later, with a signed manifest that continues a chain. Sealing today on demand is for
        trying out: what comes in later goes into addenda, and reconciliation can't check that day: it says so, as
        unchecked.
      </Head>
      <Outcome deed={sealing}>{(result) => sealedText(result)}</Outcome>
      {auditing.kind === "failed" && <Failure error={auditing.error} />}
      <Answered asked={asked} what="Reading the manifests">
        {(archive) => {
          const chosen = archive.days.find(({ day }) => day === subject);
          return (
            <>
              {archive.audit && <Verdict audit={archive.audit} />}
              {chosen && <Day key={chosen.day} day={chosen} />}
              <Days archive={archive} subject={subject} />
            </>
          );
        }}
      </Answered>
    </>
  );
}

function sealedText(result: Sealed | undefined): string {
  const count = result?.manifests.length ?? 0;
  if (count === 0) return "Nothing was to be sealed: every day is sealed already, and nothing came late.";
  return count === 1 ? "One manifest was sealed." : `${count} manifests were sealed.`;
}

function Verdict({ audit }: { readonly audit: Audited }) {
  const { isProven, at, findings, warnings, command, days } = audit;
  return (
    <div class={isProven ? "notice good" : "notice bad"}>
      <strong>
        {isProven
          ? `Proven: ${days.length === 1 ? "1 day is" : `${days.length} days are`} complete and unchanged, and the sums agree.`
          : `Not proven: ${findings.length === 1 ? "1 thing is" : `${findings.length} things are`} off.`}
      </strong>
      <span class="soft small">
        Audited at <Time at={at} />, with the key of this system's own KMS. An auditor brings the key from elsewhere.
      </span>
      <Findings findings={findings} />
      {warnings.length > 0 && (
        <details>
          <summary>{warnings.length === 1 ? "1 remark" : `${warnings.length} remarks`}</summary>
          <Findings findings={warnings} />
        </details>
      )}
      <Command text={command} />
    </div>
  );
}

function Findings({ findings }: { readonly findings: readonly AuditFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul>
      {findings.map(({ code, message, object, day }) => (
        <li key={`${code}-${object}-${message}`}>
          <code>{code}</code> {day !== undefined && `${day}: `}
          {message} {object !== undefined && <code class="soft">{object}</code>}
        </li>
      ))}
    </ul>
  );
}

function Days({
  archive: { days, bucket, audit },
  subject,
}: {
  readonly archive: ArchiveDays;
  readonly subject: string;
}) {
  if (days.length === 0) {
    return (
      <Card>
        <Empty title="No day is sealed yet">
          <p>
            The schedule seals a day on the second day after it. To see it now, send a webhook and seal up to today.
          </p>
          <a class="button" href={hrefOf("send")}>
            Send a webhook
          </a>
        </Empty>
      </Card>
    );
  }
  return (
    <Card title="Sealed days" isFlush aside={<code class="soft small">{bucket}</code>}>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Audit</th>
            <th scope="col" class="end">
              Transactions
            </th>
            <th scope="col" class="end">
              Undecided
            </th>
            <th scope="col" class="end">
              Exceptions
            </th>
            <th scope="col" class="end">
              Size
            </th>
            <th scope="col">Sealed</th>
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day.day} class={day.day === subject ? "chosen" : ""}>
              <th scope="row" data-title="Day">
                <span>
                  <a href={hrefOf("archive", day.day)} data-row="" class="number">
                    {day.day}
                  </a>
                  {day.addenda > 0 && <span class="soft small"> +{day.addenda}</span>}
                </span>
              </th>
              <td data-title="Audit">
                <span>
                  <State day={day} audit={audit} />
                </span>
              </td>
              <td data-title="Transactions" class="end number">
                {day.facts.toLocaleString("en-US")}
              </td>
              <td data-title="Undecided" class="end number">
                {day.undecided}
              </td>
              <td data-title="Exceptions" class="end number">
                {day.exceptions}
              </td>
              <td data-title="Size" class="end number">
                {sizeText(day.sizeBytes)}
              </td>
              <td data-title="Sealed">
                <Time at={day.sealedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** What the last audit says of a day; one that was sealed since isn't audited. */
function State({ day, audit }: { readonly day: ArchiveDay; readonly audit: Audited | undefined }) {
  const audited = audit?.days.find((one) => one.day === day.day);
  if (audit === undefined || audited === undefined || day.sealedAt > audit.at)
    return <Badge word="not audited" tone="plain" />;
  return audited.findings === 0 ? (
    <Badge word="unchanged" tone="good" />
  ) : (
    <Badge word={`${audited.findings} off`} tone="bad" />
  );
}

function Day({ day }: { readonly day: ArchiveDay }) {
  return (
    <Card title={day.day} aside={<span class="soft small">{day.sequence} in the chain</span>}>
      <div class="stack">
        <dl class="facts">
          <dt>Manifest</dt>
          <dd>
            <code>{day.manifest}</code>
          </dd>
          <dt>Objects</dt>
          <dd>
            {day.objects}, {sizeText(day.sizeBytes)}
          </dd>
        </dl>
        <Sums sums={day.sums} />
      </div>
    </Card>
  );
}

function Sums({ sums }: { readonly sums: readonly ArchiveSum[] }) {
  if (sums.length === 0) return <p class="soft">No money in it.</p>;
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Provider</th>
          <th scope="col">Type</th>
          <th scope="col" class="end">
            Rows
          </th>
          <th scope="col" class="end">
            Sum
          </th>
        </tr>
      </thead>
      <tbody>
        {sums.map(({ provider, type, currency, rows, amountMinor }, place) => (
          <tr key={`${provider}-${type}-${currency}-${sums.length - place}`}>
            <td data-title="Provider">{provider}</td>
            <td data-title="Type">{type}</td>
            <td data-title="Rows" class="end number">
              {rows}
            </td>
            <td data-title="Sum" class="end">
              <Amount minor={amountMinor} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
