/** One event across all stages; without an id, the newest ones. */
import { useEffect, useState } from "preact/hooks";
import type { EventAnswer, Flow, TransactionAnswer, UnknownAnswer } from "../../answers.ts";
import { useAnswer } from "../ask.ts";
import { DeadLettered } from "../event/dead-lettered.tsx";
import { Journey } from "../event/journey.tsx";
import { Archive, Decided, Facts, NoRules, Rules } from "../event/sections.tsx";
import { Timeline } from "../event/timeline.tsx";
import { Traces } from "../event/traces.tsx";
import { Workflow } from "../event/workflow.tsx";
import { Command } from "../parts/command.tsx";
import { Card, Head } from "../parts/frame.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { Amount, Badge, EventLink, Time } from "../parts/words.tsx";
import { hrefOf } from "../router.ts";
import type { PageProps } from "./index.ts";

/** What hasn't been decided may be at any moment; what has, changes rarely. Each look searches all logs since. */
const everyMs = 3_000;
const afterwardsMs = 15_000;

export function Events({ subject }: PageProps) {
  return subject === "" ? <Newest /> : <Found key={subject} id={subject} />;
}

function Found({ id }: { readonly id: string }) {
  const [paceMs, setPace] = useState(everyMs);
  const asked = useAnswer<EventAnswer | TransactionAnswer | UnknownAnswer>(
    `event?id=${encodeURIComponent(id)}`,
    paceMs,
  );
  const { answer: last } = asked;
  useEffect(() => setPace(last?.kind === "event" && isOver(last) ? afterwardsMs : everyMs), [last]);
  return (
    <Answered asked={asked} what="Following the event">
      {(answer) => {
        if (answer.kind === "event") return <EventPage answer={answer} />;
        return answer.kind === "transaction" ? <Transaction answer={answer} /> : <Unknown answer={answer} />;
      }}
    </Answered>
  );
}

/** Whether the pipeline has done all that it does with the event. */
function isOver({ report: { decision, fact }, executions }: EventAnswer): boolean {
  const isRunning = executions.some(({ status }) => status === "RUNNING");
  const isDecided = decision !== undefined || fact?.tier === "unrouted" || fact?.sameFactAs !== undefined;
  return isDecided && !isRunning;
}

function EventPage({ answer }: { readonly answer: EventAnswer }) {
  const { eventId, report, timeline, rules, executions, archive, traces, deadLettered, command } = answer;
  const { fact, decision, review } = report;
  const isWaiting = review?.reviewStatus === "OPEN" && decision === undefined;
  return (
    <>
      <Head
        title={eventId}
        actions={
          <>
            {report.tier !== undefined && <Badge word={`tier ${report.tier}`} tone="plain" />}
            {decision && <Badge word={decision.decision} />}
            {isWaiting && <Badge word="REVIEW" />}
          </>
        }
      >
        {fact ? (
          <>
            {fact.type}, <Amount minor={fact.amountMinor} currency={fact.currency} />
          </>
        ) : (
          "Not recorded yet, or not any more."
        )}
      </Head>
      {isWaiting && (
        <div class="notice warn">
          <span>
            <strong>It waits for a person.</strong> <a href={hrefOf("reviews", eventId)}>Approve or block it</a>
          </span>
        </div>
      )}
      <DeadLettered deliveries={deadLettered} />
      <Journey answer={answer} />
      <div class="two">
        <Facts report={report} />
        <Decided report={report} />
      </div>
      {executions.map((execution) => (
        <Workflow key={execution.arn} execution={execution} />
      ))}
      <Timeline moments={timeline} from={fact?.receivedAt} />
      <Traces traces={traces} />
      {rules.length > 0 && <Rules rules={rules} />}
      {rules.length === 0 && fact !== undefined && <NoRules fact={fact} />}
      <Archive place={archive} eventId={eventId} />
      <Card title="In the terminal">
        <Command text={command} />
      </Card>
    </>
  );
}

function Unknown({ answer: { id, said } }: { readonly answer: UnknownAnswer }) {
  return (
    <>
      <Head title={id} />
      <Card>
        <Empty title="Nothing is known by this id">
          <p>{said}</p>
          <p>This page looks again every few seconds.</p>
          <a class="button" href={hrefOf("flow")}>
            See what came in
          </a>
        </Empty>
      </Card>
    </>
  );
}

function Transaction({ answer: { transactionId, eventIds } }: { readonly answer: TransactionAnswer }) {
  return (
    <>
      <Head title={transactionId}>
        A transaction with {eventIds.length === 1 ? "one event" : `${eventIds.length} events`}.
      </Head>
      <Card isFlush>
        <table class="cards">
          <tbody>
            {eventIds.map((id) => (
              <tr key={id}>
                <td>
                  <EventLink id={id} isRow />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
    </>
  );
}

function Newest() {
  const asked = useAnswer<Flow>("flow?minutes=60", everyMs);
  return (
    <>
      <Head title="Events">
        Paste an id above (press <kbd>/</kbd>): an event's, such as <code>stripe:evt_123</code>, or a transaction's,
        such as <code>stripe:pi_123</code>.
      </Head>
      <Answered asked={asked}>
        {({ newest }) => (
          <Card title="Newest" isFlush={newest.length > 0}>
            {newest.length === 0 ? (
              <Empty title="No event within the last hour">
                <a class="button" href={hrefOf("send")}>
                  Send a webhook
                </a>
              </Empty>
            ) : (
              <table class="cards">
                <tbody>
                  {newest.map(({ eventId, at, type, decided, recorded }) => (
                    <tr key={eventId}>
                      <td data-title="Received">
                        <Time at={at} />
                      </td>
                      <td data-title="Event">
                        <EventLink id={eventId} isRow />
                      </td>
                      <td data-title="Type">{type}</td>
                      <td data-title="How far">
                        <span>
                          <Badge word={decided ?? recorded ?? "accepted"} />
                        </span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Card>
        )}
      </Answered>
    </>
  );
}
