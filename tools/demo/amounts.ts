/** Amounts for a tier, away from the thresholds so that no exchange rate decides, or exactly on and around them. */

import { environments } from "../../config/environments.ts";
import type { Tier } from "../../config/events.ts";
import { fx } from "../../config/fx.ts";
import { limits } from "../../config/limits.ts";
import { minorUnitExponents } from "../../config/money.ts";
import type { Random } from "./random.ts";
import { environment } from "./runtime-arguments.ts";

export interface Money {
  readonly amountMinor: string;
  readonly currency: string;
}

export type PaidTier = Extract<Tier, "low" | "medium" | "high">;

const { mediumFrom, highAbove } = environments[environment].routingThresholdsUsd;

/** US dollars: a tenth away from the thresholds. */
const rangesUsd: Readonly<Record<PaidTier, readonly [number, number]>> = {
  low: [0.005 * mediumFrom, 0.88 * mediumFrom],
  medium: [1.11 * mediumFrom, 0.88 * highAbove],
  high: [1.12 * highAbove, 9 * highAbove],
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
  const usdCents = random.integer(Math.round(from * 100), Math.round(to * 100));
  const units = usdCents / 100 / (fx.usdPerUnit[currency] ?? 1);
  const step = stepMinor[currency] ?? 1;
  const minor = Math.round((units * 10 ** (minorUnitExponents.get(currency) ?? 2)) / step) * step;
  return { amountMinor: String(minor), currency };
}

/** So few US cents that three times as many are low. */
export function thirdOfLowCents(random: Random): number {
  return random.integer(Math.round(0.2 * mediumFrom), Math.round(29 * mediumFrom));
}

/** Both thresholds belong to the medium tier (WEBHOOK_RULES 11). */
export const boundaryAmounts: readonly [readonly [Money, PaidTier], ...(readonly [Money, PaidTier])[]] = [
  [usCents(mediumFrom, -1), "low"],
  [usCents(mediumFrom), "medium"],
  [usCents(highAbove), "medium"],
  [usCents(highAbove, 1), "high"],
];

/** An amount of US dollars, and cents on top. */
function usCents(dollars: number, cents = 0): Money {
  return { amountMinor: String(Math.round(dollars * 100) + cents), currency: "USD" };
}

/** ISO 4217's code for tests: no table has a rate for it. */
export const unknownCurrency: Money = { amountMinor: "12345", currency: "XTS" };

const highestMediumCents = BigInt(usCents(highAbove).amountMinor);
/** Rates have at most eight decimals. */
const rateScale = 8;

/**
 * The sum in US cents, as routing and scoring count it: exact, then down, or up above the high tier's threshold, at
 * most the cap. Written anew, since it checks the pipeline's own arithmetic.
 */
export function usCentsOf({ amountMinor, currency }: Money): bigint {
  const rate = BigInt(Math.round((fx.usdPerUnit[currency] ?? 0) * 10 ** rateScale));
  const exponent = minorUnitExponents.get(currency) ?? 2;
  const scaled = BigInt(amountMinor) * rate * 100n;
  const divisor = 10n ** BigInt(exponent + rateScale);
  const down = scaled / divisor;
  const cents = down >= highestMediumCents && scaled % divisor !== 0n ? down + 1n : down;
  const cap = BigInt(limits.routingAmountUsdCap) * 100n;
  return cents > cap ? cap : cents;
}

/** More minor units than eight digits hold, and than routing compares, in every tier. */
export const longAmounts: readonly [readonly [Money, PaidTier], ...(readonly [Money, PaidTier])[]] = [
  inItsTier("1234567800", "IDR"),
  inItsTier("123456789", "VND"),
  inItsTier("123456789", "USD"),
  inItsTier("900000010", "KWD"),
  inItsTier("180000000001", "USD"),
];

function inItsTier(amountMinor: string, currency: string): readonly [Money, PaidTier] {
  const money = { amountMinor, currency };
  const cents = usCentsOf(money);
  if (cents > highestMediumCents) return [money, "high"];
  return [money, cents < BigInt(usCents(mediumFrom).amountMinor) ? "low" : "medium"];
}
