/** Payouts: money that leaves the balance for a bank. Source: https://docs.stripe.com/api/payouts */
import type Stripe from "stripe";
import * as v from "valibot";
import { balanceOf, book, checkAmount, checkCurrency } from "./balance.ts";
import { type Asked, type Books, byItself } from "./books.ts";
import type { Operation } from "./call.ts";
import { invalid } from "./errors.ts";
import { agrees, isWithin, listOf } from "./lists.ts";
import { common, currencyCode, integer, metadata, paging, range, readParams, text } from "./params.ts";

const createParams = v.strictObject({
  ...common,
  amount: integer,
  currency: currencyCode,
  description: v.optional(text),
  destination: v.optional(text),
  metadata: v.optional(metadata),
  method: v.optional(v.picklist(["instant", "standard"])),
  source_type: v.optional(v.picklist(["bank_account", "card", "fpx"])),
  statement_descriptor: v.optional(text),
});

const standardSeconds = 2 * 24 * 60 * 60;

export const createPayout: Operation = ({ books, asked, form }) => {
  const params = readParams(createParams, form);
  checkCurrency(params.currency);
  checkAmount(params.amount);
  const available = balanceOf(books).available.find(({ currency }) => currency === params.currency)?.amount ?? 0;
  if (params.amount > available) {
    const hint = "Money is available two days after it came in, or at once from the test card pm_card_bypassPending.";
    throw invalid(`You have insufficient funds in your Stripe account. ${hint}`, { code: "balance_insufficient" });
  }
  const method = params.method ?? "standard";
  const seconds = method === "instant" ? 0 : books.scaledSeconds(standardSeconds);
  const payout: Stripe.Payout = {
    ...payoutOf(books, { id: books.newId("payout"), amount: params.amount, currency: params.currency }),
    arrival_date: books.now() + Math.ceil(seconds),
    description: params.description ?? null,
    destination: params.destination ?? null,
    metadata: params.metadata ?? {},
    method,
    source_type: params.source_type ?? "card",
    statement_descriptor: params.statement_descriptor ?? null,
  };
  const left = withTransaction(books, payout);
  books.put("payout", left);
  books.awaitEnd("payout", left.id, left.arrival_date);
  books.emit("payout.created", left, asked);
  return left;
};

function withTransaction(books: Books, payout: Stripe.Payout): Stripe.Payout {
  const { id } = book(books, {
    type: "payout",
    category: "payout",
    amount: -payout.amount,
    currency: payout.currency,
    source: payout.id,
    isAvailableAtOnce: true,
    description: "STRIPE PAYOUT",
  });
  return { ...payout, balance_transaction: id };
}

/** How a payout ends; a bank that refuses it says why by one of https://docs.stripe.com/api/payouts/failures */
export type PayoutEnd = { readonly status: "paid" } | { readonly status: "failed"; readonly failureCode: string };

/**
 * Ends a payout. One that was paid may fail still, as at Stripe.
 * @throws StripeRefusal when it failed or was canceled already
 */
export function settlePayout(books: Books, id: string, end: PayoutEnd): Stripe.Payout {
  const payout = books.require("payout", id);
  const canFail = payout.status === "paid" && end.status === "failed";
  if (!isUnderWay(payout) && !canFail) throw invalid(`Payout ${id} is ${payout.status} already.`);
  const settled: Stripe.Payout =
    end.status === "paid"
      ? { ...payout, status: "paid" }
      : {
          ...payout,
          status: "failed",
          failure_balance_transaction: giveBack(books, payout, "payout_failure"),
          failure_code: end.failureCode,
          failure_message: `The bank did not take the payout (${end.failureCode}).`,
        };
  books.put("payout", settled);
  books.emit(`payout.${end.status}`, settled, byItself);
  return settled;
}

/** Pays the payout if it is still under way: its day has come. */
export function arrive(books: Books, id: string): void {
  const payout = books.get("payout", id);
  if (payout !== undefined && isUnderWay(payout)) settlePayout(books, id, { status: "paid" });
}

function isUnderWay({ status }: Stripe.Payout): boolean {
  return status === "pending" || status === "in_transit";
}

/** Books that the payout's money is back in the balance, and gives the transaction's id. */
export function giveBack(books: Books, payout: Stripe.Payout, type: "payout_failure" | "payout_cancel"): string {
  const { id } = book(books, {
    type,
    category: "payout_reversal",
    amount: payout.amount,
    currency: payout.currency,
    source: payout.id,
    isAvailableAtOnce: true,
    description: type === "payout_failure" ? "STRIPE PAYOUT FAILURE" : "STRIPE PAYOUT CANCEL",
  });
  return id;
}

export const cancelPayout: Operation = ({ books, asked, form, id }) => {
  readParams(v.strictObject(common), form);
  const payout = books.require("payout", id);
  if (payout.status !== "pending") throw invalid("Payouts can only be canceled while they are pending.");
  const canceled: Stripe.Payout = {
    ...payout,
    status: "canceled",
    failure_balance_transaction: giveBack(books, payout, "payout_cancel"),
  };
  books.put("payout", canceled);
  books.emit("payout.canceled", canceled, asked satisfies Asked);
  return canceled;
};

export const retrievePayout: Operation = ({ books, id }) => books.require("payout", id);

export const listPayouts: Operation = ({ books, form }) => {
  const filters = { arrival_date: v.optional(range), destination: v.optional(text), status: v.optional(text) };
  const params = readParams(v.strictObject({ ...paging, ...filters }), form);
  return listOf(
    books,
    "payout",
    "/v1/payouts",
    params,
    (payout) => isWithin(payout.arrival_date, params.arrival_date) && agrees(payout, params, ["destination", "status"]),
  );
};

/** A payout with nothing decided. */
export function payoutOf(
  books: Books,
  { id, amount, currency }: { readonly id: string; readonly amount: number; readonly currency: string },
): Stripe.Payout {
  return {
    id,
    object: "payout",
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: books.now(),
    automatic: false,
    balance_transaction: null,
    created: books.now(),
    currency,
    description: null,
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: "standard",
    original_payout: null,
    payout_method: null,
    reconciliation_status: "not_applicable",
    reversed_by: null,
    source_type: "card",
    statement_descriptor: null,
    status: "pending",
    trace_id: null,
    type: "bank_account",
  };
}
