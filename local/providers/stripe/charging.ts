/** What happens when a test card is charged: a charge, the money's movement, and a dispute where the card asks for one. */
import type Stripe from "stripe";
import { book, cardFeeMinor } from "./balance.ts";
import type { Asked, Books } from "./books.ts";
import { openDispute } from "./disputes.ts";
import { newId } from "./ids.ts";
import { type TestCard, testCard } from "./test-cards.ts";

export interface ChargeRequest {
  readonly amount: number;
  readonly currency: string;
  /** Name in test-cards.ts. */
  readonly card: string;
  readonly paymentMethod: string;
  readonly capture: boolean;
  readonly intent?: string;
  readonly customer?: string | null;
  readonly description?: string | null;
  readonly metadata?: Stripe.Metadata;
  readonly receiptEmail?: string | null;
  readonly statementDescriptor?: string | null;
  readonly statementDescriptorSuffix?: string | null;
  readonly transferGroup?: string | null;
}

/** Charges the card, tells of it by events, and gives the charge, which may have failed. */
export function chargeCard(books: Books, request: ChargeRequest, asked: Asked): Stripe.Charge {
  const card = testCard(request.card);
  const made = newCharge(books, request, card);
  if (card.decline !== undefined) {
    books.put("charge", made);
    books.emit("charge.failed", made, asked);
    return made;
  }
  const charge = request.capture ? captured(books, made, made.amount, card) : made;
  books.put("charge", charge);
  books.emit("charge.succeeded", charge, asked);
  return charge;
}

/** What a card asks for once its payment is through; after the payment's own events, as at Stripe. */
export function afterPayment(books: Books, charge: Stripe.Charge, cardName: string, asked: Asked): void {
  const { dispute } = testCard(cardName);
  if (dispute !== undefined && charge.captured) openDispute(books, charge, dispute, asked);
}

/** The charge with its money moved; what isn't captured is given back to the card. */
export function captured(books: Books, charge: Stripe.Charge, amount: number, card: TestCard): Stripe.Charge {
  const transaction = book(books, {
    type: "charge",
    category: "charge",
    amount,
    currency: charge.currency,
    source: charge.id,
    feeMinor: cardFeeMinor(books, amount, charge.currency),
    isAvailableAtOnce: card.isAvailableAtOnce === true,
    description: charge.description,
  });
  return { ...charge, captured: true, amount_captured: amount, balance_transaction: transaction.id };
}

export function newCharge(books: Books, request: ChargeRequest, card: TestCard): Stripe.Charge {
  const id = books.newId("charge");
  const { decline } = card;
  return {
    id,
    object: "charge",
    amount: request.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: request.statementDescriptor ?? "LOCAL",
    captured: false,
    created: books.now(),
    currency: request.currency,
    customer: request.customer ?? null,
    description: request.description ?? null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: request.metadata ?? {},
    on_behalf_of: null,
    outcome: outcomeOf(card),
    paid: decline === undefined,
    payment_intent: request.intent ?? null,
    payment_method: request.paymentMethod,
    payment_method_details: { card: cardDetails(books, request, card), type: "card" },
    receipt_email: request.receiptEmail ?? null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: request.statementDescriptor ?? null,
    statement_descriptor_suffix: request.statementDescriptorSuffix ?? null,
    status: decline === undefined ? "succeeded" : "failed",
    transfer_data: null,
    transfer_group: request.transferGroup ?? null,
  };
}

const riskScores = { normal: 20, elevated: 68, highest: 90 } as const;

function outcomeOf({ decline, riskLevel }: TestCard): Stripe.Charge.Outcome {
  const risk = { risk_level: riskLevel ?? "normal", risk_score: riskScores[riskLevel ?? "normal"] };
  const unsaid = { advice_code: null, network_advice_code: null, network_decline_code: null };
  if (decline === undefined) {
    const words = { reason: null, seller_message: "Payment complete.", type: "authorized" };
    return { ...unsaid, ...risk, ...words, network_status: "approved_by_network" };
  }
  if (riskLevel === "highest") {
    const words = {
      reason: "highest_risk_level",
      seller_message: "Stripe blocked this payment as too risky.",
      type: "blocked",
    };
    return { ...unsaid, ...risk, ...words, network_status: "not_sent_to_network" };
  }
  const words = {
    reason: decline.declineCode,
    seller_message: "The bank did not return any further details with this decline.",
    type: "issuer_declined",
  };
  return { ...unsaid, ...risk, ...words, network_decline_code: "01", network_status: "declined_by_network" };
}

function cardDetails(
  books: Books,
  { amount, card: name }: ChargeRequest,
  card: TestCard,
): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: card.decline === undefined ? amount : null,
    authorization_code: card.decline === undefined ? newId("", 6).toUpperCase() : null,
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: "US",
    electronic_commerce_indicator: null,
    exp_month: 12,
    exp_year: new Date(books.now() * 1000).getUTCFullYear() + 2,
    // The same for each payment with the card, and the same at every account, as one person's card is.
    fingerprint: fingerprintOf(name),
    funding: name.endsWith("_debit") ? "debit" : "credit",
    installments: null,
    last4: card.last4,
    mandate: null,
    network: card.brand,
    network_transaction_id: newId("", 15).toUpperCase(),
    regulated_status: "unregulated",
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}

function fingerprintOf(name: string): string {
  return `Fp${name.replaceAll("_", "")}0000000000000000`.slice(0, 16);
}
