/** The answer to "what will it cost": what was looked at, the sum, its parts, and what would lower it. */
import type { Evidence, Price } from "../../config/prices.ts";
import { type Cost, costOf } from "./cost.ts";
import type { Exact } from "./exact.ts";
import type { Situation } from "./month.ts";
import { notPriced } from "./resource-types.ts";
import type { Stacks } from "./stacks.ts";
import { type Saving, savingsOf } from "./what-ifs.ts";

export interface Report {
  readonly stacks: Stacks;
  readonly situation: Situation;
  readonly cost: Cost;
  readonly savings: readonly Saving[];
  /** What twice the assumed durations of functions and workflows would add, US dollars a month. */
  readonly slowerUsd: Exact;
  /** Resource types that nobody has priced, and how many resources there are of each. */
  readonly notPriced: ReadonlyMap<string, number>;
}

export function reportOf(stacks: Stacks, situation: Situation): Report {
  const cost = costOf(situation);
  return {
    stacks,
    situation,
    cost,
    savings: savingsOf(situation),
    slowerUsd: costOf(twiceAsSlow(situation)).usd.minus(cost.usd),
    notPriced: notPriced(stacks.resources),
  };
}

function twiceAsSlow(situation: Situation): Situation {
  const { durationsMs, expressMs } = situation.shape;
  const doubled = Object.fromEntries(Object.entries(durationsMs).map(([name, ms]) => [name, 2 * ms]));
  const shape = { ...situation.shape, durationsMs: doubled as typeof durationsMs, expressMs: 2 * expressMs };
  return { ...situation, shape };
}

/** Of a sum of US dollars a month, what a million events cost. */
export function perMillion(usd: Exact, { events }: Situation): Exact {
  return usd.times(1_000_000).over(events);
}

/** The prices that the sum was made with, once each. */
function usedPrices({ cost, situation }: Report): readonly (Price & { readonly name: string })[] {
  const names = [...new Set(cost.lines.map(({ price }) => price))];
  return names.map((name) => ({ name, ...situation.prices[name] }));
}

/** Dollars and cents, as numbers of JSON can't hold every sum. */
const usdText = (usd: Exact) => usd.toFixed(2);

/** For programs. Sums are decimal text in US dollars; quantities are decimal text in the unit of their price. */
export function reportJson(report: Report, recordedBy: string): unknown {
  const { stacks, situation, cost, savings } = report;
  return {
    environment: stacks.environment,
    region: stacks.region,
    eventsPerMonth: situation.events.toFixed(0),
    usdPerMonth: usdText(cost.usd),
    usdPerMillionEvents: usdText(perMillion(cost.usd, situation)),
    stacks: { names: stacks.names, synthesizedAt: stacks.synthesizedAt.toISOString() },
    recordedBy,
    shape: situation.shape,
    lines: cost.lines.map(({ service, what, quantity, price, usd }) => ({
      service,
      what,
      quantity: quantity.toFixed(6),
      price,
      usdPerMonth: usd.toFixed(6),
      usdPerMillionEvents: perMillion(usd, situation).toFixed(6),
    })),
    prices: Object.fromEntries(usedPrices(report).map(({ name, ...price }) => [name, price])),
    savings: savings.map(({ what, butThen, usd }) => ({ what, butThen, usdPerMonth: usdText(usd) })),
    twiceTheDurationsUsdPerMonth: usdText(report.slowerUsd),
    notPriced: Object.fromEntries(report.notPriced),
  };
}

/** Names of the prices that were used and are known from such evidence. */
export function pricesKnownFrom(report: Report, evidence: Evidence): readonly string[] {
  return usedPrices(report)
    .filter((price) => price.evidence === evidence)
    .map(({ name }) => name);
}
