/**
 * The contracts between the stages: one runtime schema each, the TypeScript type inferred from it.
 * Whoever reads a message from a queue or the bus parses it with these; nobody trusts a shape.
 */
import * as v from "valibot";
import { providerNames } from "./providers.ts";

/**
 * Our small vocabulary; `providerType` keeps the provider's own word. A payment has succeeded when the provider says that
 * the customer has paid, also in cash and also nothing; to check a card with an amount of nothing is `other`.
 */
export const paymentEventTypes = [
  "payment.succeeded",
  "payment.failed",
  "refund.created",
  "dispute.opened",
  "dispute.closed",
  "payout.paid",
  "payout.failed",
  "account.updated",
  "other",
] as const;
export type PaymentEventType = (typeof paymentEventTypes)[number];

/** Types whose events are about money: without a usable amount they are unroutable, not unrouted. */
export const monetaryEventTypes: ReadonlySet<PaymentEventType> = new Set([
  "payment.succeeded",
  "payment.failed",
  "refund.created",
  "dispute.opened",
  "dispute.closed",
  "payout.paid",
  "payout.failed",
]);

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(512));
const isoUtc = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "not an ISO 8601 UTC time with milliseconds"),
);

/**
 * An exact integer in minor units as decimal digits ("1500000" is 15,000.00 USD). A string and not a JSON number, as
 * protobuf's JSON mapping does with int64: JSON readers on the way round numbers above 2^53.
 */
export const minorUnits = v.pipe(v.string(), v.regex(/^-?(0|[1-9]\d{0,29})$/, "not an integer of at most 30 digits"));

/** Why an event about money has no routing amount, for whoever looks after the queue `unroutable`. */
export const amountProblems = [
  /** Not a currency of the ISO table, or not even text. */
  "currency_unknown",
  /** The provider's object has none. */
  "amount_missing",
  /** Not a number in the form that the provider states amounts in. */
  "amount_malformed",
  /** Has digits below the currency's minor unit, such as 1.005 USD. */
  "amount_inexact",
  /** More than 30 digits. */
  "amount_too_large",
  /** Below zero in a payment, where only refunds, disputes and payouts go both ways. */
  "amount_negative",
  /** The currency is known, and config/fx.ts has no rate for it. */
  "rate_unknown",
  /** The object's own state contradicts the event's name: an order that isn't paid, told as paid. */
  "status_contradicts",
  /** The object isn't of the kind that the event's name says. */
  "object_unexpected",
] as const;
export type AmountProblem = (typeof amountProblems)[number];

/** What the provider's object tells the fraud score. */
const signals = v.object({
  cardFingerprint: v.optional(v.pipe(v.string(), v.maxLength(128))),
  cardCountry: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/))),
  customerCountry: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/))),
  /** The provider's own risk score, 0 to 100. */
  providerRiskScore: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
});

export const paymentEventSchema = v.object({
  /** `<provider>:<provider's event id>`: the idempotency key of everything. */
  eventId: id,
  /** `<provider>:<object id>`: events about one payment share it. */
  transactionId: id,
  provider: v.picklist(providerNames),
  type: v.picklist(paymentEventTypes),
  providerType: v.pipe(v.string(), v.maxLength(256)),
  /** The provider's version of the object: one (transactionId, type, version) is one fact, whatever its event id. */
  objectVersion: v.optional(v.pipe(v.string(), v.maxLength(128))),
  /** Digest of what the provider repeats unchanged when it sends the event again: two that differ are two events. */
  contentDigest: v.optional(v.pipe(v.string(), v.maxLength(128))),
  amountMinor: v.optional(minorUnits),
  currency: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))),
  /** For routing only; absent when amount or currency is unusable. US dollars, at least 0, capped. */
  routingAmountUsd: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1e9))),
  /** Why there is no routing amount, if there should be one. */
  amountProblem: v.optional(v.picklist(amountProblems)),
  /** Date of the exchange-rate table behind `routingAmountUsd`. */
  fxDate: v.optional(v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/))),
  signals,
  customerId: v.optional(id),
  occurredAt: isoUtc,
  receivedAt: isoUtc,
  correlationId: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
});
export type PaymentEvent = v.InferOutput<typeof paymentEventSchema>;

