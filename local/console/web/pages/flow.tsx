/** Webhooks on their way, as they go. */
import { useState } from "preact/hooks";
import type { Flow as FlowAnswer, FlowQueue, FlowRefusal, FlowStage, FlowWebhook } from "../../answers.ts";
import { useAnswer } from "../ask.ts";
import { Card, Head } from "../parts/frame.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { Badge, durationText, EventLink, Time } from "../parts/words.tsx";
import { hrefOf } from "../router.ts";

const everyMs = 1_500;
const windows = [5, 15, 60] as const;

export function Flow() {
  const [minutes, setMinutes] = useState<number>(15);
  const asked = useAnswer<FlowAnswer>(`flow?minutes=${minutes}`, everyMs);
  return (
    <>
      <Head title="Flow" actions={<Windows minutes={minutes} set={setMinutes} />}>
        What came in and how far it got, from the functions' own log lines.
      </Head>
      <Answered asked={asked}>
        {(flow) => (
          <>
            <Attention flow={flow} />
            <Stages flow={flow} />
            <Newest webhooks={flow.newest} />
            {flow.refusals.length > 0 && <Refusals refusals={flow.refusals} />}
          </>
        )}
      </Answered>
    </>
  );
}

function Windows({ minutes, set }: { readonly minutes: number; readonly set: (minutes: number) => void }) {
  return (
    <fieldset class="segments">
      <legend class="unseen">How far back</legend>
      {windows.map((each) => (
        <button key={each} type="button" aria-pressed={each === minutes} onClick={() => set(each)}>
          {each} min
        </button>
      ))}
    </fieldset>
  );
}

/** What waits for a person, and nothing else. */
function Attention({ flow: { openReviews, deadLetters, isBehind } }: { readonly flow: FlowAnswer }) {
  if (openReviews + deadLetters === 0 && !isBehind) return null;
  return (
    <div class="notice warn attention" role="status">
      {openReviews > 0 && (
        <span>
          <strong>{openReviews === 1 ? "1 payment waits" : `${openReviews} payments wait`} for a person.</strong>{" "}
          <a href={hrefOf("reviews")}>Decide</a>
        </span>
      )}
      {deadLetters > 0 && (
        <span>
          <strong>{deadLetters === 1 ? "1 message" : `${deadLetters} messages`} could not be handled.</strong>{" "}
          <a href={hrefOf("queues")}>Look into the queues</a>
        </span>
      )}
      {isBehind && <span>More is logged than was read by now; the counts are still rising.</span>}
    </div>
  );
}

const queueAfter: Readonly<Record<string, string>> = { answered: "webhook-events", routed: "low-value-batch" };

function Stages({ flow: { stages, queues } }: { readonly flow: FlowAnswer }) {
  return (
    <ol class="stages" aria-label="Stages">
      {stages.map((stage) => (
        <Stage
          key={stage.key}
          stage={stage}
          queue={queues.find(({ name }) => name.startsWith(queueAfter[stage.key] ?? "no queue"))}
        />
      ))}
    </ol>
  );
}

const explained: Readonly<Record<string, string>> = {
  answered: "by the API, signature checked",
  recorded: "once each, in the ledger",
  routed: "by amount, over the bus",
  decided: "scored for fraud",
};
const latencyOf: Readonly<Record<string, string>> = {
  answered: "to the answer",
  recorded: "from the receipt",
  decided: "from the receipt",
};

