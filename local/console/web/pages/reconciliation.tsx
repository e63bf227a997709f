/** Providers' books against ours. */
import { useState } from "preact/hooks";
import type {
  Discrepancy,
  Done,
  Reconciliation as ReconciliationAnswer,
  ReconciliationReport,
  ReconciliationTotals,
} from "../../answers.ts";
import { act, useAnswer } from "../ask.ts";
import { Button } from "../parts/button.tsx";
import { Card, Head } from "../parts/frame.tsx";
import { Outcome } from "../parts/outcome.tsx";
import { SignatureFields, useSignature } from "../parts/signature.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { useDeed } from "../parts/use-deed.ts";
import { Amount, Badge, durationText, EventLink, Time } from "../parts/words.tsx";
import { hrefOf } from "../router.ts";
import type { PageProps } from "./index.ts";

const everyMs = 5_000;

export function Reconciliation({ subject }: PageProps) {
  const asked = useAnswer<ReconciliationAnswer>("reconciliation", everyMs);
  const [running, start] = useDeed<Done>();
  const run = async () => {
    await start(() => act("reconciliation/run", {}));
    asked.again();
  };
  const isRunning = running.kind === "doing" || asked.answer?.isRunning === true;
  return (
    <>
      <Head
        title="Reconciliation"
        actions={
          <Button class="primary" isBusy={isRunning} disabled={asked.answer === undefined} onClick={() => void run()}>
            {isRunning ? "A run is under way …" : "Run now"}
          </Button>
        }
      >
        Every night at two the providers' own event lists and balances are compared with ours. What was missed is put
        into the queue; what differs stays open until somebody says why.
      </Head>
      <Outcome deed={running}>{() => "A run has begun. Its report shows up here when it ends."}</Outcome>
      <Answered asked={asked} what="Looking up what is open">
        {({ open, runs }) => (
          <>
            <Open discrepancies={open} again={asked.again} />
            {runs.length === 0 ? (
              <NoRun />
            ) : (
              <Runs runs={runs} chosen={runs.includes(subject) ? subject : (runs[0] ?? "")} />
            )}
          </>
        )}
      </Answered>
    </>
  );
}

function NoRun() {
  return (
    <Card title="Reports">
      <Empty title="No run has ended yet">
        <p>“Run now” compares what Stripe's and PayPal's stand-ins on this machine know with what was recorded.</p>
      </Empty>
    </Card>
  );
}

interface OpenProps {
  readonly discrepancies: readonly Discrepancy[];
  readonly again: () => void;
}

function Open({ discrepancies, again }: OpenProps) {
  const [chosen, setChosen] = useState<string>();
  const [deed, start] = useDeed<Done>();
  const resolve = async (id: string, by: string, why: string) => {
    const done = await start(() => act("reconciliation/resolve", { id, by, why }));
    if (done?.isDone) setChosen(undefined);
    again();
  };
  const found = discrepancies.find(({ id }) => id === chosen);
  return (
    <>
      <Outcome deed={deed}>{() => "Closed."}</Outcome>
      <Card
        title="Open discrepancies"
        isFlush={discrepancies.length > 0}
        aside={<span class="soft small">{discrepancies.length === 0 ? "" : "the worst first"}</span>}
      >
        {discrepancies.length === 0 ? (
          <Empty title="Nothing is open" />
        ) : (
          <Differences discrepancies={discrepancies} choose={setChosen} />
        )}
      </Card>
      {found && <Resolve key={found.id} discrepancy={found} isBusy={deed.kind === "doing"} resolve={resolve} />}
    </>
  );
}

interface DifferencesProps {
  readonly discrepancies: readonly Discrepancy[];
  readonly choose?: (id: string) => void;
}

