import type { MessageSeen } from "../../../../tools/demo/evidence.ts";
import { detailOf, failing, flawless, hopeless, twice, withEvidence, without } from "./flawless.ts";

const { queues, claims } = flawless.evidence;
const name = "no message is left over";
const never = "what can never succeed is a dead letter, and nothing else is";
const waits = "what came under another event's id waits for a person, and is not booked";
const dlq = "webhook-events-dlq-dev";
const letters = queues.get(dlq) ?? [];
const [completed = ""] = [...claims].find(([, status]) => status === "COMPLETED") ?? [];
const message = (eventId: string, reason?: string): MessageSeen => ({
  event: { eventId },
  body: "",
  ...(reason === undefined ? {} : { reason }),
});
const withQueue = (queueName: string, messages: readonly MessageSeen[]) =>
  withEvidence({ queues: new Map([...queues, [queueName, messages]]) });

describe("leftovers", () => {
  it.each([
    ["a repeat that used up its receives", message(completed), /holds .+ \(a repeat that used up .+ is COMPLETED\)/],
    ["an event that nobody could work on", message("stripe:x"), /holds stripe:x \(the event is unknown\)/],
    ["what a function refused", message("stripe:x", "schema-invalid"), /holds stripe:x \(schema-invalid\)/],
    ["what isn't an event", message("", "not-json"), /holds a message of no event \(not-json\)/],
  ])("names %s", (_what, left, words) => {
    const onDeadLetterQueue = withQueue(dlq, [...letters, left]);
    expect(failing(onDeadLetterQueue)).toEqual([never]);
    expect(detailOf(onDeadLetterQueue, never)).toMatch(words);
    const elsewhere = withQueue("low-value-batch-dev", [left]);
    expect(failing(elsewhere)).toEqual([name]);
    expect(detailOf(elsewhere, name)).toMatch(words);
  });

  it.each(["webhook-events-dev", "archive-dlq-dev", "unroutable-to-unroutable-dlq-dev", "unroutable-dlq-dev"])(
    "looks at %s",
    (queueName) => {
      expect(failing(withQueue(queueName, [message("stripe:x")]))).toEqual([name]);
    },
  );

  it.each(hopeless)("expects on $queueName what belongs there, and nothing else", ({ queueName, token }) => {
    const there = queues.get(queueName) ?? [];
    const other = there.map((letter) => ({ ...letter, body: letter.body.replace(token, "another's token") }));
    expect(failing(withQueue(queueName, [...there, message("stripe:x")]))).toEqual([never]);
    expect(failing(withQueue(queueName, other))).toEqual([never]);
    const gone = there.filter(({ body }) => !body.includes(token));
    expect(failing(withQueue(queueName, gone))).toEqual([never]);
    expect(failing(withQueue(queueName, twice(there)))).toEqual([]);
  });

  it("takes a message that can never succeed for one nowhere but on its own queue", () => {
    const [one] = hopeless;
    expect(failing(withQueue("low-value-batch-dev", queues.get(one?.queueName ?? "") ?? []))).toEqual([name]);
  });

  it("notices that nothing was put in that can never succeed", () => {
    expect(failing({ ...flawless, hopeless: [] })).toContain(never);
  });

  it("notices messages in flight, which can't be read", () => {
    expect(failing(withEvidence({ unreadable: new Map([["webhook-events-dev", 2]]) }))).toEqual([name]);
  });

  it("expects each body that came under another's id on the dead-letter queue, with its reason", () => {
    expect(failing(withQueue(dlq, without(letters)))).toEqual([waits]);
    expect(failing(withQueue(dlq, twice(letters)))).toEqual([]);
    const unexplained = letters.map(({ reason: _dropped, ...letter }) => letter);
    expect(failing(withQueue(dlq, unexplained))).toEqual([waits, never]);
    const ofTheTaken = letters.map((letter) =>
      letter.reason === undefined ? letter : { ...letter, body: "the bytes that were booked" },
    );
    expect(failing(withQueue(dlq, ofTheTaken))).toEqual([waits, never]);
  });

  it("lets either of two bodies under one id be the booked one", () => {
    const { plan, sent, evidence } = flawless;
    const second = plan.events.find(({ reuses }) => reuses !== undefined);
    const postOf = (event: typeof second) => sent.find(({ planned }) => planned.event === event);
    const [booked, away] = [postOf(second), postOf(second?.reuses)];
    const raws = evidence.raws.map((raw) =>
      raw.eventId === booked?.eventId ? { ...raw, sha256: booked?.sha256 ?? "" } : raw,
    );
    const swapped = letters.map((letter) =>
      letter.body === booked?.sha256 ? { ...letter, body: away?.sha256 ?? "" } : letter,
    );
    const queuesNow = new Map([...queues, [dlq, swapped]]);
    const broken = failing(withEvidence({ raws, queues: queuesNow }));
    expect(broken).not.toContain(waits);
    expect(broken).not.toContain(never);
  });
});