function Stage({ stage, queue }: { readonly stage: FlowStage; readonly queue: FlowQueue | undefined }) {
  const { key, title, count, outcomes, series, p50Ms, p95Ms } = stage;
  return (
    <li class="stage">
      <div class="stage-card">
        <div class="stage-head">
          <h2>{title}</h2>
          <span class="soft small">{explained[key]}</span>
        </div>
        <div class="stage-count">
          <strong class="number">{count.toLocaleString("en-US")}</strong>
          <Bars series={series} />
        </div>
        <dl class="outcomes">
          {outcomes.map((outcome) => (
            <div key={outcome.word} class={outcome.count === 0 ? "none" : ""}>
              <dt>
                <Badge word={outcome.word} {...(outcome.count === 0 && { tone: "plain" as const })} />
              </dt>
              <dd class="number">{outcome.count.toLocaleString("en-US")}</dd>
            </div>
          ))}
        </dl>
        <div class="stage-foot soft small">
          <div>
            {p50Ms === undefined || p95Ms === undefined
              ? "\u00a0"
              : `median ${durationText(p50Ms)}, p95 ${durationText(p95Ms)}`}
          </div>
          <div>{p50Ms === undefined ? "\u00a0" : latencyOf[key]}</div>
        </div>
        <div class={queue && queue.waiting + queue.held > 0 ? "next busy" : "next"}>
          <div>{queue ? `then waits in ${queueAfter[key]}` : "\u00a0"}</div>
          <div>{queue ? `${queue.waiting} waiting, ${queue.held} in work` : "\u00a0"}</div>
        </div>
      </div>
    </li>
  );
}

function Bars({ series }: { readonly series: readonly number[] }) {
  const most = Math.max(1, ...series);
  return (
    <svg class="bars" viewBox={`0 0 ${series.length * 4} 28`} preserveAspectRatio="none" aria-hidden="true">
      {series.map((value, at) => {
        const height = value === 0 ? 1 : Math.max(2, (value / most) * 28);
        return <rect key={at} x={at * 4} y={28 - height} width="3" height={height} class={value === 0 ? "zero" : ""} />;
      })}
    </svg>
  );
}

function Newest({ webhooks }: { readonly webhooks: readonly FlowWebhook[] }) {
  if (webhooks.length === 0) {
    return (
      <Card title="Newest webhooks">
        <Empty title="Nothing came in within the last hour">
          <p>
            Send one by hand, or let a provider's CLI forward its own to the webhook API. It shows up here within two
            seconds.
          </p>
          <a class="button" href={hrefOf("send")}>
            Send a webhook
          </a>
        </Empty>
      </Card>
    );
  }
  return (
    <Card title="Newest webhooks" isFlush aside={<span class="soft small keys-hint">j and k move, Enter opens</span>}>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Received</th>
            <th scope="col">Event</th>
            <th scope="col">Type</th>
            <th scope="col">Tier</th>
            <th scope="col">How far</th>
            <th scope="col" class="end">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {webhooks.map((webhook) => (
            <NewestRow key={webhook.eventId} webhook={webhook} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function NewestRow({ webhook }: { readonly webhook: FlowWebhook }) {
  const { eventId, type, at, deliveries, deadLettered, tier, recorded, decided, decidedAfterMs } = webhook;
  return (
    <tr>
      <td data-title="Received">
        <Time at={at} />
      </td>
      <th scope="row" data-title="Event">
        <span>
          <EventLink id={eventId} isRow />
          {deliveries > 1 && <span class="soft small"> {deliveries}×</span>}
          {deadLettered > 0 && (
            <>
              {" "}
              <Badge word={deadLettered === 1 ? "dead-lettered" : `${deadLettered}× dead-lettered`} tone="bad" />
            </>
          )}
        </span>
      </th>
      <td data-title="Type">{type}</td>
      <td data-title="Tier">{tier ?? ""}</td>
      <td data-title="How far">
        <span>
          <Badge word={decided ?? recorded ?? "accepted"} {...(decided === undefined && { tone: "info" as const })} />
        </span>
      </td>
      <td data-title="Took" class="end number">
        {decidedAfterMs === undefined ? "" : durationText(decidedAfterMs)}
      </td>
    </tr>
  );
}

function Refusals({ refusals }: { readonly refusals: readonly FlowRefusal[] }) {
  return (
    <Card title="Refused" isFlush aside={<span class="soft small">nothing of what they held is kept</span>}>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">At</th>
            <th scope="col">Provider</th>
            <th scope="col">Answer</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {refusals.map(({ at, provider, code, status }, place) => (
            <tr key={`${at}-${code}-${refusals.length - place}`}>
              <td data-title="At">
                <Time at={at} />
              </td>
              <td data-title="Provider">{provider}</td>
              <td data-title="Answer" class="number">
                {status}
              </td>
              <td data-title="Why">
                <code>{code}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