function Differences({ discrepancies, choose }: DifferencesProps) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Severity</th>
          <th scope="col">Kind</th>
          <th scope="col">About</th>
          <th scope="col">Ours</th>
          <th scope="col">Theirs</th>
          <th scope="col">Since</th>
          <th scope="col">{choose === undefined ? "Status" : <span class="unseen">Close</span>}</th>
        </tr>
      </thead>
      <tbody>
        {discrepancies.map(({ id, severity, kind, provider, eventId, ours, theirs, firstSeenAt, status }) => (
          <tr key={id}>
            <td data-title="Severity">
              <span>
                <Badge word={severity} />
              </span>
            </td>
            <td data-title="Kind">{kind}</td>
            <td data-title="About">{eventId === undefined ? provider : <EventLink id={eventId} />}</td>
            <td data-title="Ours">
              <SideText side={ours} />
            </td>
            <td data-title="Theirs">
              <SideText side={theirs} />
            </td>
            <td data-title="Since">
              <Time at={firstSeenAt} />
            </td>
            <td data-title={choose === undefined ? "Status" : "Close"}>
              {choose === undefined ? (
                status
              ) : (
                <button type="button" data-row="" onClick={() => choose(id)}>
                  Close …
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SideText({ side }: { readonly side: Discrepancy["ours"] }) {
  if (side === undefined) return <span class="soft">nothing</span>;
  return (
    <span>
      {side.amountMinor !== undefined && <Amount minor={side.amountMinor} currency={side.currency} />} {side.status}
    </span>
  );
}

interface ResolveProps {
  readonly discrepancy: Discrepancy;
  readonly isBusy: boolean;
  readonly resolve: (id: string, by: string, why: string) => Promise<void>;
}

function Resolve({ discrepancy: { id, kind }, isBusy, resolve }: ResolveProps) {
  const [signature, change] = useSignature();
  const submit = (event: Event) => {
    event.preventDefault();
    if (!isBusy) void resolve(id, signature.by, signature.why);
  };
  return (
    <Card title={`Close ${kind}`} aside={<code class="soft small">{id}</code>}>
      <form class="stack" onSubmit={submit}>
        <SignatureFields signature={signature} change={change} whyHint="What was done, or why nothing had to be" />
        <div class="actions">
          <Button type="submit" class="primary" isBusy={isBusy}>
            It is dealt with
          </Button>
          <span class="soft small">It stays closed when a later run sees it again.</span>
        </div>
      </form>
    </Card>
  );
}

function Runs({ runs, chosen }: { readonly runs: readonly string[]; readonly chosen: string }) {
  const asked = useAnswer<ReconciliationReport>(`reconciliation/report?run=${encodeURIComponent(chosen)}`);
  return (
    <Card
      title="Report"
      isFlush
      aside={
        <label class="inline">
          <span class="soft small">run</span>
          <select
            value={chosen}
            onChange={({ currentTarget }) => {
              location.hash = hrefOf("reconciliation", currentTarget.value);
            }}
          >
            {runs.map((run) => (
              <option key={run} value={run}>
                {runText(run)}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Answered asked={asked} what="Reading the report">
        {(report) => <Report report={report} />}
      </Answered>
    </Card>
  );
}

/** `20261120T020000Z` → `2026-11-20 02:00:00`. */
function runText(run: string): string {
  return run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3 $4:$5:$6");
}

function Report({ report }: { readonly report: ReconciliationReport }) {
  const figures: readonly (readonly [string, string])[] = [
    ["events checked", count(report.totalEventsChecked)],
    ["missed", count(report.missedEvents)],
    ["retried", count(report.retriedEvents)],
    ["movements checked", count(report.moneyMovementsChecked)],
    ["facts checked", count(report.factsChecked)],
    ["took", durationText(report.durationMs)],
  ];
  const found = [...report.discrepancies, ...report.carried];
  return (
    <>
      <div class="body stack">
        <dl class="figures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="number">{value}</dd>
            </div>
          ))}
        </dl>
        {report.unchecked.map(({ provider, part, code, detail }, place) => (
          <div class="notice warn" key={`${provider}-${part}-${code}-${report.unchecked.length - place}`}>
            <strong>
              {provider}: {part} could not be checked
            </strong>
            <span>
              {detail} <code class="soft">{code}</code>
            </span>
          </div>
        ))}
      </div>
      {report.totals.length > 0 && <Totals totals={report.totals} />}
      {found.length > 0 && <Differences discrepancies={found} />}
    </>
  );
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function Totals({ totals }: { readonly totals: readonly ReconciliationTotals[] }) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Money</th>
          <th scope="col" class="end">
            Paid, theirs
          </th>
          <th scope="col" class="end">
            Paid, ours
          </th>
          <th scope="col" class="end">
            Refunded, theirs
          </th>
          <th scope="col" class="end">
            Refunded, ours
          </th>
          <th scope="col">Agrees</th>
        </tr>
      </thead>
      <tbody>
        {totals.map(({ provider, currency, theirPayments, ourPayments, theirRefunds, ourRefunds }) => {
          const isSame = theirPayments === ourPayments && theirRefunds === ourRefunds;
          return (
            <tr key={`${provider}-${currency}`}>
              <th scope="row" data-title="Money">
                {provider}, {currency}
              </th>
              <td data-title="Paid, theirs" class="end">
                <Amount minor={theirPayments} currency={currency} />
              </td>
              <td data-title="Paid, ours" class="end">
                <Amount minor={ourPayments} currency={currency} />
              </td>
              <td data-title="Ref., theirs" class="end">
                <Amount minor={theirRefunds} currency={currency} />
              </td>
              <td data-title="Ref., ours" class="end">
                <Amount minor={ourRefunds} currency={currency} />
              </td>
              <td data-title="Agrees">
                <span>
                  <Badge word={isSame ? "yes" : "no"} tone={isSame ? "good" : "bad"} />
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
