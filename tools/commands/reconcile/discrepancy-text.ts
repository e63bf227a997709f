/** A discrepancy in words. */
import type { Discrepancy, DiscrepancyKind } from "../../../config/reconciliation.ts";
import type { UnreadableDiscrepancy } from "../../../lambdas/shared/domain/reconciliation/ports.ts";
import { amountText } from "../../../lambdas/shared/report/amount.ts";
import { timeText } from "../../../lambdas/shared/report/time.ts";
import { listLines } from "../text/table.ts";

/** What it is about: the event, else the transaction, else the account. */
export function subjectOf({
  eventId,
  transactionId,
  account,
}: Pick<Discrepancy, "eventId" | "transactionId" | "account">): string {
  return eventId ?? transactionId ?? account ?? "unknown";
}

/** "20.00 EUR here, 21.00 EUR there", as far as either side is known. */
export function differenceText({ ours, theirs }: Pick<Discrepancy, "ours" | "theirs">): string {
  const sides = [
    ["here", ours],
    ["there", theirs],
  ] as const;
  return sides.flatMap(([where, side]) => (side === undefined ? [] : [`${sideText(side)} ${where}`])).join(", ");
}

function sideText({ amountMinor, currency, status }: NonNullable<Discrepancy["ours"]>): string {
  const amount = amountMinor === undefined ? undefined : amountText(amountMinor, currency);
  const known = [amount, status].filter((part) => part !== undefined);
  return known.length === 0 ? "nothing" : known.join(" ");
}

/** Of one that can't be shown. */
export function unreadableText({ id, places }: Omit<UnreadableDiscrepancy, "provider">): string {
  return `${id} can't be read: it is not as this version writes it (${places.join(", ")}).`;
}

/** One discrepancy with all that is known of it. */
export function wholeText(discrepancy: Discrepancy): string {
  const { id, kind, severity, status, action, provider, account, eventId, transactionId } = discrepancy;
  const { movementId, providerType, occurredAt, firstSeenAt, firstRun, lastSeenAt, lastRun } = discrepancy;
  const { closedAt, closedBy, why } = discrepancy;
  return listLines([
    ["id", id],
    ["kind", `${kind}, ${severity}`],
    ["status", status],
    ["meaning", meanings[kind]],
    ["done", action === "none" ? "nothing by itself" : `${action}, by the run ${firstRun}`],
    ["provider", account === undefined ? provider : `${provider}, account ${account}`],
    ["event", eventId],
    ["transaction", transactionId],
    ["money", movementId],
    ["their word", providerType],
    ["occurred", occurredAt && timeText(occurredAt)],
    ["difference", differenceText(discrepancy) || undefined],
    ["first seen", `${timeText(firstSeenAt)}, run ${firstRun}`],
    ["last seen", `${timeText(lastSeenAt)}, run ${lastRun}`],
    ["closed", closedAt && `${timeText(closedAt)}${closedBy === undefined ? "" : ` by ${closedBy}`}`],
    ["why", why],
  ]).join("\n");
}

const meanings: Readonly<Record<DiscrepancyKind, string>> = {
  "missed-critical-event": "The provider has an event about money whose webhook never came.",
  "missed-event": "The provider has an event whose webhook never came.",
  "failed-event": "The event came and failed; it has retries left.",
  "failed-for-good": "The event came and failed as often as it may.",
  "processing-expired": "Whoever worked on the event is gone, and has not finished it.",
  "not-recorded": "The event is completed, and the ledger has nothing of it.",
  "amount-mismatch": "The amounts differ.",
  "currency-mismatch": "The currencies differ.",
  "status-mismatch": "The provider says another outcome than we have recorded.",
  "unknown-money": "Money moved at the provider of which we know nothing.",
  "account-gone":
    "The account was compared before, and the provider lists it no more: since then nothing of it is checked.",
  "unknown-to-provider": "We have recorded an event that the provider doesn't know.",
};
