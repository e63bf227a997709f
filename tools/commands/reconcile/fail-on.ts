/** Whether a run's outcome lets a script go on. */
import type { ReconciliationReport } from "../../../config/reconciliation.ts";
import { countText } from "../../../lambdas/shared/report/counts.ts";

/** The mildest that fails a run: open discrepancies of that severity or a worse one. But for `never`, so does what is unchecked. */
export const failOnChoices = ["critical", "high", "any", "never"] as const;
export type FailOn = (typeof failOnChoices)[number];

export interface Objection {
  readonly text: string;
  /** The command of `reconcile` that shows what is objected to: what is open is listed, what is unchecked is not. */
  readonly see: "list" | "report";
}

/** Why a run counts as failed; undefined where it doesn't. */
export function objectionTo(report: ReconciliationReport, failOn: FailOn): Objection | undefined {
  if (failOn === "never") return undefined;
  const unchecked = report.unchecked.length + report.leftOut.unchecked;
  const notChecked = unchecked > 0 ? `${countText(unchecked, "part")} not checked` : undefined;
  const open = openOf(report, failOn);
  if (open === 0) {
    if (notChecked === undefined) return undefined;
    return { text: `Whether the books agree is unknown: ${notChecked}.`, see: "report" };
  }
  const reasons = [`${countText(open, openNoun[failOn])} open`, ...(notChecked === undefined ? [] : [notChecked])];
  return { text: `The books don't agree: ${reasons.join(", ")}.`, see: "list" };
}

const openNoun: Readonly<Record<Exclude<FailOn, "never">, string>> = {
  critical: "critical discrepancy",
  high: "critical or high discrepancy",
  any: "discrepancy",
};

/** By the report's sums; the lists have those of the worst severity first, so that a HIGH one is only left out behind others. */
function openOf({ open, discrepancies, carried }: ReconciliationReport, failOn: Exclude<FailOn, "never">): number {
  const critical = open.foundCritical + open.carriedCritical;
  if (failOn === "critical") return critical;
  if (failOn === "any") return open.found + open.carried;
  const high = [...discrepancies, ...carried].filter(
    ({ status, severity }) => status === "OPEN" && severity === "HIGH",
  );
  return critical + high.length;
}
