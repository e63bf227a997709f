import type { DeadLetterQueue } from "../../../config/dead-letters.ts";
import type { Letter } from "../../../lambdas/shared/domain/dead-letters.ts";
import { summaryOf } from "../../../tools/dead-letters/contents.ts";
import { shippingOf } from "../../../tools/dead-letters/delivery.ts";
import { underOwnId } from "../../../tools/dead-letters/own-id.ts";
import { createPace } from "../../../tools/dead-letters/pace.ts";
import { aPaymentEvent, aWebhookMessage } from "../../support/payment-events.ts";

const text = (value: string) => ({ dataType: "String", value });

function aLetter(body: unknown, attributes: Letter["attributes"] = {}): Letter {
  return {
    messageId: "message-1",
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes,
    enqueuedAt: "2026-11-20T10:00:00.000Z",
  };
}

const bus: Pick<DeadLetterQueue, "redrive"> = { redrive: { kind: "bus", name: "payment-events-test" } };

describe("a letter on its way", () => {
  const event = aPaymentEvent();
  const envelope = { version: "0", "detail-type": event.type, source: "payment-webhooks", detail: event };

  it.each([
    ["of a rule's target, in EventBridge's envelope", envelope],
    ["of workflow-failed, with its error", { event, error: { Error: "States.TaskFailed" }, execution: "arn" }],
    ["of a queue that a rule sends to, the event alone", event],
  ])("to the bus takes the event %s", (_, body) => {
    const shipment = { kind: "bus", name: "payment-events-test", event };
    expect(shippingOf(bus, aLetter(body))).toEqual({ kind: "shipment", shipment });
  });

  it.each(["{", "[]", "{}", JSON.stringify({ ...event, amountMinor: "1.5" })])(
    "to the bus stays when it is no event: %s",
    (body) => {
      expect(shippingOf(bus, aLetter(body))).toMatchObject({ kind: "stays" });
    },
  );

  it("to a topic takes what was to be delivered out of SNS's envelope", () => {
    const topic = { redrive: { kind: "topic", arn: "arn:topic" } } as const;
    const body = { Type: "Notification", Message: '{"kind":"medium-value"}', Subject: "Payment" };
    const shipment = { kind: "topic", arn: "arn:topic", message: '{"kind":"medium-value"}', subject: "Payment" };
    expect(shippingOf(topic, aLetter(body))).toEqual({ kind: "shipment", shipment });
    expect(shippingOf(topic, aLetter("as it is"))).toMatchObject({ shipment: { message: "as it is" } });
  });

  it("to a state machine starts it under the letter's name, so that a second start is none", () => {
    const machine = { redrive: { kind: "state-machine", arn: "arn:machine" } } as const;
    const shipment = { kind: "state-machine", arn: "arn:machine", name: "redrive-message-1", input: '{"a":1}' };
    expect(shippingOf(machine, aLetter({ a: 1 }))).toEqual({ kind: "shipment", shipment });
    expect(shippingOf(machine, aLetter("{"))).toMatchObject({ kind: "stays" });
  });

  it("stays where its queue has no way out, with the reason", () => {
    const none = { redrive: { kind: "none", why: "replay it" } } as const;
    expect(shippingOf(none, aLetter("{}"))).toEqual({ kind: "stays", why: "replay it" });
  });
});

describe("what a letter is about", () => {
  it.each([
    [
      "a message of webhook-events",
      aWebhookMessage(),
      { reason: text("x"), detail: text("y") },
      { reason: "x", detail: "y" },
    ],
    [
      "an event of a rule",
      { detail: aPaymentEvent() },
      { ERROR_CODE: text("NO_PERMISSIONS") },
      { reason: "NO_PERMISSIONS" },
    ],
    [
      "a failed workflow",
      { event: aPaymentEvent(), error: { Error: "States.Timeout" } },
      {},
      { detail: "States.Timeout" },
    ],
    [
      "an event that no rule for its amount takes",
      { ...aPaymentEvent(), amountProblem: "rate_unknown" },
      {},
      { reason: "rate_unknown", detail: "config/fx.ts has no rate for its currency" },
    ],
    [
      "the same event, where a function refused it for another reason",
      { ...aPaymentEvent(), amountProblem: "rate_unknown" },
      { reason: text("x") },
      { reason: "x" },
    ],
  ])("is read from %s", (_, body, attributes, expected) => {
    expect(summaryOf(aLetter(body, attributes))).toEqual({ eventId: "stripe:evt_1", ...expected });
  });

  it("is nothing where it can't be read", () => {
    expect(summaryOf(aLetter("{"))).toEqual({});
  });
});

describe("an event whose id is taken", () => {
  const note = { by: "ada", why: "two payments", at: "2026-11-20T12:00:00.000Z" };
  const reused = { reason: text("event-id-reused") };

  it("gets an id of its own from its body's hash, the same each time", () => {
    const own = underOwnId(aLetter(aWebhookMessage(), reused), note);
    expect(own).toMatchObject({ kind: "message", eventId: "stripe:evt_1~44136fa355b3" });
    const body: unknown = own.kind === "message" ? JSON.parse(own.body) : undefined;
    const expected = aWebhookMessage({ eventId: "stripe:evt_1~44136fa355b3" }, { source: "replay", replay: note });
    expect(body).toEqual(expected);
    const again = own.kind === "message" ? underOwnId(aLetter(own.body, reused), note) : undefined;
    expect(again).toMatchObject({ eventId: "stripe:evt_1~44136fa355b3" });
  });

  it.each([
    ["was refused for another reason: it would be booked twice", aWebhookMessage(), { reason: text("schema-invalid") }],
    ["was received too often", aWebhookMessage(), {}],
    ["can't be read", "{", reused],
  ])("is the only one that gets one, not one that %s", (_, body, attributes) => {
    expect(underOwnId(aLetter(body, attributes), note)).toMatchObject({ kind: "refused" });
  });
});

describe("a pace", () => {
  it("lets so many begin a second", async () => {
    let nowMs = 0;
    const sleep = async (ms: number) => {
      nowMs += ms;
    };
    const pace = createPace(4, { now: () => nowMs, sleep, isStopped: () => false });
    const begun: number[] = [];
    for (let at = 0; at < 5; at += 1) {
      await pace();
      begun.push(nowMs);
    }
    expect(begun).toEqual([0, 250, 500, 750, 1_000]);
  });

  it("keeps nobody waiting who wants to stop", async () => {
    let nowMs = 0;
    const sleep = async (ms: number) => {
      nowMs += ms;
    };
    const pace = createPace(0.1, { now: () => nowMs, sleep, isStopped: () => nowMs >= 1_000 });
    await pace();
    await pace();
    expect(nowMs).toBe(1_000);
  });
});
