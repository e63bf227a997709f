/** Amounts for a tier, away from the thresholds so that no exchange rate decides, or exactly on and around them. */

import type { Tier } from "../../config/events.ts";
import { fx } from "../../config/fx.ts";
import { minorUnitExponents } from "../../config/money.ts";
import type { Random } from "./random.ts";

export interface Money {
  readonly amountMinor: string;
  readonly currency: string;
}

export type PaidTier = Extract<Tier, "low" | "medium" | "high">;

/** US dollars: a tenth away from the thresholds of 1,000 and 10,000. */
const rangesUsd: Readonly<Record<PaidTier, readonly [number, number]>> = {
  low: [5, 880],
  medium: [1_110, 8_800],
  high: [11_200, 90_000],
};

const currencies = [
  ["USD", 60],
  ["EUR", 14],
  ["GBP", 9],
  ["JPY", 9],
  ["KWD", 8],
] as const;

/** Stripe wants three-decimal amounts to end in 0, so that they are whole for cards that know two decimals. */
const stepMinor: Readonly<Record<string, number>> = { KWD: 10 };

export function amountIn(tier: PaidTier, random: Random): Money {
  const currency = random.pickWeighted(currencies);
  const [from, to] = rangesUsd[tier];
  const usdCents = random.integer(from * 100, to * 100);
  const units = usdCents / 100 / (fx.usdPerUnit[currency] ?? 1);
  const step = stepMinor[currency] ?? 1;
  const minor = Math.round((units * 10 ** (minorUnitExponents.get(currency) ?? 2)) / step) * step;
  return { amountMinor: String(minor), currency };
}

/** Both thresholds belong to the medium tier (WEBHOOK_RULES 11). */
export const boundaryAmounts: readonly [readonly [Money, PaidTier], ...(readonly [Money, PaidTier])[]] = [
  [{ amountMinor: "99999", currency: "USD" }, "low"],
  [{ amountMinor: "100000", currency: "USD" }, "medium"],
  [{ amountMinor: "1000000", currency: "USD" }, "medium"],
  [{ amountMinor: "1000001", currency: "USD" }, "high"],
];

/** ISO 4217's code for tests: no table has a rate for it. */
export const unknownCurrency: Money = { amountMinor: "12345", currency: "XTS" };
