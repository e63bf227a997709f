/** A run's report for a terminal. */
import type { Discrepancy, ReconciliationReport } from "../../../config/reconciliation.ts";
import { amountText } from "../../../lambdas/shared/report/amount.ts";
import { countText } from "../../../lambdas/shared/report/counts.ts";
import { durationText, timeText } from "../../../lambdas/shared/report/time.ts";
import { listLines, tableLines } from "../text/table.ts";
import { differenceText, subjectOf } from "./discrepancy-text.ts";

/** So many of each list; `--json` and `--html` have all that the report has room for. */
const shown = 20;

export function reportText(report: ReconciliationReport): string {
  const blocks = [summary(report), totals(report), unchecked(report)];
  const { leftOut } = report;
  const found = discrepancies("Found by this run", report.discrepancies, leftOut.discrepancies);
  const carried = discrepancies("Open since an earlier run", report.carried, leftOut.carried);
  return [...blocks, found, carried]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function summary(report: ReconciliationReport): readonly string[] {
  const { runId, environment, startedAt, durationMs, windows } = report;
  const from = windows.map((window) => window.from).sort()[0];
  const to = windows
    .map((window) => window.to)
    .sort()
    .at(-1);
  const window = from === undefined || to === undefined ? undefined : `${timeText(from)} to ${timeText(to)}`;
  return listLines([
    ["run", `${runId} of ${environment}, ${timeText(startedAt)}, ${durationText(Math.round(durationMs / 1000))}`],
    ["accounts", windows.length === 0 ? "none" : String(windows.length)],
    ["window", window],
    ["events", `${report.totalEventsChecked} checked, ${report.missedEvents} missed, ${report.failedEvents} failed`],
    ["retried", `${report.retriedEvents}, of which ${report.successfulRetries} succeeded`],
    ["money", `${report.moneyMovementsChecked} movements checked`],
    ["facts of ours", `${report.factsChecked} checked`],
    ["verdict", verdict(report)],
  ]);
}

/** By the report's sums: its lists may have had no room for everything. */
function verdict(report: ReconciliationReport): string {
  const {
    open: { found, carried },
    unchecked: left,
    leftOut,
    discrepancies: listed,
  } = report;
  const compared = report.totalEventsChecked + report.moneyMovementsChecked + report.factsChecked;
  const open = found + carried;
  const notChecked = left.length + leftOut.unchecked;
  const repaired = listed.filter(({ status }) => status === "REPAIRED").length;
  const said = [`${open} open`, `${repaired} repaired`, `${countText(notChecked, "part")} not checked`].join(", ");
  if (open + notChecked > 0) return said;
  return compared === 0 ? `${said}: nothing was compared` : `${said}: all that was compared agrees`;
}

function totals({ totals: sums }: ReconciliationReport): readonly string[] {
  if (sums.length === 0) return [];
  const titles = ["PROVIDER", "PAID THERE", "PAID HERE", "REFUNDED THERE", "REFUNDED HERE"];
  const table = tableLines(
    titles.map((title, at) => ({ title, ...(at > 0 && { align: "right" as const }) })),
    sums.map(({ provider, currency, theirPayments, ourPayments, theirRefunds, ourRefunds }) => [
      provider,
      ...[theirPayments, ourPayments, theirRefunds, ourRefunds].map((amount) => amountText(amount, currency)),
    ]),
  );
  return [...table, "HERE is as it was when compared: what was sent through again since is in THERE alone."];
}

function unchecked({ unchecked: left, leftOut }: ReconciliationReport): readonly string[] {
  if (left.length === 0) return [];
  const table = tableLines(
    ["NOT CHECKED", "PART", "CODE", "WHY"].map((title) => ({ title })),
    left
      .slice(0, shown)
      .map(({ provider, account, part, eventId, code, detail }) => [
        account === undefined ? provider : `${provider} ${account}`,
        eventId ?? part,
        code,
        detail,
      ]),
  );
  return [...table, ...more(left.length, leftOut.unchecked)];
}

function discrepancies(title: string, found: readonly Discrepancy[], leftOut: number): readonly string[] {
  if (found.length === 0) return [];
  const table = tableLines(
    ["ID", "STATUS", "SEVERITY", "KIND", "WHAT", "DIFFERENCE"].map((each) => ({ title: each })),
    found
      .slice(0, shown)
      .map((each) => [each.id, each.status, each.severity, each.kind, subjectOf(each), differenceText(each)]),
  );
  return [`${title}:`, ...table, ...more(found.length, leftOut)];
}

function more(listed: number, leftOut: number): readonly string[] {
  return [
    ...(listed > shown ? [`… and ${listed - shown} more: --json or --html have them.`] : []),
    ...(leftOut > 0 ? [`… and ${leftOut} more, which the report has no room for.`] : []),
  ];
}
