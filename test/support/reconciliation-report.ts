/** Discrepancies and reports of reconciliations, as tests want them. */
import type { Discrepancy, ReconciliationReport } from "../../config/reconciliation.ts";

/** An open mismatch of amounts that a first run has found. */
export function aDiscrepancy(change: Partial<Discrepancy> = {}): Discrepancy {
  return {
    id: "0123456789abcdef",
    kind: "amount-mismatch",
    severity: "CRITICAL",
    provider: "stripe",
    eventId: "stripe:evt_1",
    transactionId: "stripe:pi_1",
    providerType: "payment_intent.succeeded",
    occurredAt: "2026-11-19T12:00:00.000Z",
    ours: { amountMinor: "123400", currency: "USD", status: "payment.succeeded" },
    theirs: { amountMinor: "123456", currency: "USD", status: "payment.succeeded" },
    action: "none",
    status: "OPEN",
    firstSeenAt: "2026-11-20T02:00:05.000Z",
    firstRun: "20261120T020000Z",
    lastSeenAt: "2026-11-20T02:00:05.000Z",
    lastRun: "20261120T020000Z",
    ...change,
  };
}

/** A run that compared, and found nothing. */
export function aReport(change: Partial<ReconciliationReport> = {}): ReconciliationReport {
  return {
    version: 1,
    environment: "dev",
    runId: "20261120T020000Z",
    startedAt: "2026-11-20T02:00:01.000Z",
    finishedAt: "2026-11-20T02:03:12.000Z",
    durationMs: 191_000,
    windows: [{ provider: "stripe", from: "2026-11-19T00:00:00.000Z", to: "2026-11-20T01:45:00.000Z" }],
    totalEventsChecked: 12_345,
    missedEvents: 0,
    failedEvents: 0,
    retriedEvents: 0,
    successfulRetries: 0,
    moneyMovementsChecked: 6_789,
    factsChecked: 12_300,
    totals: [],
    unchecked: [],
    discrepancies: [],
    carried: [],
    leftOut: { discrepancies: 0, carried: 0, unchecked: 0 },
    open: { found: 0, foundCritical: 0, carried: 0, carriedCritical: 0 },
    ...change,
  };
}
