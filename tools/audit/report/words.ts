/** Sentences that every form of the report has in common. */
import { countText } from "../../../lambdas/shared/report/counts.ts";
import { countOf } from "../findings.ts";
import type { AuditReport, ExceptionOutcome } from "../report.ts";

export function verdictText({ isProven, findings, totals, warnings }: AuditReport): string {
  if (!isProven) return `NOT PROVEN: ${countText(countOf(findings), "finding")}.`;
  const but = totals.byChecksum > 0 ? ", as far as its objects can be read" : "";
  const know = warnings.length > 0 ? ` ${countText(countOf(warnings), "thing")} to know.` : "";
  return `PROVEN: complete and unchanged since it was sealed, and the sums agree${but}.${know}`;
}

export function chainText({ chain }: AuditReport): string {
  const { manifests, addenda, head, lastSealedDay } = chain;
  if (head === undefined) return "no manifest";
  const among = addenda > 0 ? `, ${addenda} of them addenda` : "";
  return `${countText(manifests, "manifest")}${among}; the last sealed day is ${lastSealedDay ?? "none"}, the newest manifest number ${head.sequence}`;
}

export function exceptionsText(report: AuditReport): string {
  const count = exceptionCount(report);
  if (count === 0) return "none";
  const words = Object.entries(outcomeWords) as [ExceptionOutcome, string][];
  const counts = words.flatMap(([outcome, text]) => {
    const those = report.outcomes[outcome] ?? 0;
    return those === 0 ? [] : [`${those} ${text}`];
  });
  return `${count} at a seal: ${counts.join(", ")}`;
}

/** With those that the report doesn't list. */
export function exceptionCount({ outcomes }: Pick<AuditReport, "outcomes">): number {
  return Object.values(outcomes).reduce((sum, count) => sum + count, 0);
}

export const outcomeWords: Readonly<Record<ExceptionOutcome, string>> = {
  archived: "finished and archived since",
  waiting: "finished, waiting for an addendum",
  open: "still not finished",
  forgotten: "no longer in the tables",
  unknown: "unknown without the tables",
};
