import { durationText, secondsSince } from "../../../lambdas/shared/report/time.ts";
import { objectionTo } from "../../commands/reconcile/fail-on.ts";
import type { Reports } from "../../reconciliation/reports.ts";
import type { Finding } from "../section.ts";

/** A run begins every day at 02:00 UTC, and takes minutes. */
const latestSeconds = 26 * 60 * 60;

/** The last reconciliation: when it was, and whether the books agreed. */
export async function checkReconciliation(
  reports: Pick<Reports, "last" | "read">,
  { nowMs, providers }: { readonly nowMs: number; readonly providers: readonly string[] },
): Promise<Finding> {
  if (providers.length === 0) return { state: "ok", lines: ["no provider is reconciled here"], data: {} };
  const key = await reports.last();
  const report = key === undefined ? undefined : await reports.read(key);
  if (report === undefined) {
    return { state: "ok", lines: ["no run has ended yet: the first is at 02:00 UTC"], data: {} };
  }
  const { runId, finishedAt, open } = report;
  const ageSeconds = secondsSince(finishedAt, nowMs);
  const objection = objectionTo(report, "critical");
  const isLate = ageSeconds > latestSeconds;
  const found = open.found + open.carried;
  const verdict = objection?.text ?? (found === 0 ? "the books agree" : `${found} open, none of them critical`);
  return {
    state: objection !== undefined || isLate ? "problem" : "ok",
    lines: [
      `${runId} ended ${durationText(ageSeconds)} ago: ${verdict}`,
      ...(isLate ? ["a run is due every day, and none has ended since"] : []),
    ],
    next:
      isLate && objection === undefined ? ["reconcile", "run", "--wait"] : ["reconcile", objection?.see ?? "report"],
    data: { runId, finishedAt, ageSeconds, open: found, critical: open.foundCritical + open.carriedCritical },
  };
}
