/** Balance transactions: each movement of money in an account's own currency, with Stripe's fee. */
import type Stripe from "stripe";
import { fx } from "../../../config/fx.ts";
import { minorUnitExponents } from "../../../config/money.ts";
import { stripeExponents } from "../../../lambdas/shared/providers/stripe/capabilities.ts";
import type { Books } from "./books.ts";
import { invalid } from "./errors.ts";

/** Stripe's price of a card payment in the United States: https://stripe.com/pricing */
const feeShare = 0.029;
const feeFixedMinor = 30;
/** What a dispute costs, won or lost: https://stripe.com/pricing */
export const disputeFeeMinor = 1500;
const settlementDays = 2;
const daySeconds = 24 * 60 * 60;

interface Movement {
  readonly type: Stripe.BalanceTransaction.Type;
  readonly category: string;
  /** In the currency that it happened in; below zero for money that leaves. */
  readonly amount: number;
  readonly currency: string;
  readonly source: string;
  /** In the account's currency, minor units. */
  readonly feeMinor?: number;
  readonly isAvailableAtOnce?: boolean;
  readonly description?: string | null;
  /** Seconds; now if absent. */
  readonly created?: number;
}

/** Books a movement of money in the account's currency, and gives the transaction. */
export function book(books: Books, movement: Movement): Stripe.BalanceTransaction {
  const { type, category, currency, source, feeMinor = 0, isAvailableAtOnce = false } = movement;
  const own = books.get("account", books.account)?.default_currency ?? "usd";
  const rate = exchangeRate(currency, own);
  const amount = rate === undefined ? movement.amount : Math.round(movement.amount * rate);
  const settled = rate === undefined ? currency : own;
  const created = movement.created ?? books.now();
  const transaction: Stripe.BalanceTransaction = {
    id: books.newId("balance_transaction"),
    object: "balance_transaction",
    amount,
    available_on: isAvailableAtOnce ? created : created + settlementDays * daySeconds,
    balance_type: "payments",
    created,
    currency: settled,
    description: movement.description ?? null,
    exchange_rate: rate === undefined ? null : inMajorUnits(rate, currency, own),
    fee: feeMinor,
    fee_details:
      feeMinor === 0
        ? []
        : [
            {
              amount: feeMinor,
              application: null,
              currency: settled,
              description: category === "dispute" ? "Dispute fee" : "Stripe processing fees",
              type: "stripe_fee",
            },
          ],
    net: amount - feeMinor,
    reporting_category: category,
    source,
    status: isAvailableAtOnce ? "available" : "pending",
    type,
  };
  books.put("balance_transaction", transaction);
  return transaction;
}

/** What Stripe keeps of a card payment, in the account's currency. */
export function cardFeeMinor(books: Books, amount: number, currency: string): number {
  const own = books.get("account", books.account)?.default_currency ?? "usd";
  return Math.round(amount * (exchangeRate(currency, own) ?? 1) * feeShare) + feeFixedMinor;
}

/** A transaction as it stands now: `pending` until its money can be used. */
export function currentTransaction(transaction: Stripe.BalanceTransaction, now: number): Stripe.BalanceTransaction {
  return { ...transaction, status: transaction.available_on <= now ? "available" : "pending" };
}

/** What can be paid out, and what can't yet, by currency. */
export function balanceOf(books: Books): Stripe.Balance {
  const sums = { available: new Map<string, number>(), pending: new Map<string, number>() };
  for (const stored of books.newestFirst("balance_transaction")) {
    const { status, currency, net } = currentTransaction(stored, books.now());
    const sum = status === "available" ? sums.available : sums.pending;
    sum.set(currency, (sum.get(currency) ?? 0) + net);
  }
  const own = books.get("account", books.account)?.default_currency ?? "usd";
  const list = (sum: Map<string, number>) =>
    [...new Set([own, ...sums.available.keys(), ...sums.pending.keys()])].map((currency) => {
      const amount = sum.get(currency) ?? 0;
      return { amount, currency, source_types: { card: amount } };
    });
  return { object: "balance", available: list(sums.available), livemode: false, pending: list(sums.pending) };
}

/** @throws StripeRefusal for a currency that there is none of */
export function checkCurrency(currency: string): void {
  if (!minorUnitExponents.has(currency.toUpperCase())) {
    throw invalid(`Invalid currency: ${currency}. Stripe currently supports these currencies: usd, eur, gbp, …`, {
      param: "currency",
    });
  }
}

/** @throws StripeRefusal for an amount that moves no money */
export function checkAmount(amount: number): void {
  if (amount >= 1) return;
  const code = "parameter_invalid_integer";
  throw invalid("This value must be greater than or equal to 1.", { code, param: "amount" });
}

/** Minor units of one currency for a minor unit of the other, approximately; undefined where there is nothing to change. */
function exchangeRate(from: string, to: string): number | undefined {
  const [usdFrom, usdTo] = [fx.usdPerUnit[from.toUpperCase()], fx.usdPerUnit[to.toUpperCase()]];
  if (from === to || usdFrom === undefined || usdTo === undefined) return undefined;
  return (usdFrom / usdTo) * 10 ** (exponentOf(to) - exponentOf(from));
}

function inMajorUnits(rate: number, from: string, to: string): number {
  return Number((rate * 10 ** (exponentOf(from) - exponentOf(to))).toFixed(6));
}

function exponentOf(currency: string): number {
  const code = currency.toUpperCase();
  return stripeExponents.get(code) ?? minorUnitExponents.get(code) ?? 2;
}
