/**
 * What is remembered of a subject (a customer, a card) to compare its next payment with: a few sums, the currencies,
 * and how many payments fell into each slot of the last day. An item of bounded size, whatever the subject does.
 */
import type { PaymentEvent } from "../../../config/events.ts";

export interface SubjectHistory {
  /** Payments ever. */
  readonly payments: number;
  /** Of those payments that have an amount in US dollars; exact, in cents. */
  readonly amounts: {
    readonly count: number;
    readonly sumCents: bigint;
    readonly sumSquaresCents: bigint;
  };
  /** Payments by currency; the rarest are forgotten. */
  readonly currencies: Counts;
  /** Payments by slot, per window; a slot's name is its number since 1970. */
  readonly slots: Readonly<Record<WindowName, Counts>>;
}

type Counts = Readonly<Record<string, number>>;

/**
 * The windows. Payments are counted in slots, so that a window's count may include up to one slot more than its length;
 * `keptMs` is longer than the window, so that a payment that arrives late still finds what came before it.
 */
export const windows = {
  "1h": { windowMs: 3_600_000, slotMs: 300_000, keptMs: 2 * 3_600_000, slotName: "5 minutes" },
  "24h": { windowMs: 24 * 3_600_000, slotMs: 3_600_000, keptMs: 25 * 3_600_000, slotName: "an hour" },
} as const;
export type WindowName = keyof typeof windows;

const maxCurrencies = 12;

export const emptyHistory: SubjectHistory = {
  payments: 0,
  amounts: { count: 0, sumCents: 0n, sumSquaresCents: 0n },
  currencies: {},
  slots: { "1h": {}, "24h": {} },
};

/** The history with one more payment in it. `nowMs` bounds what is kept: a time in the future is taken as now. */
export function withPayment(history: SubjectHistory, event: PaymentEvent, nowMs: number): SubjectHistory {
  const atMs = timeOf(event, nowMs);
  const { count, sumCents, sumSquaresCents } = history.amounts;
  const cents = centsOf(event);
  return {
    payments: history.payments + 1,
    amounts:
      cents === undefined
        ? history.amounts
        : { count: count + 1, sumCents: sumCents + cents, sumSquaresCents: sumSquaresCents + cents * cents },
    currencies: withCurrency(history.currencies, event.currency),
    slots: {
      "1h": withSlot(history.slots["1h"], "1h", atMs, nowMs),
      "24h": withSlot(history.slots["24h"], "24h", atMs, nowMs),
    },
  };
}

/** Payments in the window that ends with the event. A time in the future is taken as now, or it would find none. */
export function paymentsWithin(
  history: SubjectHistory,
  window: WindowName,
  event: Pick<PaymentEvent, "occurredAt">,
  nowMs: number,
): number {
  const { slotMs, windowMs } = windows[window];
  const atMs = timeOf(event, nowMs);
  const firstSlot = Math.floor((atMs - windowMs) / slotMs);
  const lastSlot = Math.floor(atMs / slotMs);
  return Object.entries(history.slots[window])
    .filter(([slot]) => Number(slot) >= firstSlot && Number(slot) <= lastSlot)
    .reduce((sum, [, count]) => sum + count, 0);
}

/** Mean and standard deviation of the amounts, in US cents. The sums are exact; only the result is a float. */
export function amountStatistics({ amounts }: SubjectHistory): { readonly mean: number; readonly deviation: number } {
  const { count, sumCents, sumSquaresCents } = amounts;
  if (count === 0) return { mean: 0, deviation: 0 };
  const scaledVariance = BigInt(count) * sumSquaresCents - sumCents * sumCents;
  return { mean: Number(sumCents) / count, deviation: Math.sqrt(Number(scaledVariance)) / count };
}

/** The event's amount in US cents, if it has one. For comparison only, as `routingAmountUsd` is. */
export function centsOf({ routingAmountUsd }: Pick<PaymentEvent, "routingAmountUsd">): bigint | undefined {
  return routingAmountUsd === undefined ? undefined : BigInt(Math.round(routingAmountUsd * 100));
}

function timeOf({ occurredAt }: Pick<PaymentEvent, "occurredAt">, nowMs: number): number {
  return Math.min(Date.parse(occurredAt), nowMs);
}

function withSlot(counts: Counts, window: WindowName, atMs: number, nowMs: number): Counts {
  const { slotMs, keptMs } = windows[window];
  const oldestSlot = Math.floor((nowMs - keptMs) / slotMs);
  const slot = Math.floor(atMs / slotMs);
  const counted: Counts = { ...counts, [slot]: (counts[slot] ?? 0) + 1 };
  return Object.fromEntries(Object.entries(counted).filter(([name]) => Number(name) >= oldestSlot));
}

function withCurrency(currencies: Counts, currency: string | undefined): Counts {
  if (currency === undefined) return currencies;
  const others = Object.entries(currencies).filter(([code]) => code !== currency);
  // By count, then by code, so that the same payments always leave the same history.
  const usual = others.sort(([codeA, a], [codeB, b]) => b - a || (codeA < codeB ? -1 : 1)).slice(0, maxCurrencies - 1);
  return { ...Object.fromEntries(usual), [currency]: (currencies[currency] ?? 0) + 1 };
}
