/** Refunds of charges, whole or in parts. Source: https://docs.stripe.com/api/refunds */
import type Stripe from "stripe";
import * as v from "valibot";
import { book, checkAmount } from "./balance.ts";
import type { Books } from "./books.ts";
import type { Operation } from "./call.ts";
import { invalid } from "./errors.ts";
import { listOfPayments } from "./lists.ts";
import { common, integer, metadata, readParams, text } from "./params.ts";
import { testCard } from "./test-cards.ts";

const createParams = v.strictObject({
  ...common,
  amount: v.optional(integer),
  charge: v.optional(text),
  payment_intent: v.optional(text),
  reason: v.optional(v.picklist(["duplicate", "fraudulent", "requested_by_customer"])),
  metadata: v.optional(metadata),
});

/** How long a bank takes to give a refund back; days at Stripe, and less with its test cards. */
const failureSeconds = 60;

export const createRefund: Operation = ({ books, asked, form }) => {
  const params = readParams(createParams, form);
  const charge = chargeToRefund(books, params);
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = params.amount ?? left;
  if (charge.refunded) {
    throw invalid(`Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" });
  }
  if (charge.disputed) {
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: "charge_disputed" });
  }
  checkAmount(amount);
  if (amount > left) {
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`, {
      param: "amount",
    });
  }
  const made = refundOf(books, charge, amount);
  const transaction = book(books, {
    type: "refund",
    category: "refund",
    amount: -amount,
    currency: charge.currency,
    source: made.id,
    isAvailableAtOnce: true,
    description: `REFUND FOR CHARGE${charge.description === null ? "" : ` (${charge.description})`}`,
  });
  const refund: Stripe.Refund = {
    ...made,
    balance_transaction: transaction.id,
    metadata: params.metadata ?? {},
    reason: params.reason ?? null,
  };
  const refunded = withRefund(charge, amount);
  books.put("refund", refund);
  books.put("charge", refunded);
  books.emit("refund.created", refund, asked);
  books.emit("charge.refunded", refunded, asked, {
    amount_refunded: charge.amount_refunded,
    ...(refunded.refunded && { refunded: false }),
  });
  if (takesNoRefund(books, charge)) {
    books.awaitEnd("refund", refund.id, books.now() + Math.ceil(books.scaledSeconds(failureSeconds)));
  }
  return refund;
};

function takesNoRefund(books: Books, { payment_method: id }: Stripe.Charge): boolean {
  const method = id === null ? undefined : books.get("payment_method", id);
  return method !== undefined && testCard(method.card).takesNoRefund === true;
}

/** The charge once the amount is given back. */
function withRefund(charge: Stripe.Charge, amount: number): Stripe.Charge {
  const sum = charge.amount_refunded + amount;
  return { ...charge, amount_refunded: sum, refunded: sum === charge.amount_captured };
}

/** @throws StripeRefusal where there is no such charge, or no money to give back */
function chargeToRefund(
  books: Books,
  params: { readonly charge?: string | undefined; readonly payment_intent?: string | undefined },
): Stripe.Charge {
  if ((params.charge === undefined) === (params.payment_intent === undefined)) {
    throw invalid("One of the following params should be provided for this request: payment_intent or charge.");
  }
  const intent =
    params.payment_intent === undefined
      ? undefined
      : books.require("payment_intent", params.payment_intent, "payment_intent");
  const id = intent === undefined ? params.charge : intent.latest_charge;
  if (typeof id !== "string") {
    const message = `This PaymentIntent (${intent?.id}) does not have a successful charge to refund.`;
    throw invalid(message, { code: "resource_missing", param: "payment_intent" });
  }
  const charge = books.require("charge", id, "charge");
  if (!charge.captured || charge.status !== "succeeded") {
    throw invalid(`Charge ${id} has not been captured; cannot issue a refund.`, { code: "charge_not_refundable" });
  }
  return charge;
}

export function refundOf(books: Books, charge: Stripe.Charge, amount: number): Stripe.Refund {
  return {
    id: books.newId("refund"),
    object: "refund",
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: books.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    },
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  };
}

export const retrieveRefund: Operation = ({ books, id }) => books.require("refund", id);

export const listRefunds: Operation = ({ books, form }) => listOfPayments(books, "refund", "/v1/refunds", form);
