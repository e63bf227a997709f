/** Payment intents, from their making to the money. Source: https://docs.stripe.com/payments/paymentintents/lifecycle */
import type Stripe from "stripe";
import * as v from "valibot";
import { checkAmount, checkCurrency } from "./balance.ts";
import type { Books } from "./books.ts";
import type { Operation } from "./call.ts";
import { afterPayment, captured } from "./charging.ts";
import { confirmed } from "./confirming.ts";
import { invalid } from "./errors.ts";
import { listOf } from "./lists.ts";
import { boolean, common, currencyCode, integer, metadata, paging, readParams, text } from "./params.ts";
import { attach, intentOf, unexpectedState } from "./payment-intent.ts";
import { testCard } from "./test-cards.ts";

const confirmParams = {
  payment_method: v.optional(text),
  return_url: v.optional(text),
  off_session: v.optional(boolean),
  receipt_email: v.optional(text),
};

const createParams = v.strictObject({
  ...common,
  ...confirmParams,
  amount: integer,
  currency: currencyCode,
  confirm: v.optional(boolean),
  customer: v.optional(text),
  description: v.optional(text),
  metadata: v.optional(metadata),
  capture_method: v.optional(v.picklist(["automatic", "automatic_async", "manual"])),
  confirmation_method: v.optional(v.picklist(["automatic", "manual"])),
  payment_method_types: v.optional(v.array(text)),
  automatic_payment_methods: v.optional(
    v.strictObject({ enabled: boolean, allow_redirects: v.optional(v.picklist(["always", "never"])) }),
  ),
  setup_future_usage: v.optional(v.picklist(["off_session", "on_session"])),
  statement_descriptor: v.optional(text),
  statement_descriptor_suffix: v.optional(text),
  transfer_group: v.optional(text),
});

export const createPaymentIntent: Operation = (call) => {
  const { books } = call;
  const params = readParams(createParams, call.form);
  checkCurrency(params.currency);
  checkAmount(params.amount);
  if (params.confirm === true && params.payment_method === undefined) {
    throw invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", {
      code: "payment_intent_unexpected_state",
    });
  }
  const intent = newIntent(books, params);
  const attached = params.payment_method === undefined ? intent : attach(books, intent, params.payment_method);
  books.put("payment_intent", attached);
  books.emit("payment_intent.created", attached, call.asked);
  return params.confirm === true ? confirmed(call, attached) : attached;
};

function newIntent(books: Books, params: v.InferOutput<typeof createParams>): Stripe.PaymentIntent {
  const id = books.newId("payment_intent");
  const types = params.payment_method_types ?? ["card"];
  return {
    ...intentOf(books, { id, amount: params.amount, currency: params.currency }),
    automatic_payment_methods:
      params.payment_method_types === undefined
        ? { allow_redirects: params.automatic_payment_methods?.allow_redirects ?? "always", enabled: true }
        : null,
    capture_method: params.capture_method ?? "automatic_async",
    confirmation_method: params.confirmation_method ?? "automatic",
    customer: params.customer ?? null,
    description: params.description ?? null,
    metadata: params.metadata ?? {},
    payment_method_types: types,
    receipt_email: params.receipt_email ?? null,
    setup_future_usage: params.setup_future_usage ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? null,
    transfer_group: params.transfer_group ?? null,
  };
}

export const confirmPaymentIntent: Operation = (call) => {
  const params = readParams(v.strictObject({ ...common, ...confirmParams }), call.form);
  const intent = call.books.require("payment_intent", call.id, "intent");
  if (!["requires_payment_method", "requires_confirmation", "requires_action"].includes(intent.status)) {
    throw unexpectedState(intent, "You cannot confirm this PaymentIntent because");
  }
  const attached = params.payment_method === undefined ? intent : attach(call.books, intent, params.payment_method);
  if (attached.payment_method === null) {
    throw unexpectedState(intent, "You cannot confirm this PaymentIntent because it's missing a payment method and");
  }
  return confirmed(call, attached);
};

export const capturePaymentIntent: Operation = ({ books, asked, form, id }) => {
  const params = readParams(v.strictObject({ ...common, amount_to_capture: v.optional(integer) }), form);
  const intent = books.require("payment_intent", id, "intent");
  if (intent.status !== "requires_capture")
    throw unexpectedState(intent, "This PaymentIntent could not be captured because");
  const amount = params.amount_to_capture ?? intent.amount_capturable;
  if (amount < 1 || amount > intent.amount_capturable) {
    throw invalid("The amount to capture must be at least 1 and at most the amount that can be captured.", {
      code: "amount_too_large",
      param: "amount_to_capture",
    });
  }
  const authorized = books.require("charge", String(intent.latest_charge));
  const method = books.require("payment_method", String(intent.payment_method), "payment_method");
  const charge = captured(books, authorized, amount, testCard(method.card));
  const paid: Stripe.PaymentIntent = { ...intent, amount_capturable: 0, amount_received: amount, status: "succeeded" };
  books.put("charge", charge);
  books.put("payment_intent", paid);
  books.emit("charge.captured", charge, asked);
  books.emit("payment_intent.succeeded", paid, asked);
  afterPayment(books, charge, method.card, asked);
  return paid;
};

const cancelReasons = ["abandoned", "duplicate", "fraudulent", "requested_by_customer"] as const;

export const cancelPaymentIntent: Operation = ({ books, asked, form, id }) => {
  const reason = v.optional(v.picklist(cancelReasons));
  const params = readParams(v.strictObject({ ...common, cancellation_reason: reason }), form);
  const intent = books.require("payment_intent", id, "intent");
  if (intent.status === "succeeded" || intent.status === "canceled") {
    throw unexpectedState(intent, "You cannot cancel this PaymentIntent because");
  }
  const canceled: Stripe.PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    canceled_at: books.now(),
    cancellation_reason: params.cancellation_reason ?? null,
    next_action: null,
    status: "canceled",
  };
  books.put("payment_intent", canceled);
  books.emit("payment_intent.canceled", canceled, asked);
  return canceled;
};

export const retrievePaymentIntent: Operation = ({ books, id }) => books.require("payment_intent", id, "intent");

export const listPaymentIntents: Operation = ({ books, form }) => {
  const params = readParams(v.strictObject({ ...paging, customer: v.optional(text) }), form);
  return listOf(
    books,
    "payment_intent",
    "/v1/payment_intents",
    params,
    ({ customer }) => params.customer === undefined || customer === params.customer,
  );
};
