import type { WebhookMessage } from "../../../config/events.ts";
import type { RecordOutcome } from "../../../lambdas/shared/domain/outcomes.ts";
import { measured } from "../../../lambdas/webhook-dedup/measured.ts";
import { aDelivery, aWebhookMessage, withoutAmount } from "../../support/payment-events.ts";
import { tierOf } from "../../support/routing.ts";

const receivedAt = "2026-11-20T10:00:01.250Z";
const nowMs = Date.parse(receivedAt) + 400;
const note = { by: "ada", why: "the bus had lost it", at: receivedAt };
const done = (outcome: string): RecordOutcome => ({ kind: "done", outcome });

function measuresOf(message: WebhookMessage, outcome: RecordOutcome | undefined) {
  const outcomes = new Map(outcome === undefined ? [] : [["message-1", outcome]]);
  return measured([aDelivery(message)], outcomes, { tierOf, nowMs });
}

const stripe = { provider: "stripe" };
const routed = { name: "routed", value: 1, by: { tier: "low" } };
const recorded = { name: "recorded", value: 1, by: stripe };
const money = { name: "recordedMinor", value: 12_345, by: { type: "payment.succeeded", currency: "USD" } };

describe("a recorded event's metrics", () => {
  it("say its money, its tier and how long it took", () => {
    const wait = { name: "queueWaitMs", value: 400 };
    expect(measuresOf(aWebhookMessage({ receivedAt }), done("processed"))).toEqual([routed, recorded, money, wait]);
  });

  it("say no money where there is none, and that it went nowhere", () => {
    const message = aWebhookMessage({ receivedAt });
    const measures = measuresOf(
      { ...message, event: withoutAmount({ ...message.event, type: "other" }) },
      done("unrouted"),
    );
    expect(measures.map(({ name }) => name)).toEqual(["routed", "recorded", "queueWaitMs"]);
    expect(measures[0]).toMatchObject({ by: { tier: "unrouted" } });
  });

  it("take no wait from one that didn't come by a webhook, and none below zero", () => {
    const again = aWebhookMessage({}, { source: "reconciliation" });
    expect(measuresOf(again, done("processed"))).toEqual([routed, recorded, money]);
    const early = aWebhookMessage({ receivedAt: new Date(nowMs + 5).toISOString() });
    expect(measuresOf(early, done("processed"))).toContainEqual({ name: "queueWaitMs", value: 0 });
  });
});

describe("what has no effect, or not all of it, is counted as what it is:", () => {
  it.each<[string, WebhookMessage, RecordOutcome | undefined, readonly object[]]>([
    ["a duplicate", aWebhookMessage(), done("duplicate"), [{ name: "duplicate", value: 1, by: stripe }]],
    ["the same fact under another id, whose money is recorded", aWebhookMessage(), done("same-fact"), [recorded]],
    [
      "a replay onto the bus",
      aWebhookMessage({}, { source: "replay", replay: { ...note, force: true } }),
      done("replayed"),
      [routed],
    ],
    [
      "a replay of what the archive has",
      aWebhookMessage({}, { source: "replay", replay: { ...note, archived: true } }),
      done("processed"),
      [routed],
    ],
    ["what comes again", aWebhookMessage(), { kind: "retry", outcome: "busy" }, []],
    ["what is rejected", aWebhookMessage(), { kind: "reject", reason: "event-id-reused", detail: "" }, []],
    ["what has no outcome", aWebhookMessage(), undefined, []],
  ])("%s", (_case, message, outcome, expected) => {
    expect(measuresOf(message, outcome)).toEqual(expected);
  });
});
