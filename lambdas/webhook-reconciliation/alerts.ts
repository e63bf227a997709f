/** What people are told of a run, besides its report: kinds, ids and counts; nothing of a body, nobody's name. */
import type { Discrepancy, ReconciliationReport, Unchecked } from "../../config/reconciliation.ts";
import { countText } from "../shared/report/counts.ts";
import { durationText, secondsSince } from "../shared/report/time.ts";

export interface Alert {
  readonly topic: "critical" | "reconciliation";
  /** At most 100 characters of ASCII, as SNS asks. */
  readonly subject: string;
  readonly text: string;
}

/** An e-mail lists so many of each; the report has the others. */
const listed = 20;

/**
 * None where all was checked, nothing new was found and nothing critical is open. What is critical and open since an
 * earlier run is told each time to those who hear of everything; nobody's telephone rings twice for it.
 */
export function alertsOf(report: ReconciliationReport, reportKey: string): readonly Alert[] {
  const found = report.discrepancies.filter(({ status }) => status !== "RESOLVED");
  const critical = found.filter(({ severity }) => severity === "CRITICAL");
  const overdue = overdueLines(report);
  const blind = report.unchecked.filter(isBlind);
  const { environment } = report;
  const about = (alerts: { topic: Alert["topic"]; what: string; lines: readonly string[] }): Alert => ({
    topic: alerts.topic,
    subject: `Reconciliation ${environment}: ${alerts.what}`.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 100),
    text: [...alerts.lines, "", ...whereToLook(report, reportKey)].join("\n"),
  });
  const alerts: Alert[] = [];
  if (critical.length > 0 || blind.length > 0) {
    const what =
      critical.length > 0 ? `${countText(critical.length, "critical discrepancy")}` : "a provider can't be read";
    alerts.push(
      about({ topic: "critical", what, lines: [...linesOf(critical), ...uncheckedLines(blind), ...overdue] }),
    );
  }
  const { carriedCritical } = report.open;
  if (found.length > 0 || report.unchecked.length > 0 || carriedCritical > 0) {
    const { discrepancies, unchecked } = report.leftOut;
    const count = countText(found.length + discrepancies, "discrepancy");
    const fromBefore = carriedCritical > 0 ? `, ${carriedCritical} critical from before` : "";
    const what = `${count}, ${report.unchecked.length + unchecked} unchecked${fromBefore}`;
    const lines = [...linesOf(found), ...uncheckedLines(report.unchecked), ...overdue];
    alerts.push(about({ topic: "reconciliation", what, lines }));
  }
  return alerts;
}

/** Where a provider's books, or those of the key's own account, could not be read at all. */
function isBlind({ part, account, code }: Unchecked): boolean {
  const isRefusal = ["unavailable", "rate-limited", "unauthorized"].includes(code);
  return part === "accounts" || (account === undefined && (part === "events" || part === "money") && isRefusal);
}

function linesOf(discrepancies: readonly Discrepancy[]): readonly string[] {
  const lines = discrepancies
    .slice(0, listed)
    .map(({ id, severity, kind, status, eventId, transactionId, account }) =>
      [severity, kind, eventId ?? transactionId ?? account ?? "", status === "REPAIRED" ? "repaired" : "open", id].join(
        "  ",
      ),
    );
  return withRest(lines, discrepancies.length);
}

function uncheckedLines(unchecked: readonly Unchecked[]): readonly string[] {
  const lines = unchecked.slice(0, listed).map(({ provider, account, part, eventId, code }) => {
    return ["UNCHECKED", provider, account ?? "", part, eventId ?? "", code].filter((word) => word !== "").join("  ");
  });
  return withRest(lines, unchecked.length);
}

/** Critical ones that were open before this run, the oldest first, each with its age. */
function overdueLines({ carried, finishedAt, open }: ReconciliationReport): readonly string[] {
  const overdue = carried
    .filter(({ severity, status }) => severity === "CRITICAL" && status === "OPEN")
    .toSorted((a, b) => Date.parse(a.firstSeenAt) - Date.parse(b.firstSeenAt));
  const lines = overdue.slice(0, listed).map(({ id, severity, kind, eventId, transactionId, firstSeenAt }) => {
    const age = durationText(secondsSince(firstSeenAt, Date.parse(finishedAt)));
    return [severity, kind, eventId ?? transactionId ?? "", `open for ${age}`, id].join("  ");
  });
  return withRest(lines, open.carriedCritical);
}

function withRest(lines: readonly string[], count: number): readonly string[] {
  return count > lines.length ? [...lines, `and ${count - lines.length} more`] : lines;
}

function whereToLook({ environment, runId, open }: ReconciliationReport, reportKey: string): readonly string[] {
  return [
    `Open from earlier runs: ${open.carried}, of them critical: ${open.carriedCritical}.`,
    `The report: ${reportKey} in the archive's bucket, or: npm run cli -- reconcile report --run ${runId} --env ${environment}`,
    `All that is open: npm run cli -- reconcile list --env ${environment}`,
  ];
}
