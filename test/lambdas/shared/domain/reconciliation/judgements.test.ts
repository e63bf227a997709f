import { discrepancyId, discrepancyOf } from "../../../../../lambdas/shared/domain/reconciliation/discrepancy.ts";
import { judgeEvent } from "../../../../../lambdas/shared/domain/reconciliation/judge-event.ts";
import { factOfMovement, judgeMovement } from "../../../../../lambdas/shared/domain/reconciliation/judge-movement.ts";
import { movementKinds } from "../../../../../lambdas/shared/domain/reconciliation/provider-ledger.ts";
import { aFactRecord } from "../../../../support/memory-archive.ts";

const nowMs = 1_000;
const theirs = {
  eventId: "stripe:evt_1",
  type: "payment.succeeded",
  providerType: "payment_intent.succeeded",
  amountMinor: "12345",
  currency: "USD",
} as const;
const completed = { eventId: "stripe:evt_1", status: "COMPLETED" } as const;

describe("an event", () => {
  it.each([
    ["payment_intent.succeeded", "payment.succeeded", "missed-critical-event"],
    ["payment_intent.payment_failed", "payment.failed", "missed-critical-event"],
    ["charge.succeeded", "other", "missed-critical-event"],
    ["charge.failed", "other", "missed-critical-event"],
    ["charge.dispute.created", "dispute.opened", "missed-critical-event"],
    ["transfer.created", "other", "missed-critical-event"],
    ["payout.paid", "payout.paid", "missed-critical-event"],
    ["payout.failed", "payout.failed", "missed-critical-event"],
    ["refund.created", "refund.created", "missed-event"],
    ["customer.updated", "other", "missed-event"],
  ] as const)("%s that we never took is a %s, %s", (providerType, type, trouble) => {
    expect(judgeEvent({ ...theirs, type, providerType }, undefined, undefined, nowMs)).toMatchObject({ trouble });
  });

  it("in two renderings of the provider's is one event", () => {
    const rendering = { ...theirs, type: "refund.created", providerType: "charge.refunded" } as const;
    const fact = aFactRecord({ type: "other", providerType: "charge.refunded" });
    expect(judgeEvent(rendering, completed, fact, nowMs)).toMatchObject({ kind: "fine" });
  });

  it("in progress without an end of its lease is left alone", () => {
    const claim = { ...completed, status: "PROCESSING" } as const;
    expect(judgeEvent(theirs, claim, undefined, nowMs)).toEqual({ kind: "in-progress" });
  });

  it("beyond what a float holds is compared exactly", () => {
    const [amountMinor, ours] = ["9007199254740993", 9007199254740992n];
    const judgement = judgeEvent({ ...theirs, amountMinor }, completed, aFactRecord({ amountMinor: ours }), nowMs);
    expect(judgement).toMatchObject({ trouble: "amount-mismatch", ours: { amountMinor: "9007199254740992" } });
  });
});

describe("a movement", () => {
  const payment = {
    kind: "payment",
    amountMinor: "12345",
    currency: "USD",
    occurredAt: aFactRecord().occurredAt,
  } as const;

  /** Undefined for one that a fact tells of. */
  function judged(
    movement: Parameters<typeof judgeMovement>[0],
    facts: Parameters<typeof judgeMovement>[1],
    taken: readonly string[] = [],
  ) {
    const isTaken = (eventId: string) => taken.includes(eventId);
    return factOfMovement(movement, facts, isTaken) === undefined ? judgeMovement(movement, facts, isTaken) : undefined;
  }

  it("is known by one of the transaction's facts of its kind", () => {
    const refund = { ...payment, kind: "refund", amountMinor: "100" } as const;
    const facts = [
      aFactRecord(),
      aFactRecord({ eventId: "stripe:evt_2", type: "refund.created", amountMinor: 200n }),
      aFactRecord({ eventId: "stripe:evt_3", type: "refund.created", amountMinor: 100n }),
    ];
    expect(judged(payment, facts)).toBeUndefined();
    expect(judged(refund, facts)).toBeUndefined();
    expect(judged({ ...refund, amountMinor: "300" }, facts)).toEqual({ trouble: "amount-mismatch" });
    expect(judged({ ...refund, currency: "EUR" }, facts)).toEqual({ trouble: "currency-mismatch" });
  });

  it("of a refund takes a fact for itself, and none that was made before it", () => {
    const refund = { ...payment, kind: "refund", amountMinor: "100" } as const;
    const fact = aFactRecord({ eventId: "stripe:evt_2", type: "refund.created", amountMinor: 100n });
    expect(judged(refund, [aFactRecord(), fact], ["stripe:evt_2"])).toEqual({ trouble: "unknown-money" });
    const later = new Date(Date.parse(fact.occurredAt) + 60 * 60_000).toISOString();
    expect(judged({ ...refund, occurredAt: later }, [aFactRecord(), fact])).toEqual({ trouble: "unknown-money" });
    // Money that moves an hour after the refund was made and told of.
    expect(judged({ ...refund, occurredAt: later, madeAt: fact.occurredAt }, [fact])).toBeUndefined();
  });

  it.each([
    ["payment-failure", "payment.failed", "payment_intent.payment_failed"],
    ["payout-failure", "payout.failed", "payout.failed"],
    ["refund-failure", "other", "refund.failed"],
    ["refund-failure", "other", "charge.refund.updated"],
  ] as const)("of money that comes back as %s is told by %s, %s", (kind, type, providerType) => {
    const failure = { ...payment, kind };
    const told = aFactRecord({ eventId: "stripe:evt_2", type, providerType });
    expect(judged(failure, [aFactRecord(), told])).toBeUndefined();
    expect(judged(failure, [aFactRecord({ providerType: "charge.updated" })])).toMatchObject({
      trouble: "status-mismatch",
    });
    expect(judged(failure, [])).toEqual({ trouble: "unknown-money" });
  });

  it("of whatever kind is missed where nothing tells of it", () => {
    for (const kind of movementKinds) expect(judged({ ...payment, kind }, [])).toEqual({ trouble: "unknown-money" });
  });

  it("isn't known by a fact that only repeats another one", () => {
    const repeated = aFactRecord({ sameFactAs: "stripe:evt_0" });
    expect(judged(payment, [repeated])).toMatchObject({ trouble: "status-mismatch" });
  });
});

describe("a discrepancy", () => {
  const mark = { runId: "20261120T020000Z", at: "2026-11-20T02:00:00.000Z" };

  it("has one id, whichever run finds it, and another one for each kind and subject", () => {
    const found = discrepancyOf({ kind: "missed-event", provider: "stripe", eventId: "stripe:evt_1" }, mark);
    expect(found.id).toBe(discrepancyId("missed-event", "stripe", "stripe:evt_1"));
    expect(found).toMatchObject({ severity: "MEDIUM", action: "re-entered", status: "OPEN", firstRun: mark.runId });
    const ids = [
      found.id,
      discrepancyId("failed-event", "stripe", "stripe:evt_1"),
      discrepancyId("missed-event", "stripe", "stripe:evt_2"),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it("is about something", () => {
    expect(() => discrepancyOf({ kind: "unknown-money", provider: "stripe" }, mark)).toThrow("about no event");
  });
});
