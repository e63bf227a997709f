/** What a flawless run leaves of the stand-in's own events: one told as it was, two lost, one misstated. */
import type { Discrepancy } from "../../../../config/reconciliation.ts";
import type { Evidence, FactSeen } from "../../../../tools/demo/evidence.ts";
import type { ReconciliationSeen } from "../../../../tools/demo/reconciliation.ts";
import { aDiscrepancy, aReport } from "../../../support/reconciliation-report.ts";

const at = "2026-11-20T12:00:00.000Z";

const facts: readonly FactSeen[] = [
  fact("stripe:evt_told", "payment.succeeded", "low", "webhook"),
  fact("stripe:evt_lost", "payment.succeeded", "medium", "reconciliation"),
  fact("stripe:evt_updated", "other", "unrouted", "reconciliation"),
  fact("stripe:evt_wrong", "payment.succeeded", "low", "webhook"),
];

function fact(eventId: string, type: string, tier: string, source: string): FactSeen {
  return { eventId, transactionId: `${eventId}_object`, type, tier, source, occurredAt: at };
}

function discrepancy(
  one: Pick<Discrepancy, "kind" | "severity" | "action" | "status"> & Partial<Discrepancy> & { eventId: string },
): Discrepancy {
  return aDiscrepancy({ id: Buffer.from(one.eventId).toString("hex").slice(-16), ...one });
}

const wrong = discrepancy({
  kind: "amount-mismatch",
  severity: "CRITICAL",
  action: "none",
  status: "OPEN",
  eventId: "stripe:evt_wrong",
  ours: { amountMinor: "1100", currency: "USD" },
  theirs: { amountMinor: "1000", currency: "USD" },
});

const report = aReport({
  missedEvents: 2,
  retriedEvents: 2,
  successfulRetries: 2,
  discrepancies: [
    discrepancy({
      kind: "missed-critical-event",
      severity: "CRITICAL",
      action: "re-entered",
      status: "REPAIRED",
      eventId: "stripe:evt_lost",
    }),
    discrepancy({
      kind: "missed-event",
      severity: "MEDIUM",
      action: "re-entered",
      status: "REPAIRED",
      eventId: "stripe:evt_updated",
    }),
    wrong,
  ],
  open: { found: 1, foundCritical: 1, carried: 0, carriedCritical: 0 },
});

export const reconciliation: ReconciliationSeen = {
  eventIds: new Set(facts.map(({ eventId }) => eventId)),
  lost: [
    { eventId: "stripe:evt_lost", type: "payment_intent.succeeded" },
    { eventId: "stripe:evt_updated", type: "charge.updated" },
  ],
  misstated: [
    { eventId: "stripe:evt_wrong", type: "payment_intent.succeeded", misstated: { actual: "1000", stated: "1100" } },
  ],
  money: new Map([
    ["stripe:evt_told", { type: "payment.succeeded", currency: "USD", minor: 500n }],
    ["stripe:evt_lost", { type: "payment.succeeded", currency: "USD", minor: 250_000n }],
    ["stripe:evt_wrong", { type: "payment.succeeded", currency: "USD", minor: 1_000n }],
  ]),
  endings: ["SUCCEEDED", "SUCCEEDED"],
  first: report,
  second: { ...report, runId: "second", missedEvents: 0, discrepancies: [], carried: [wrong] },
};

/** What the archive's manifests say of them, one sum for each. */
export const standInSums = [
  { currency: "USD", type: "payment.succeeded", provider: "stripe", rows: 3, amountMinor: "251600" },
] as const;

export const ofStandIn: Evidence = {
  facts,
  raws: [],
  decisions: facts
    .filter(({ tier }) => tier !== "unrouted")
    .map(({ eventId }) => ({
      eventId,
      decision: "APPROVE",
      decidedBy: "fraud-detector",
      score: 0,
      reasons: [],
      modelVersion: "1",
    })),
  claims: new Map(facts.map(({ eventId }) => [eventId, "COMPLETED"])),
  histories: new Map(),
  scores: [],
  queues: new Map(),
  unreadable: new Map(),
  alerts: [],
  lowTierLog: [],
  reviews: [],
  workflows: [],
};
