/**
 * The state of a transaction, from the set of its facts. Facts arrive late, twice and in any order; the state depends
 * on none of that, only on which facts there are (WEBHOOK_RULES 7).
 */
import type { AmountProblem, PaymentEvent, PaymentEventType } from "../../../config/events.ts";

type TransactionStatus =
  /** No fact that says anything about money's whereabouts. */
  | "unknown"
  | "failed"
  | "succeeded"
  | "partially-refunded"
  | "refunded"
  | "disputed"
  | "dispute-closed"
  | "paid-out"
  | "payout-failed";

/** The part of a recorded fact that the state is derived from. */
export type TransactionFact = Pick<PaymentEvent, "eventId" | "type" | "occurredAt" | "amountMinor" | "currency"> & {
  /** A fact that repeats another one under a second event id counts for nothing (WEBHOOK_RULES 5). */
  readonly sameFactAs?: string;
  /** As in the event. A fact that contradicts itself counts for nothing either: a person has to look at it. */
  readonly amountProblem?: string;
};

export interface TransactionState {
  readonly status: TransactionStatus;
  /** What was paid, or is to be paid out: by the last fact that says so, minor units of `currency`. */
  readonly amountMinor?: string;
  readonly currency?: string;
  /** Sum of the refunds in `currency`, minor units; "0" without any. */
  readonly refundedMinor: string;
  /** Event ids of the facts that were counted, in the order in which they apply. */
  readonly eventIds: readonly string[];
}

/** Status before refunds are compared with the amount. */
type Step = Exclude<TransactionStatus, "partially-refunded">;

/**
 * Legal transitions: what a fact makes of each status; where a status is missing, the fact changes nothing. So a
 * failure that comes after a success never takes the success back, whenever it is heard of. The order of the entries
 * is the order in which facts of one second apply, since a provider's second has no order of its own.
 */
const transitions: ReadonlyMap<PaymentEventType, { readonly from: readonly Step[]; readonly to: Step }> = new Map([
  ["payment.failed", { from: ["unknown"], to: "failed" }],
  ["payment.succeeded", { from: ["unknown", "failed"], to: "succeeded" }],
  ["refund.created", { from: ["unknown", "failed", "succeeded", "dispute-closed"], to: "refunded" }],
  ["dispute.opened", { from: ["unknown", "failed", "succeeded", "refunded", "dispute-closed"], to: "disputed" }],
  ["dispute.closed", { from: ["unknown", "failed", "succeeded", "refunded", "disputed"], to: "dispute-closed" }],
  ["payout.paid", { from: ["unknown"], to: "paid-out" }],
  // A bank may send a payout back days after it was paid.
  ["payout.failed", { from: ["unknown", "paid-out"], to: "payout-failed" }],
]);
const ranks: ReadonlyMap<PaymentEventType, number> = new Map([...transitions.keys()].map((type, rank) => [type, rank]));

/** Facts that state the transaction's own amount. */
const amountTypes: ReadonlySet<PaymentEventType> = new Set([
  "payment.succeeded",
  "payment.failed",
  "payout.paid",
  "payout.failed",
]);

/** Derives the state. Any permutation and repetition of `facts` gives the same one. */
export function deriveTransactionState(facts: readonly TransactionFact[]): TransactionState {
  const distinct = new Map(facts.filter(isCounted).map((fact) => [fact.eventId, fact]));
  const ordered = [...distinct.values()].sort(byTimeAndRank);
  const step = ordered.reduce<Step>(nextStep, "unknown");
  const stated = amountOf(ordered);
  const refunded = refundedIn(ordered, stated?.currency);
  const isPartial = step === "refunded" && stated !== undefined && refunded < BigInt(stated.amountMinor);
  return {
    status: isPartial ? "partially-refunded" : step,
    ...stated,
    refundedMinor: refunded.toString(),
    eventIds: ordered.map(({ eventId }) => eventId),
  };
}

const contradictions: ReadonlySet<string | undefined> = new Set([
  "status_contradicts",
  "object_unexpected",
] satisfies AmountProblem[]);

function isCounted({ sameFactAs, amountProblem, type }: TransactionFact): boolean {
  return sameFactAs === undefined && !contradictions.has(amountProblem) && ranks.has(type);
}

function nextStep(step: Step, { type }: TransactionFact): Step {
  const transition = transitions.get(type);
  return transition?.from.includes(step) ? transition.to : step;
}

function byTimeAndRank(a: TransactionFact, b: TransactionFact): number {
  const seconds = compare(secondOf(a), secondOf(b));
  return seconds || (ranks.get(a.type) ?? 0) - (ranks.get(b.type) ?? 0) || compare(a.eventId, b.eventId);
}

/** Providers stamp with seconds; what some add below that is no order to rely on between their machines. */
function secondOf({ occurredAt }: TransactionFact): string {
  return occurredAt.slice(0, "YYYY-MM-DDTHH:MM:SS".length);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function amountOf(ordered: readonly TransactionFact[]): { amountMinor: string; currency: string } | undefined {
  const stating = ordered.filter(({ type }) => amountTypes.has(type));
  // A success states what was paid; a failure only what was tried.
  const succeeded = stating.filter(({ type }) => type !== "payment.failed");
  const last = (succeeded.length > 0 ? succeeded : stating).findLast(
    ({ amountMinor, currency }) => amountMinor !== undefined && currency !== undefined,
  );
  const { amountMinor, currency } = last ?? {};
  return amountMinor === undefined || currency === undefined ? undefined : { amountMinor, currency };
}

/** Refunds may be heard of before the payment: then the first one's currency counts. */
function refundedIn(ordered: readonly TransactionFact[], currency: string | undefined): bigint {
  const refunds = ordered.filter(({ type }) => type === "refund.created");
  const counted = currency ?? refunds[0]?.currency;
  return refunds
    .filter((refund) => refund.currency === counted)
    .reduce((sum, { amountMinor }) => sum + BigInt(amountMinor ?? "0"), 0n);
}
