/** Charges, made by payment intents or, the older way, by themselves. Source: https://docs.stripe.com/api/charges */
import * as v from "valibot";
import { checkAmount, checkCurrency } from "./balance.ts";
import type { Operation } from "./call.ts";
import { afterPayment, captured, chargeCard } from "./charging.ts";
import { declineCodeOf } from "./confirming.ts";
import { invalid, StripeRefusal } from "./errors.ts";
import { agrees, listOf } from "./lists.ts";
import { boolean, common, currencyCode, integer, metadata, paging, readParams, text } from "./params.ts";
import { testCard, testCardNamed } from "./test-cards.ts";

const createParams = v.strictObject({
  ...common,
  amount: integer,
  currency: currencyCode,
  source: text,
  capture: v.optional(boolean),
  description: v.optional(text),
  metadata: v.optional(metadata),
  receipt_email: v.optional(text),
  statement_descriptor: v.optional(text),
  statement_descriptor_suffix: v.optional(text),
  transfer_group: v.optional(text),
});

export const createCharge: Operation = ({ books, asked, form }) => {
  const params = readParams(createParams, form);
  checkCurrency(params.currency);
  checkAmount(params.amount);
  const card = testCardNamed(params.source, "source");
  const method = { id: books.newId("payment_method"), object: "payment_method" as const, created: books.now(), card };
  books.put("payment_method", method);
  const charge = chargeCard(
    books,
    {
      amount: params.amount,
      currency: params.currency,
      card,
      paymentMethod: method.id,
      capture: params.capture ?? true,
      description: params.description ?? null,
      metadata: params.metadata ?? {},
      receiptEmail: params.receipt_email ?? null,
      statementDescriptor: params.statement_descriptor ?? null,
      statementDescriptorSuffix: params.statement_descriptor_suffix ?? null,
      transferGroup: params.transfer_group ?? null,
    },
    asked,
  );
  if (charge.status === "failed") {
    throw new StripeRefusal(402, {
      type: "card_error",
      code: charge.failure_code ?? "card_declined",
      decline_code: declineCodeOf(charge),
      message: charge.failure_message ?? "",
      charge: charge.id,
    });
  }
  afterPayment(books, charge, card, asked);
  return books.require("charge", charge.id);
};

export const captureCharge: Operation = ({ books, asked, form, id }) => {
  const params = readParams(v.strictObject({ ...common, amount: v.optional(integer) }), form);
  const charge = books.require("charge", id);
  const amount = params.amount ?? charge.amount;
  if (charge.captured) throw invalid(`Charge ${id} has already been captured.`, { code: "charge_already_captured" });
  if (charge.payment_intent !== null) throw invalid("Capture the payment intent of this charge instead of the charge.");
  if (amount < 1 || amount > charge.amount)
    throw invalid("Capture at least 1 and at most the amount of the charge.", { param: "amount" });
  const method = books.require("payment_method", String(charge.payment_method));
  const paid = captured(books, charge, amount, testCard(method.card));
  books.put("charge", paid);
  books.emit("charge.captured", paid, asked);
  afterPayment(books, paid, method.card, asked);
  return books.require("charge", id);
};

export const retrieveCharge: Operation = ({ books, id }) => books.require("charge", id);

export const listCharges: Operation = ({ books, form }) => {
  const filters = { customer: v.optional(text), payment_intent: v.optional(text), transfer_group: v.optional(text) };
  const params = readParams(v.strictObject({ ...paging, ...filters }), form);
  return listOf(books, "charge", "/v1/charges", params, (charge) =>
    agrees(charge, params, ["customer", "payment_intent", "transfer_group"]),
  );
};
