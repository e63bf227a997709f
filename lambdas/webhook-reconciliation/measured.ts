import type { ReconciliationReport } from "../../config/reconciliation.ts";
import type { Counts } from "../shared/runtime/metrics.ts";

/** A report as CloudWatch's metrics. */
export function measured(report: ReconciliationReport): Counts<"webhook-reconciliation"> {
  const found = report.discrepancies.filter(({ status }) => status !== "RESOLVED");
  const critical = found.filter(({ severity }) => severity === "CRITICAL");
  return {
    "WebhookReconciliation.EventsChecked": report.totalEventsChecked,
    "WebhookReconciliation.MissedEvents": report.missedEvents,
    "WebhookReconciliation.FailedEvents": report.failedEvents,
    "WebhookReconciliation.SuccessfulRetries": report.successfulRetries,
    "WebhookReconciliation.Discrepancies": found.length + report.leftOut.discrepancies,
    "WebhookReconciliation.CriticalDiscrepancies": critical.length,
    "WebhookReconciliation.OpenCriticalDiscrepancies": report.open.foundCritical + report.open.carriedCritical,
    "WebhookReconciliation.Unchecked": report.unchecked.length + report.leftOut.unchecked,
  };
}
