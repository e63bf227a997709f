/** Amounts: exact to the last minor unit, wherever they are booked or told on. */
import type { EventSeen } from "../evidence.ts";
import type { Findings } from "./findings.ts";
import type { Check } from "./invariant.ts";

/** Where events are told on, besides the ledger. */
const tellings: readonly { readonly where: string; told(findings: Findings): readonly EventSeen[] }[] = [
  { where: "alerts", told: ({ evidence }) => evidence.alerts },
  { where: "the low tier's log", told: ({ evidence }) => evidence.lowTierLog },
  { where: "transaction-workflow", told: ({ evidence }) => evidence.workflows },
  { where: "high-value-review", told: ({ evidence }) => evidence.reviews },
];

export const moneyChecks: readonly Check[] = [
  {
    name: "every amount is exact",
    look: (findings) => ({
      seen: { amounts: findings.evidence.facts.filter(({ amountMinor }) => amountMinor !== undefined).length },
      problems: inexact(findings, findings.evidence.facts, "booked"),
    }),
  },
  {
    name: "every amount is told on as it is booked",
    look: (findings) => {
      const all = tellings.map(({ where, told }) => ({
        where,
        events: told(findings).filter(({ eventId }) => findings.accepted.has(eventId)),
      }));
      return {
        seen: Object.fromEntries(all.map(({ where, events }) => [`by ${where}`, events.length])),
        problems: all.flatMap(({ where, events }) => inexact(findings, events, where)),
      };
    },
  },
];

function inexact({ accepted }: Findings, events: readonly EventSeen[], where: string): string[] {
  return events.flatMap(({ eventId, amountMinor, currency }) => {
    const money = accepted.get(eventId)?.planned.money;
    if (money === undefined || (money.amountMinor === amountMinor && money.currency === currency)) return [];
    return [`${eventId} (${where}) is ${amountMinor} ${currency} instead of ${money.amountMinor} ${money.currency}`];
  });
}
