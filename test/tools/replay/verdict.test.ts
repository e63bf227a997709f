import type { ClaimRecord } from "../../../tools/aws/records.ts";
import type { RecordedEvent } from "../../../tools/replay/recorded.ts";
import { type Findings, verdictOn } from "../../../tools/replay/verdict.ts";

const nowMs = Date.UTC(2026, 10, 20, 12);
const live = nowMs / 1000 + 1;

const recorded: RecordedEvent = {
  eventId: "stripe:evt_1",
  transactionId: "stripe:pi_1",
  provider: "stripe",
  providerType: "payment_intent.succeeded",
  tier: "low",
  occurredAt: "2026-11-20T10:00:00.000Z",
  receivedAt: "2026-11-20T10:00:00.000Z",
  correlationId: "correlation-1",
  hasDecision: false,
  place: "the ledger",
  bytes: async () => undefined,
};

function verdict(
  change: Partial<Omit<Findings, "recorded" | "claim">> & {
    readonly recorded?: Partial<RecordedEvent>;
    readonly claim?: Partial<ClaimRecord> | undefined;
  },
) {
  const { claim } = change;
  return verdictOn({
    ...{ hasDecision: false, isUnderReview: false, force: false, nowMs },
    ...change,
    recorded: { ...recorded, ...change.recorded },
    claim: claim && { status: "COMPLETED", retryCount: 0, ttl: live, ...claim },
  });
}

const replay = (force: boolean, archived: boolean) => ({ kind: "replay", force, archived });

describe("what becomes of a recorded event", () => {
  it.each([
    ["completed", { claim: {} }, { kind: "nothing" }],
    ["completed, by force", { claim: {}, force: true }, replay(true, false)],
    ["skipped, by force", { claim: { status: "SKIPPED" }, force: true }, { kind: "nothing" }],
    ["failed", { claim: { status: "FAILED" } }, replay(false, false)],
    ["at work", { claim: { status: "PROCESSING", leaseExpiresAt: nowMs + 1 }, force: true }, { kind: "nothing" }],
    ["of a worker that is gone", { claim: { status: "PROCESSING", leaseExpiresAt: nowMs } }, replay(false, false)],
    ["the repetition of another fact", { claim: {}, recorded: { sameFactAs: "e" }, force: true }, { kind: "nothing" }],
    ["without money", { claim: {}, recorded: { tier: "unrouted" }, force: true }, { kind: "nothing" }],
    ["unroutable then and now", { claim: {}, recorded: { tier: "unroutable" }, force: true }, { kind: "nothing" }],
    ["unroutable then", { claim: {}, recorded: { tier: "unroutable" }, tierToday: "medium" }, replay(true, false)],
    [
      "unroutable then and decided",
      { claim: {}, recorded: { tier: "unroutable" }, tierToday: "low", hasDecision: true, force: true },
      { kind: "nothing" },
    ],
    ["forgotten and undecided", {}, { kind: "nothing" }],
    ["forgotten and undecided, by force", { force: true }, replay(true, true)],
    ["forgotten by the window, not by the table", { claim: { ttl: nowMs / 1000 }, force: true }, replay(true, true)],
    ["forgotten and decided", { hasDecision: true }, { kind: "nothing" }],
    ["forgotten and decided, by force", { hasDecision: true, force: true }, { kind: "refused" }],
    ["forgotten and before a person", { isUnderReview: true, force: true }, { kind: "nothing" }],
    ["forgotten and unroutable then", { recorded: { tier: "unroutable" }, tierToday: "low" }, replay(true, true)],
  ] as const)("rule 15: %s", (_, change, expected) => {
    expect(verdict(change)).toMatchObject(expected);
  });
});
