/** What the report calls things, for people who know money and not queues. */
import type { Discrepancy, DiscrepancyKind, ReconciliationReport, Unchecked } from "../../../config/reconciliation.ts";
import { countText } from "../../shared/report/counts.ts";

export const kindWords: Readonly<Record<DiscrepancyKind, string>> = {
  "missed-critical-event": "The provider told of money, and it never reached us",
  "missed-event": "The provider told of something, and it never reached us",
  "failed-event": "It reached us, and processing it failed",
  "failed-for-good": "It reached us, and processing it failed as often as it is tried",
  "processing-expired": "It reached us, and whoever processed it came to no end",
  "not-recorded": "It counts as processed, and our books don't have it",
  "amount-mismatch": "The amounts differ",
  "currency-mismatch": "The currencies differ",
  "status-mismatch": "The provider says one thing of it, we another",
  "unknown-money": "The provider moved money that our books know nothing of",
  "unknown-to-provider": "Our books have it, and the provider doesn't know it",
  "account-gone": "The account was compared before, and the provider doesn't list it any more",
};

const partWords: Readonly<Record<Unchecked["part"], string>> = {
  accounts: "the list of accounts",
  events: "the account's events",
  money: "the account's money",
  facts: "our facts that the provider did not list",
  event: "one event",
  discrepancy: "an open discrepancy",
};

export function uncheckedText({ part, eventId }: Unchecked): string {
  return part === "facts" && eventId !== undefined ? "one fact of ours" : partWords[part];
}

/** What was done about it, and what is left to do. */
export function actionText({ status, action, closedBy, why }: Discrepancy): string {
  if (status === "RESOLVED") return `resolved by ${closedBy ?? "somebody"}${why === undefined ? "" : `: ${why}`}`;
  if (status === "REPAIRED") return action === "none" ? "settled since" : "sent through again, and recorded";
  return action === "none" ? "a person has to look" : "sent through again, not recorded yet";
}

export interface Verdict {
  readonly kind: "good" | "warn" | "bad";
  readonly text: string;
}

export function verdictOf(report: ReconciliationReport): Verdict {
  const { open, unchecked, leftOut, discrepancies, windows } = report;
  const openCount = open.found + open.carried;
  const critical = open.foundCritical + open.carriedCritical;
  const notChecked = unchecked.length + leftOut.unchecked;
  const repaired = discrepancies.filter(({ status }) => status === "REPAIRED").length;
  const parts = [
    ...(openCount > 0 ? [`${countText(openCount, "open discrepancy")}, ${critical} of them critical`] : []),
    ...(notChecked > 0 ? [`${countText(notChecked, "part")} could not be checked`] : []),
  ];
  const mended = repaired > 0 ? ` ${countText(repaired, "discrepancy")} of this run repaired.` : "";
  if (parts.length === 0 && windows.length === 0) {
    return { kind: "warn", text: "NOTHING WAS COMPARED: no provider's books are read here." };
  }
  if (parts.length === 0) return { kind: "good", text: `AGREES: nothing is open, and all was checked.${mended}` };
  const isBad = critical > 0 || notChecked > 0;
  return { kind: isBad ? "bad" : "warn", text: `${isBad ? "LOOK AT THIS" : "OPEN"}: ${parts.join("; ")}.${mended}` };
}
