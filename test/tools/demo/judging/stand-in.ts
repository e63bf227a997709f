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
  // Lost at a connected account, which nobody can read in the first night.
  fact("stripe:evt_connected", "payment.succeeded", "low", "reconciliation"),
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
  runId: "first",
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

const account = "acct_connected";
const unreachable = { provider: "stripe", account, code: "unavailable", detail: "Stripe answered 503." } as const;

export const reconciliation: ReconciliationSeen = {
  account,
  eventIds: new Set(facts.map(({ eventId }) => eventId)),
  lost: [
    { eventId: "stripe:evt_lost", type: "payment_intent.succeeded" },
    { eventId: "stripe:evt_updated", type: "charge.updated" },
    { eventId: "stripe:evt_connected", type: "charge.succeeded", account },
  ],
  misstated: [
    { eventId: "stripe:evt_wrong", type: "payment_intent.succeeded", misstated: { actual: "1000", stated: "1100" } },
  ],
  money: new Map([
    ["stripe:evt_told", { type: "payment.succeeded", currency: "USD", minor: 500n }],
    ["stripe:evt_lost", { type: "payment.succeeded", currency: "USD", minor: 250_000n }],
    ["stripe:evt_wrong", { type: "payment.succeeded", currency: "USD", minor: 1_000n }],
    ["stripe:evt_connected", { type: "payment.succeeded", currency: "USD", minor: 700n }],
  ]),
  endings: ["SUCCEEDED", "SUCCEEDED"],
  first: {
    ...report,
    unchecked: [
      { ...unreachable, part: "events" },
      { ...unreachable, part: "money" },
    ],
  },
  second: {
    ...report,
    runId: "second",
    missedEvents: 1,
    successfulRetries: 1,
    discrepancies: [
      discrepancy({
        kind: "missed-critical-event",
        severity: "CRITICAL",
        action: "re-entered",
        status: "REPAIRED",
        eventId: "stripe:evt_connected",
        account,
      }),
    ],
    carried: [wrong],
  },
};

/** What people are told of the first night. */
export const reconciliationAlerts: readonly string[] = [
  `UNCHECKED  stripe  ${account}  events  unavailable\nThe report: npm run cli -- reconcile report --run first`,
];

/** What the archive's manifests say of them, one sum for each. */
export const standInSums = [
  { currency: "USD", type: "payment.succeeded", provider: "stripe", rows: 4, amountMinor: "252300" },
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
  reconciliationAlerts: [],
  reviews: [],
  workflows: [],
};
