import { type ReconciliationReport, reconciliationMetrics } from "../../config/reconciliation.ts";

/** A report as CloudWatch's metrics, by name. */
export function measured(report: ReconciliationReport): Readonly<Record<string, number>> {
  const { names } = reconciliationMetrics;
  const found = report.discrepancies.filter(({ status }) => status !== "RESOLVED");
  const critical = found.filter(({ severity }) => severity === "CRITICAL");
  return {
    [names.eventsChecked]: report.totalEventsChecked,
    [names.missedEvents]: report.missedEvents,
    [names.failedEvents]: report.failedEvents,
    [names.successfulRetries]: report.successfulRetries,
    [names.discrepancies]: found.length + report.leftOut.discrepancies,
    [names.criticalDiscrepancies]: critical.length,
    [names.openCriticalDiscrepancies]: report.open.foundCritical + report.open.carriedCritical,
    [names.unchecked]: report.unchecked.length + report.leftOut.unchecked,
  };
}
