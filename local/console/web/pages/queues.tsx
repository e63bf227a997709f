/** Queues at work, and the messages that nobody could handle. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Done, EndQueue, Letters, Queues as QueuesAnswer, Redriven, WorkingQueue } from "../../answers.ts";
import { act, useAnswer } from "../ask.ts";
import { Button } from "../parts/button.tsx";
import { Command } from "../parts/command.tsx";
import { Card, Head } from "../parts/frame.tsx";
import { Outcome } from "../parts/outcome.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { useDeed } from "../parts/use-deed.ts";
import { durationText, EventLink, Time } from "../parts/words.tsx";
import { hrefOf } from "../router.ts";
import type { PageProps } from "./index.ts";

const everyMs = 4_000;

export function Queues({ subject }: PageProps) {
  const asked = useAnswer<QueuesAnswer>("queues", everyMs);
  return (
    <>
      <Head title="Queues">
        Work that waits, and messages that could not be handled. Redriving sends a message where it should have gone;
        what is behind every queue takes an event once.
      </Head>
      <Answered asked={asked} what="Counting messages">
        {({ working, ends }) => {
          const chosen = ends.find(({ name }) => name === subject);
          return (
            <>
              <Working queues={working} />
              {subject !== "" && chosen === undefined && (
                <div class="notice">
                  <span>
                    There is no queue <code>{subject}</code> in which messages end. These there are:
                  </span>
                </div>
              )}
              {chosen && <Opened key={chosen.name} queue={chosen} recount={asked.again} />}
              <Ends queues={ends} subject={subject} />
            </>
          );
        }}
      </Answered>
    </>
  );
}

function Working({ queues }: { readonly queues: readonly WorkingQueue[] }) {
  return (
    <div class="two">
      {queues.map(({ name, waiting, held, oldestMs }) => (
        <Card key={name} title={name}>
          <dl class="figures">
            <div>
              <dt>waiting</dt>
              <dd class="number">{waiting}</dd>
            </div>
            <div>
              <dt>in work</dt>
              <dd class="number">{held}</dd>
            </div>
            <div>
              <dt>oldest</dt>
              <dd class="number">{oldestMs === undefined ? "–" : durationText(oldestMs)}</dd>
            </div>
          </dl>
        </Card>
      ))}
    </div>
  );
}

function Ends({ queues, subject }: { readonly queues: readonly EndQueue[]; readonly subject: string }) {
  const isFull = ({ waiting, held }: EndQueue) => waiting + held > 0;
  const [areEmptyShown, setEmptyShown] = useState(false);
  const full = queues.filter(isFull);
  const shown = areEmptyShown ? [...full, ...queues.filter((queue) => !isFull(queue))] : full;
  return (
    <Card
      title="Where messages end"
      isFlush
      aside={
        <button type="button" class="plain" aria-pressed={areEmptyShown} onClick={() => setEmptyShown(!areEmptyShown)}>
          {areEmptyShown ? "Hide the empty ones" : `Show all ${queues.length}`}
        </button>
      }
    >
      {shown.length === 0 ? (
        <Empty title="All are empty">
          <p>Each of the {queues.length} queues has an alarm that rings with its first message.</p>
        </Empty>
      ) : (
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Queue</th>
              <th scope="col" class="end">
                Messages
              </th>
              <th scope="col" class="end">
                Held
              </th>
              <th scope="col">Way out</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((queue) => (
              <tr key={queue.name} class={queue.name === subject ? "chosen" : ""}>
                <th scope="row" data-title="Queue">
                  <a href={hrefOf("queues", queue.name)} data-row="">
                    {queue.name}
                  </a>
                </th>
                <td data-title="Messages" class="end number">
                  {queue.waiting}
                </td>
                <td data-title="Held" class="end number">
                  {queue.held}
                </td>
                <td data-title="Way out" class="soft">
                  {wayOut(queue.redrive)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function wayOut({ kind, name, url, arn, why }: EndQueue["redrive"]): string {
  const target = name ?? url?.split("/").at(-1) ?? arn?.split(":").at(-1) ?? "";
  switch (kind) {
    case "queue":
      return `back to the queue ${target}`;
    case "bus":
      return `its event, on the bus ${target} again`;
    case "topic":
      return `to all subscribers of ${target} again`;
    case "state-machine":
      return `as an execution of ${target}`;
    default:
      return why ?? "by hand";
  }
}

function Opened({ queue, recount }: { readonly queue: EndQueue; readonly recount: () => void }) {
  const { name, redrive } = queue;
  const asked = useAnswer<Letters>(`queue?name=${encodeURIComponent(name)}`);
  const [deed, start] = useDeed<Done<Redriven>>();
  // What is sent may come back a while later, and somebody else may send or drop. Looking moves messages from waiting to
  // held, which is no reason to look again.
  const { again } = asked;
  const count = queue.waiting + queue.held;
  const counted = useRef(count);
  useEffect(() => {
    if (counted.current !== count) again();
    counted.current = count;
  }, [count, again]);
  const send = async (messageId?: string) => {
    await start(() => act("queues/redrive", { queue: name, go: true, ...(messageId !== undefined && { messageId }) }));
    asked.again();
    recount();
  };
  const isBusy = deed.kind === "doing";
  return (
    <Card
      title={name}
      isFlush
      aside={
        <button type="button" class="plain" onClick={asked.again}>
          Look again
        </button>
      }
    >
      <div class="body stack">
        <Outcome deed={deed} isGood={(result) => result === undefined || areAllAway(result)}>
          {(result) => <RedrivenText result={result} />}
        </Outcome>
        <p class="soft small">
          Way out: {wayOut(redrive).replace(/\.$/, "")}. Looking hides messages from others for a moment and takes none
          away. Bodies may hold payment data and stay in the queue.
        </p>
      </div>
      <Answered asked={asked} what="Looking into the queue">
        {({ messages, hasMore, command }) =>
          messages.length === 0 ? (
            <Empty title="No message that nobody holds">
              <p>One that was looked at just now, or is being sent, shows itself again within half a minute.</p>
            </Empty>
          ) : (
            <>
              <table class="cards">
                <thead>
                  <tr>
                    <th scope="col">First sent</th>
                    <th scope="col">Event</th>
                    <th scope="col">Why it is here</th>
                    <th scope="col" class="end">
                      <span class="unseen">Redrive</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {messages.map(({ messageId, eventId, reason, detail, firstSentAt, ownIdCommand }) => (
                    <tr key={messageId}>
                      <td data-title="First sent">
                        <Time at={firstSentAt} />
                      </td>
                      <td data-title="Event">
                        {eventId === undefined ? <code>{messageId}</code> : <EventLink id={eventId} />}
                      </td>
                      <td data-title="Why">
                        <div>
                          {reason !== undefined && <code>{reason}</code>}
                          <div class="soft small">
                            {detail ?? (reason === undefined ? silentWhy(redrive.kind) : "")}
                          </div>
                          {ownIdCommand !== undefined && (
                            <details>
                              <summary>Book it under an id of its own, in the terminal</summary>
                              <Command text={ownIdCommand} />
                            </details>
                          )}
                        </div>
                      </td>
                      <td data-title="Redrive" class="end">
                        {redrive.kind !== "none" && (
                          <Button isBusy={isBusy} onClick={() => void send(messageId)}>
                            Redrive
                          </Button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <div class="body stack">
                {redrive.kind !== "none" && (
                  <div class="actions">
                    <Button class="primary" isBusy={isBusy} onClick={() => void send()}>
                      {isBusy ? "Redriving …" : "Redrive all"}
                    </Button>
                    <span class="soft small">Mend the cause first: what comes back stays here.</span>
                  </div>
                )}
                {hasMore && <p class="soft small">There are more than are shown.</p>}
                <Command text={command} />
              </div>
            </>
          )
        }
      </Answered>
    </Card>
  );
}

/** Of a message that says no reason: SQS itself moves what was received too often, and then says none. */
function silentWhy(kind: string): string {
  return kind === "queue" ? "received too often without success" : "says no reason";
}

function areAllAway({ stays, cameBack, failed }: Redriven): boolean {
  return stays + cameBack + failed === 0;
}

/** The sums, and each reason why messages are still there. */
function RedrivenText({ result }: { readonly result: Redriven | undefined }) {
  if (result === undefined) return <>Done.</>;
  const { sent, stays, cameBack, failed, messages } = result;
  const counts = new Map<string, number>();
  for (const { why } of messages) if (why !== undefined) counts.set(why, (counts.get(why) ?? 0) + 1);
  return (
    <>
      {sent} sent, {stays} stayed, {failed} failed.{cameBack > 0 && ` Of those sent, ${cameBack} came back.`}
      {[...counts].map(([why, count]) => (
        <div key={why}>
          {count > 1 && `${count} × `}
          {why}
        </div>
      ))}
    </>
  );
}
