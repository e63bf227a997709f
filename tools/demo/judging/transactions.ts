/** Transactions: what several facts about one payment add up to. */
import { deriveTransactionState, type TransactionFact } from "../../../lambdas/shared/domain/transaction-state.ts";
import type { Findings } from "./findings.ts";
import type { Check } from "./invariant.ts";

export const transactionChecks: readonly Check[] = [
  {
    name: "one fact under two ids takes effect once",
    look: (findings) => {
      const pairs = sameFactPairs(findings);
      const repeats = new Map(findings.evidence.facts.map(({ eventId, sameFactAs }) => [eventId, sameFactAs]));
      const wrong = pairs.filter(([one, other]) => (repeats.get(one) === other) === (repeats.get(other) === one));
      const paired = new Set(pairs.flat());
      const strays = [...repeats].filter(([eventId, sameFactAs]) => sameFactAs !== undefined && !paired.has(eventId));
      return {
        seen: { "such facts": pairs.length },
        problems: [
          ...wrong.map(([one, other]) => `${one} and ${other}`),
          ...strays.map(([eventId, other]) => `${eventId} was taken for a repeat of ${other}`),
        ],
      };
    },
  },
  {
    name: "refunds count, early ones and equal ones, and never roll a state back",
    look: (findings) => {
      const { plan, evidence } = findings;
      const idOf = idsByPlan(findings);
      return {
        seen: { "payments with refunds": plan.transactions.length },
        problems: plan.transactions.flatMap(({ events, status, refundedMinor }) => {
          const ids = new Set(events.map(({ index }) => idOf.get(index)));
          const facts = evidence.facts.filter(({ eventId }) => ids.has(eventId));
          const name = [...ids].find((id) => id !== undefined) ?? "a payment";
          const state = deriveTransactionState(facts as unknown as TransactionFact[]);
          const transactions = new Set(facts.map(({ transactionId }) => transactionId));
          return [
            ...(state.status === status ? [] : [`${name}: the payment is ${state.status} instead of ${status}`]),
            ...(state.refundedMinor === refundedMinor
              ? []
              : [`${name}: ${state.refundedMinor} is refunded instead of ${refundedMinor}`]),
            ...(transactions.size === 1 ? [] : [`${name}: its facts are of ${transactions.size} transactions`]),
          ];
        }),
      };
    },
  },
];

function sameFactPairs(findings: Findings): readonly (readonly [string, string])[] {
  const idOf = idsByPlan(findings);
  return [...findings.accepted.values()].flatMap(({ eventId, planned }) => {
    const other = planned.sameFactAs === undefined ? undefined : idOf.get(planned.sameFactAs.index);
    return other === undefined ? [] : [[eventId, other] as const];
  });
}

function idsByPlan({ accepted }: Findings): ReadonlyMap<number, string> {
  return new Map([...accepted.values()].map(({ planned, eventId }) => [planned.index, eventId]));
}
