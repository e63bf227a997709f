import { type Discrepancy, type Severity, severities } from "../../../config/reconciliation.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** Ages of open discrepancies: `until` is in days, and not in the group itself. */
const groups = [
  { title: "Below 1 day", until: 1 },
  { title: "1 to 3 days", until: 3 },
  { title: "3 to 7 days", until: 7 },
  { title: "7 days and older", until: Number.POSITIVE_INFINITY },
] as const;

export const ageTitles: readonly string[] = groups.map(({ title }) => title);

/** Open ones by severity and age, in the order of `severities` and `ageTitles`. */
export function ageing(
  discrepancies: readonly Discrepancy[],
  at: string,
): readonly { readonly severity: Severity; readonly counts: readonly number[] }[] {
  const open = discrepancies.filter(({ status }) => status === "OPEN");
  const groupOf = ({ firstSeenAt }: Discrepancy) => {
    const days = (Date.parse(at) - Date.parse(firstSeenAt)) / dayMs;
    return groups.findIndex(({ until }) => days < until);
  };
  return severities.map((severity) => {
    const its = open.filter((discrepancy) => discrepancy.severity === severity);
    return { severity, counts: groups.map((_, group) => its.filter((one) => groupOf(one) === group).length) };
  });
}
