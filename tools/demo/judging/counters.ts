/** The fraud detector's memory: every number of every history is what the plan's payments add up to. */
import { scorecard } from "../../../config/scorecard.ts";
import { usCentsOf } from "../amounts.ts";
import type { PlannedEvent } from "../plan.ts";
import type { Findings } from "./findings.ts";
import type { Check } from "./invariant.ts";

type Counts = Map<string, bigint>;

/** Lengths of the slots in which payments are counted (lambdas/shared/domain/subject-history.ts documents them). */
const slotMs = { "1h": 5 * 60_000, "24h": 60 * 60_000 } as const;

export const counterChecks: readonly Check[] = [
  {
    name: "every payment is counted once",
    look: (findings) => {
      const expected = expectedHistories(findings);
      const kept = findings.evidence.histories;
      const keys = new Set([...expected.keys(), ...kept.keys()]);
      const cards = [...keys].filter((key) => key.startsWith("card#")).length;
      return {
        seen: { customers: keys.size - cards, cards },
        note: "each with all its sums and slots",
        problems: [...keys].flatMap((key) => differences(key, expected.get(key), kept.get(key))),
      };
    },
  },
];

/** Payments and scores that were counted beyond one each. */
export function surplusOf(findings: Findings): number {
  const expected = expectedHistories(findings);
  const payments = (counts: ReadonlyMap<string, bigint> | undefined) => Number(counts?.get("payments") ?? 0n);
  return [...findings.evidence.histories].reduce(
    (sum, [key, counts]) => sum + Math.max(0, payments(counts) - payments(expected.get(key))),
    0,
  );
}

function expectedHistories({ due }: Findings): Map<string, Counts> {
  const histories = new Map<string, Counts>();
  for (const { planned } of due) {
    if (!(scorecard.paymentTypes as readonly string[]).includes(planned.type)) continue;
    for (const key of subjectsOf(planned)) {
      const counts: Counts = histories.get(key) ?? new Map();
      histories.set(key, counts);
      for (const [place, amount] of countedFor(planned)) counts.set(place, (counts.get(place) ?? 0n) + amount);
    }
  }
  return histories;
}

function subjectsOf({ provider, order: { customerId, cardFingerprint } }: PlannedEvent): string[] {
  return [
    ...(customerId === undefined ? [] : [`customer#${provider}#${customerId}`]),
    ...(cardFingerprint === undefined ? [] : [`card#${provider}#${cardFingerprint}`]),
  ];
}

/** What one payment adds to a history, by the number's place in it. */
function countedFor({ money, order: { occurredAtMs } }: PlannedEvent): readonly (readonly [string, bigint])[] {
  const cents = money === undefined ? 0n : usCentsOf(money);
  return [
    ["payments", 1n],
    ["amounts.count", 1n],
    ["amounts.sumCents", cents],
    ["amounts.sumSquaresCents", cents * cents],
    [`currencies.${money?.currency}`, 1n],
    [`slots.1h.${Math.floor(occurredAtMs / slotMs["1h"])}`, 1n],
    [`slots.24h.${Math.floor(occurredAtMs / slotMs["24h"])}`, 1n],
  ];
}

function differences(
  key: string,
  expected: ReadonlyMap<string, bigint> = new Map(),
  kept: ReadonlyMap<string, bigint> = new Map(),
): string[] {
  return [...new Set([...expected.keys(), ...kept.keys()])]
    .filter((place) => expected.get(place) !== kept.get(place))
    .map(
      (place) => `${place} of ${key} is ${kept.get(place) ?? "missing"} instead of ${expected.get(place) ?? "absent"}`,
    );
}
