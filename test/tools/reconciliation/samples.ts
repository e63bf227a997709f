import type { Discrepancy, ReconciliationReport } from "../../../config/reconciliation.ts";

export function aDiscrepancy(changed: Partial<Discrepancy> = {}): Discrepancy {
  return {
    id: "0123456789abcdef",
    kind: "amount-mismatch",
    severity: "CRITICAL",
    provider: "stripe",
    eventId: "stripe:evt_1",
    transactionId: "stripe:pi_1",
    providerType: "charge",
    occurredAt: "2026-11-19T10:00:00.000Z",
    ours: { amountMinor: "2000", currency: "EUR" },
    theirs: { amountMinor: "2100", currency: "EUR" },
    action: "none",
    status: "OPEN",
    firstSeenAt: "2026-11-20T02:00:05.000Z",
    firstRun: "20261120T020000Z",
    lastSeenAt: "2026-11-20T02:00:05.000Z",
    lastRun: "20261120T020000Z",
    ...changed,
  };
}

export function aReport(changed: Partial<ReconciliationReport> = {}): ReconciliationReport {
  return {
    version: 1,
    environment: "dev",
    runId: "20261120T020000Z",
    startedAt: "2026-11-20T02:00:01.000Z",
    finishedAt: "2026-11-20T02:02:10.000Z",
    durationMs: 129_000,
    windows: [{ provider: "stripe", from: "2026-11-19T00:00:00.000Z", to: "2026-11-20T01:45:00.000Z" }],
    totalEventsChecked: 412,
    missedEvents: 3,
    failedEvents: 1,
    retriedEvents: 4,
    successfulRetries: 4,
    moneyMovementsChecked: 390,
    factsChecked: 409,
    totals: [
      {
        provider: "stripe",
        currency: "JPY",
        theirPayments: "1234567",
        ourPayments: "1234467",
        theirRefunds: "0",
        ourRefunds: "0",
      },
    ],
    unchecked: [],
    discrepancies: [],
    carried: [],
    leftOut: { discrepancies: 0, carried: 0, unchecked: 0 },
    open: { found: 0, foundCritical: 0, carried: 0, carriedCritical: 0 },
    ...changed,
  } as ReconciliationReport;
}
