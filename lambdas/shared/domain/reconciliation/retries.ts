/** How often runs send an event that isn't taken through the queue, and what they do when that has not helped. */
import { limits } from "../../../../config/limits.ts";
import {
  type Discrepancy,
  type DiscrepancyKind,
  discrepancyKinds,
  type LedgerProvider,
  type Severity,
} from "../../../../config/reconciliation.ts";
import { discrepancyId } from "./discrepancy.ts";

/** What a run sends through the queue again. */
export const retriedKinds: ReadonlySet<DiscrepancyKind> = new Set(
  Object.entries(discrepancyKinds).flatMap(([kind, { action }]) =>
    action === "none" ? [] : [kind as DiscrepancyKind],
  ),
);
const looked: readonly DiscrepancyKind[] = [...retriedKinds, "failed-for-good"];

export type NextTry =
  /** Once more; an event whose trouble is open already keeps the kind that it was found as. */
  | { readonly kind: "re-enter"; readonly trouble: DiscrepancyKind; readonly retries: number }
  /** A person's now. */
  | { readonly kind: "give-up" };

/** Ids of all that earlier runs may have found of an event that isn't taken. */
export function earlierIds(provider: LedgerProvider, eventId: string): readonly string[] {
  return looked.map((kind) => discrepancyId(kind, provider, eventId));
}

/**
 * @param trouble as which the event is found now
 * @param before what earlier runs found of it
 */
export function nextTry(trouble: DiscrepancyKind, before: readonly Discrepancy[]): NextTry {
  const open = before.filter(({ kind, status }) => status === "OPEN" && retriedKinds.has(kind));
  const [most] = open.toSorted((a, b) => (b.retries ?? 0) - (a.retries ?? 0));
  const retries = most?.retries ?? 0;
  const isGivenUp = before.some(({ kind, status }) => kind === "failed-for-good" && status !== "REPAIRED");
  if (!isGivenUp && retries < limits.reconciliationRetries) {
    return { kind: "re-enter", trouble: most?.kind ?? trouble, retries: retries + 1 };
  }
  return { kind: "give-up" };
}

/** How bad it is to have given up: what was missed and CRITICAL isn't less so for having been tried in vain. */
export function severityOfGivenUp(before: readonly Discrepancy[]): Severity {
  const isCritical = before.some(({ status, severity }) => status === "OPEN" && severity === "CRITICAL");
  return isCritical ? "CRITICAL" : discrepancyKinds["failed-for-good"].severity;
}
