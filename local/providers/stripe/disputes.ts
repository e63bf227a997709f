/** Disputes: a cardholder's bank takes the money back, and the evidence decides who keeps it. */
import type Stripe from "stripe";
import { book, disputeFeeMinor } from "./balance.ts";
import type { Asked, Books } from "./books.ts";
import { invalid } from "./errors.ts";

const answerDays = 9;
const daySeconds = 24 * 60 * 60;

/** What a bank asks; an inquiry asks only, and takes no money. */
export interface DisputeRequest {
  readonly reason: string;
  readonly isInquiry?: boolean;
}

export function openDispute(
  books: Books,
  charge: Stripe.Charge,
  { reason, isInquiry = false }: DisputeRequest,
  asked: Asked,
): Stripe.Dispute {
  const id = books.newId("dispute");
  const made = newDispute(books, id, charge, reason);
  const dispute: Stripe.Dispute = isInquiry
    ? { ...made, status: "warning_needs_response" }
    : { ...made, balance_transactions: [withdraw(books, made)] };
  books.put("dispute", dispute);
  books.put("charge", { ...charge, disputed: true });
  books.emit("charge.dispute.created", dispute, asked);
  if (!isInquiry) books.emit("charge.dispute.funds_withdrawn", dispute, asked);
  return dispute;
}

function withdraw(books: Books, dispute: Stripe.Dispute): Stripe.BalanceTransaction {
  return book(books, {
    type: "adjustment",
    category: "dispute",
    amount: -dispute.amount,
    currency: dispute.currency,
    source: dispute.id,
    feeMinor: disputeFeeMinor,
    isAvailableAtOnce: true,
    description: `Chargeback withdrawal for ${dispute.charge}`,
  });
}

/** @throws StripeRefusal when it is over already */
export function closeDispute(
  books: Books,
  dispute: Stripe.Dispute,
  outcome: "won" | "lost",
  asked: Asked,
): Stripe.Dispute {
  if (isOver(dispute)) throw invalid("This dispute is already closed.", { code: "dispute_already_closed" });
  const isInquiry = String(dispute.status).startsWith("warning_");
  const reinstated = outcome === "won" && !isInquiry ? [reinstate(books, dispute)] : [];
  const closed: Stripe.Dispute = {
    ...dispute,
    balance_transactions: [...dispute.balance_transactions, ...reinstated],
    status: isInquiry ? "warning_closed" : outcome,
  };
  books.put("dispute", closed);
  if (reinstated.length > 0) books.emit("charge.dispute.funds_reinstated", closed, asked);
  books.emit("charge.dispute.closed", closed, asked, { status: dispute.status });
  return closed;
}

function reinstate(books: Books, dispute: Stripe.Dispute): Stripe.BalanceTransaction {
  return book(books, {
    type: "adjustment",
    category: "dispute_reversal",
    amount: dispute.amount,
    currency: dispute.currency,
    source: dispute.id,
    isAvailableAtOnce: true,
    description: `Chargeback reversal for ${dispute.charge}`,
  });
}

/**
 * Takes evidence. In test mode, the texts `winning_evidence` and `losing_evidence` decide it at once.
 * Source: https://docs.stripe.com/testing#disputes
 * @throws StripeRefusal when it is over already
 */
export function answerDispute(
  books: Books,
  dispute: Stripe.Dispute,
  { text, metadata, isSubmitted }: { text?: string; metadata?: Stripe.Metadata; isSubmitted: boolean },
  asked: Asked,
): Stripe.Dispute {
  if (isOver(dispute)) throw invalid("This dispute is already closed.", { code: "dispute_already_closed" });
  const isInquiry = String(dispute.status).startsWith("warning_");
  const hasEvidence = text !== undefined;
  const updated: Stripe.Dispute = {
    ...dispute,
    metadata: { ...dispute.metadata, ...metadata },
    evidence: { ...dispute.evidence, ...(hasEvidence && { uncategorized_text: text }) },
    evidence_details: {
      ...dispute.evidence_details,
      has_evidence: dispute.evidence_details.has_evidence || hasEvidence,
      submission_count: dispute.evidence_details.submission_count + (hasEvidence && isSubmitted ? 1 : 0),
    },
    ...(hasEvidence &&
      isSubmitted && { status: isInquiry ? ("warning_under_review" as const) : ("under_review" as const) }),
  };
  books.put("dispute", updated);
  books.emit("charge.dispute.updated", updated, asked, { evidence: dispute.evidence, status: dispute.status });
  if (!isSubmitted) return updated;
  if (text === "winning_evidence") return closeDispute(books, updated, "won", asked);
  return text === "losing_evidence" ? closeDispute(books, updated, "lost", asked) : updated;
}

function isOver({ status }: Stripe.Dispute): boolean {
  return status === "won" || status === "lost" || status === "warning_closed";
}

export function newDispute(books: Books, id: string, charge: Stripe.Charge, reason: string): Stripe.Dispute {
  return {
    id,
    object: "dispute",
    amount: charge.amount_captured,
    balance_transactions: [],
    charge: charge.id,
    created: books.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: books.now() + answerDays * daySeconds,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "manual",
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: "visa",
        case_type: "chargeback",
        network: "visa",
        network_reason_code: reason === "fraudulent" ? "10.4" : "13.1",
      },
      type: "card",
    },
    reason,
    status: "needs_response",
  };
}

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