/** The webhook as it came: exact body bytes and the headers that prove it. Never goes onto the bus. */
export const rawWebhookSchema = v.object({
  /** Headers the provider's signature scheme reads, lower-case names. */
  headers: v.record(v.string(), v.string()),
  sizeBytes: v.number(),
  /** SHA-256 of the body, hex. */
  sha256: v.string(),
  body: v.variant("kind", [
    v.object({ kind: v.literal("inline"), encoding: v.picklist(["identity", "zstd"]), base64: v.string() }),
    /** Claim check: the body lies in the bucket `webhook-payloads`, encoded as said. */
    v.object({
      kind: v.literal("claim-check"),
      encoding: v.picklist(["identity", "zstd"]),
      bucket: v.string(),
      key: v.string(),
    }),
  ]),
});
export type RawWebhook = v.InferOutput<typeof rawWebhookSchema>;

/**
 * What a person or a command says when an event is sent again; kept on the event's claim. Whoever writes it has proven
 * by its bytes that the event is the one that was first received.
 */
const replayNoteSchema = v.object({
  by: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  why: v.pipe(v.string(), v.minLength(1), v.maxLength(1_000)),
  at: isoUtc,
  /** A completed event is put on the bus again, and recorded nowhere again. Without it, it is left alone. */
  force: v.optional(v.literal(true)),
  /** The sealed archive has the event, and its claim may be forgotten: it is never recorded anew. */
  archived: v.optional(v.literal(true)),
  /**
   * The fingerprint of the first delivery, as its claim has it. The same bytes may be translated to something else by
   * now: an event without a rate then may have one today.
   */
  firstContent: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(128))),
});
export type ReplayNote = v.InferOutput<typeof replayNoteSchema>;

/** A message on the queue `webhook-events`. */
export const webhookMessageSchema = v.object({
  version: v.literal(1),
  /** How it came in: a provider's verified post, or an internal, authorised re-entry (WEBHOOK_RULES 17). */
  source: v.picklist(["webhook", "reconciliation", "replay"]),
  event: paymentEventSchema,
  raw: rawWebhookSchema,
  /** Only in a re-entry by hand (`source` is "replay"). */
  replay: v.optional(replayNoteSchema),
});
export type WebhookMessage = v.InferOutput<typeof webhookMessageSchema>;

/** Envelope of events on the bus `payment-events`: detail-type is the event's type, detail the PaymentEvent. */
export const paymentEventSource = "payment-webhooks";

export const decisions = ["APPROVE", "REVIEW", "BLOCK"] as const;
export type Decision = (typeof decisions)[number];

/** What the fraud detector says of one event. */
export interface FraudScore {
  readonly eventId: string;
  /** 0 (harmless) to 1. */
  readonly score: number;
  readonly decision: Decision;
  readonly reasons: readonly { readonly code: string; readonly weight: number; readonly detail: string }[];
  readonly modelVersion: string;
}

/** The four ways of an event, and the fifth of those without money in them. */
export const tiers = ["high", "medium", "low", "unroutable", "unrouted"] as const;
export type Tier = (typeof tiers)[number];

/**
 * Where the tiers meet, in US dollars with at most two decimals; both ends belong to the medium tier (WEBHOOK_RULES 11).
 * Each environment has its own in config/environments.ts, from which the rules on the bus and the functions get them.
 */
export interface RoutingThresholds {
  /** The smallest amount of the medium tier. */
  readonly mediumFrom: number;
  /** The largest amount of the medium tier. */
  readonly highAbove: number;
}

/** Days covered by the archive partition's shards: `<hour>#<00..15>`. */
export const archiveShards = 16;
