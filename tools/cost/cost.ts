/** What a month costs: each item at its price, and the sum. */
import type { Price, PriceList, PriceName } from "../../config/prices.ts";
import { Exact } from "./exact.ts";
import { type Item, monthOf, type Situation } from "./month.ts";
import { serviceItems } from "./services/index.ts";

export interface CostLine extends Item {
  readonly usd: Exact;
}

export interface Cost {
  /** In the order of the services; nothing that costs nothing. */
  readonly lines: readonly CostLine[];
  readonly usd: Exact;
}

export function costOf(situation: Situation): Cost {
  const items = serviceItems(monthOf(situation));
  const lines = pricedTogether(items, situation.prices).filter(({ usd }) => !usd.isZero());
  return { lines, usd: Exact.sum(lines.map(({ usd }) => usd)) };
}

/** AWS counts a price's steps over the whole account, so items of one price climb them together, in their order. */
function pricedTogether(items: readonly Item[], prices: PriceList): CostLine[] {
  const used = new Map<PriceName, Exact>();
  return items.map((item) => {
    const before = used.get(item.price) ?? Exact.zero;
    const after = before.plus(item.quantity);
    used.set(item.price, after);
    const price = prices[item.price];
    return { ...item, usd: priceOf(after, price).minus(priceOf(before, price)) };
  });
}

/** What so many units of a month cost. */
export function priceOf(quantity: Exact, { steps, per }: Price): Exact {
  let from = Exact.zero;
  let usd = Exact.zero;
  for (const step of steps) {
    const to = step.upTo === undefined ? quantity : Exact.min(quantity, Exact.of(step.upTo));
    if (from.isBelow(to)) usd = usd.plus(to.minus(from).times(Exact.of(step.usd)).over(per));
    from = Exact.max(from, to);
  }
  return usd;
}
