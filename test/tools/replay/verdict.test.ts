import type { ClaimRecord } from "../../../tools/aws/records.ts";
import type { UndecidedEvent } from "../../../tools/aws/undecided-events.ts";
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

const kept = {
  eventId: "stripe:evt_1",
  transactionId: "stripe:pi_1",
  undecidedSince: "2026-11-20T11:00:00.000Z",
  sweeps: 3,
  isOpen: true,
};
const givenUp = { isOpen: false, givenUp: { at: "2026-11-20T11:30:00.000Z", by: "ada", why: "refunded by hand" } };
/** Half an hour old. */
const young = { receivedAt: "2026-11-20T11:30:00.000Z" };

function verdict(
  change: Partial<Omit<Findings, "recorded" | "claim" | "workflow" | "undecided">> & {
    readonly recorded?: Partial<RecordedEvent>;
    readonly claim?: Partial<ClaimRecord> | undefined;
    readonly workflow?: Partial<ClaimRecord>;
    readonly undecided?: Partial<UndecidedEvent>;
  },
) {
  const { claim, workflow, undecided } = change;
  return verdictOn({
    ...{ hasDecision: false, isUnderReview: false, force: false, nowMs },
    ...change,
    recorded: { ...recorded, ...change.recorded },
    claim: claim && { status: "COMPLETED", retryCount: 0, ttl: live, ...claim },
    workflow: workflow && { status: "COMPLETED", retryCount: 0, ...workflow },
    undecided: undecided && { ...kept, ...undecided },
  });
}

const replay = (force: boolean, archived: boolean) => ({ kind: "replay", force, archived });

describe("what becomes of a recorded event", () => {
  it.each([
    ["completed and decided", { claim: {}, hasDecision: true }, { kind: "nothing" }],
    ["completed and decided, by force", { claim: {}, hasDecision: true, force: true }, replay(true, false)],
    ["completed and never decided", { claim: {} }, replay(true, false)],
    [
      "completed, and its decision may be on its way",
      { claim: {}, recorded: young },
      { kind: "nothing", why: expect.stringContaining("may be on its way") },
    ],
    ["completed of late, by force", { claim: {}, recorded: young, force: true }, replay(true, false)],
    [
      "completed of late, and found undecided by a sweep",
      { claim: {}, recorded: young, undecided: {} },
      replay(true, false),
    ],
    [
      "completed and given up",
      { claim: {}, undecided: givenUp },
      { kind: "nothing", why: expect.stringContaining("ada has given it up: refunded by hand") },
    ],
    ["completed and given up, by force", { claim: {}, undecided: givenUp, force: true }, replay(true, false)],
    ["completed and before a person", { claim: {}, isUnderReview: true, force: true }, { kind: "nothing" }],
    [
      "completed, and its workflow is at work",
      { claim: {}, workflow: { status: "PROCESSING", leaseExpiresAt: nowMs + 1 } },
      { kind: "nothing" },
    ],
    ["completed, and its workflow is held", { claim: {}, workflow: { status: "PROCESSING" } }, { kind: "nothing" }],
    [
      "completed, and its workflow is gone",
      { claim: {}, workflow: { status: "PROCESSING", leaseExpiresAt: nowMs } },
      replay(true, false),
    ],
    [
      "completed of late, and its workflow's decision is gone",
      { claim: {}, workflow: {}, recorded: young },
      { ...replay(true, false), why: "Its workflow is completed, and there is no decision." },
    ],
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
