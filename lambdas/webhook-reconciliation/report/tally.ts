import { type Discrepancy, reportedDiscrepancies, type Severity, severities } from "../../../config/reconciliation.ts";

/** Discrepancies as they come: counts all of them, and keeps as many as a report lists, the worst first. */
export function createReportTally(runId: string) {
  const found = createShortList();
  const carried = createShortList();
  const counts = { missedEvents: 0, failedEvents: 0, retriedEvents: 0, successfulRetries: 0 };
  const open = { found: 0, foundCritical: 0, carried: 0, carriedCritical: 0 };

  return {
    /** One that this run has come upon, new or not. */
    addFound(discrepancy: Discrepancy): void {
      const { kind, action, status, severity, firstRun } = discrepancy;
      if (kind.startsWith("missed-")) counts.missedEvents += 1;
      if (kind.startsWith("failed-")) counts.failedEvents += 1;
      if (action !== "none") counts.retriedEvents += 1;
      if (action !== "none" && status === "REPAIRED") counts.successfulRetries += 1;
      // One of an earlier run is listed among those that were carried.
      if (firstRun !== runId) return;
      found.add(discrepancy);
      if (status !== "OPEN") return;
      open.found += 1;
      if (severity === "CRITICAL") open.foundCritical += 1;
    },
    /** One that was open before this run. */
    addCarried(discrepancy: Discrepancy): void {
      carried.add(discrepancy);
      if (discrepancy.status !== "OPEN") return;
      open.carried += 1;
      if (discrepancy.severity === "CRITICAL") open.carriedCritical += 1;
    },
    result() {
      return {
        counts,
        open,
        discrepancies: found.items(),
        carried: carried.items(),
        leftOut: { discrepancies: found.leftOut(), carried: carried.leftOut() },
      };
    },
  };
}

function createShortList() {
  const bySeverity = new Map<Severity, Discrepancy[]>(severities.map((severity) => [severity, []]));
  let count = 0;
  const items = () => severities.flatMap((severity) => bySeverity.get(severity) ?? []).slice(0, reportedDiscrepancies);
  return {
    items,
    leftOut: () => count - items().length,
    add(discrepancy: Discrepancy): void {
      count += 1;
      const list = bySeverity.get(discrepancy.severity);
      if (list !== undefined && list.length < reportedDiscrepancies) list.push(discrepancy);
    },
  };
}
