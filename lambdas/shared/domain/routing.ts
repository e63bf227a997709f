/**
 * Which way an event goes by its amount. The rules on the bus decide (stacks/PipelineStack.ts); `createTierOf` says the
 * same for the stages that record it. Both take the environment's thresholds, and a test holds the two together.
 */
import { monetaryEventTypes, type PaymentEvent, type RoutingThresholds, type Tier } from "../../../config/events.ts";
import { fx } from "../../../config/fx.ts";
import { limits } from "../../../config/limits.ts";
import { type Decimal, isoExponent, knownCurrency, parseDecimal } from "./money.ts";

/** The amount in US dollars, for routing only, and the date of the rate behind it. */
export interface RoutingAmount {
  /** At least 0 (a refund of 50 is as large as a payment of 50), with at most two decimals, capped. */
  readonly routingAmountUsd: number;
  readonly fxDate: string;
}

const ratesUsd: ReadonlyMap<string, Decimal> = new Map(
  Object.entries(fx.usdPerUnit).map(([currency, rate]) => {
    const decimal = parseDecimal(String(rate));
    if (decimal === undefined || decimal.units <= 0n)
      throw new Error(`The rate of ${currency} is not a positive number`);
    return [currency, decimal];
  }),
);
const capCents = BigInt(limits.routingAmountUsdCap) * 100n;

/**
 * The routing amount of exact minor units, or undefined without a rate for the currency: never guessed.
 *
 * It has whole cents, because EventBridge compares no more than six decimals. Rounding never carries an amount over
 * a threshold (WEBHOOK_RULES 11): up to the high one it goes down, so that with dev's thresholds 999.999 stays low and
 * 10,000 exactly stays medium; above that it goes up, so that 10,000.001 is high.
 */
export function routingAmountOf(
  amountMinor: string,
  currency: string,
  { highAbove }: RoutingThresholds,
): RoutingAmount | undefined {
  const rate = ratesUsd.get(currency);
  if (rate === undefined || knownCurrency(currency) === undefined) return undefined;
  const minor = BigInt(amountMinor);
  const product = (minor < 0n ? -minor : minor) * rate.units * 100n;
  const divisor = 10n ** BigInt(isoExponent(currency) + rate.scale);
  const floor = product / divisor;
  const isAboveFloor = product % divisor !== 0n;
  const highAboveCents = BigInt(Math.round(highAbove * 100));
  const cents = isAboveFloor && floor >= highAboveCents ? floor + 1n : floor;
  return { routingAmountUsd: Number(cents > capCents ? capCents : cents) / 100, fxDate: fx.date };
}

/** Whether the exchange table is older than it may be. */
export function areRatesStale(nowMs: number): boolean {
  return nowMs - Date.parse(fx.date) > fx.staleAfterDays * 24 * 60 * 60 * 1000;
}

/** Says an event's tier. */
export type TierOf = (event: Pick<PaymentEvent, "type" | "amountMinor" | "currency" | "routingAmountUsd">) => Tier;

/** The tiers that thresholds make; exactly one holds for any event. */
export function createTierOf({ mediumFrom, highAbove }: RoutingThresholds): TierOf {
  return ({ type, amountMinor, routingAmountUsd: usd }) => {
    if (usd === undefined) {
      const hasMoney = monetaryEventTypes.has(type) || amountMinor !== undefined;
      return hasMoney ? "unroutable" : "unrouted";
    }
    if (usd > highAbove) return "high";
    return usd >= mediumFrom ? "medium" : "low";
  };
}
