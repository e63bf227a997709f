/**
 * Stripe's test cards, by the name that follows `pm_card_` and `tok_`. Source: https://docs.stripe.com/testing
 * Disputes: https://docs.stripe.com/testing#disputes Refunds: https://docs.stripe.com/testing#refunds
 */
import { noSuch } from "./errors.ts";

export interface TestCard {
  readonly brand: string;
  readonly last4: string;
  /** Why the issuer or Stripe refuses it. */
  readonly decline?: { readonly code: string; readonly declineCode: string; readonly message: string };
  readonly riskLevel?: "elevated" | "highest";
  /** A payment is disputed as soon as it is made, for this reason; an inquiry takes no money. */
  readonly dispute?: { readonly reason: string; readonly isInquiry?: boolean };
  readonly needsAuthentication?: boolean;
  /** A refund succeeds at first, and is given back some time later. */
  readonly takesNoRefund?: boolean;
  /** The money can be paid out at once. */
  readonly isAvailableAtOnce?: boolean;
}

const visa = (last4: string, rest: Omit<TestCard, "brand" | "last4"> = {}): TestCard => ({
  brand: "visa",
  last4,
  ...rest,
});
const declined = (
  last4: string,
  declineCode: string,
  { code = "card_declined", message = "Your card was declined." } = {},
) => visa(last4, { decline: { code, declineCode, message } });
const disputed = (last4: string, reason: string, isInquiry = false) => visa(last4, { dispute: { reason, isInquiry } });

const declinedGenerically = declined("0002", "generic_decline");
const fundsMissing = declined("9995", "insufficient_funds", { message: "Your card has insufficient funds." });

const testCards: Readonly<Record<string, TestCard>> = {
  visa: visa("4242"),
  visa_debit: visa("5556"),
  mastercard: { brand: "mastercard", last4: "4444" },
  mastercard_debit: { brand: "mastercard", last4: "8210" },
  amex: { brand: "amex", last4: "0005" },
  discover: { brand: "discover", last4: "1117" },
  jcb: { brand: "jcb", last4: "0505" },
  chargeDeclined: declinedGenerically,
  visa_chargeDeclined: declinedGenerically,
  chargeDeclinedInsufficientFunds: fundsMissing,
  visa_chargeDeclinedInsufficientFunds: fundsMissing,
  visa_chargeDeclinedLostCard: declined("9987", "lost_card"),
  visa_chargeDeclinedStolenCard: declined("9979", "stolen_card"),
  chargeDeclinedExpiredCard: declined("0069", "expired_card", {
    code: "expired_card",
    message: "Your card has expired.",
  }),
  chargeDeclinedIncorrectCvc: declined("0127", "incorrect_cvc", {
    code: "incorrect_cvc",
    message: "Your card's security code is incorrect.",
  }),
  chargeDeclinedProcessingError: declined("0119", "processing_error", {
    code: "processing_error",
    message: "An error occurred while processing your card. Try again in a little bit.",
  }),
  chargeDeclinedFraudulent: visa("0019", {
    riskLevel: "highest",
    decline: { code: "card_declined", declineCode: "fraudulent", message: "Your card was declined." },
  }),
  riskLevelElevated: visa("9235", { riskLevel: "elevated" }),
  createDispute: disputed("0259", "fraudulent"),
  createDisputeProductNotReceived: disputed("2685", "product_not_received"),
  createDisputeInquiry: disputed("1976", "fraudulent", true),
  authenticationRequired: visa("3184", { needsAuthentication: true }),
  threeDSecure2Required: visa("3220", { needsAuthentication: true }),
  refundFail: visa("5126", { takesNoRefund: true }),
  bypassPending: visa("0077", { isAvailableAtOnce: true }),
};

/** @throws StripeRefusal for an id that names no test card */
export function testCardNamed(id: string, param: string): string {
  const name = id.replace(/^(pm_card_|tok_)/, "");
  if (name === id || !Object.hasOwn(testCards, name))
    throw noSuch(id.startsWith("tok_") ? "token" : "PaymentMethod", id, param);
  return name;
}

/** @throws Error for a name that isn't one of a test card */
export function testCard(name: string): TestCard {
  const card = testCards[name];
  if (card === undefined) throw new Error(`There is no test card ${name}.`);
  return card;
}
