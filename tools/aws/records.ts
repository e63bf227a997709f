/** The items of the two tables as the commands see them. Items are checked when they are read; nobody trusts a shape. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { decisions, minorUnits, paymentEventTypes, tiers } from "../../config/events.ts";

const text = v.string();
const count = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));
/** A score or a routing amount. Money is never read so: it stays text. */
const number = v.pipe(v.string(), v.decimal(), v.transform(Number));

const reasons = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ code: v.string(), weight: v.number(), detail: v.string() })),
);

/** `review#<eventId>` in `processed-webhooks`, as workflows/high-value-review.asl.json writes it. */
const review = v.object({
  eventId: v.pipe(
    text,
    v.transform((key) => key.slice(reviewKey("").length)),
  ),
  /** Removed when the review closes, so that the index of open reviews stays sparse. */
  reviewStatus: v.optional(v.literal("OPEN")),
  openedAt: text,
  closedAt: v.optional(text),
  /** Answers the execution that waits; fresh with each escalation. To be shown to nobody. */
  taskToken: v.optional(text),
  transactionId: text,
  amountMinor: minorUnits,
  currency: text,
  score: number,
  reasons,
  escalations: count,
});
export type ReviewRecord = v.InferOutput<typeof review>;

/** A claim in `processed-webhooks`: `<eventId>` is the deduplication's, `workflow#<eventId>` a state machine's. */
const claim = v.object({
  status: text,
  source: v.optional(text),
  correlationId: v.optional(text),
  processingStartedAt: v.optional(text),
  processingCompletedAt: v.optional(text),
  retryCount: v.optional(count, "0"),
  result: v.optional(text),
  error: v.optional(text),
  /** Id of the execution that holds it or held it last. */
  owner: v.optional(text),
  firstReceivedAt: v.optional(text),
  firstOccurredAt: v.optional(text),
  /** Fingerprint of what the first delivery said. */
  firstContent: v.optional(text),
  /** Epoch milliseconds; absent once it has ended, and while it is held until its owner ends it. */
  leaseExpiresAt: v.optional(count),
  /** Epoch seconds at which the record counts no more; the table forgets it some time later. */
  ttl: v.optional(count),
  /** Who has sent the event again, and why; oldest first, since each text begins with its time. */
  replays: v.optional(
    v.pipe(
      v.set(text),
      v.transform((texts) => [...texts].sort()),
      v.array(v.pipe(text, v.parseJson(), v.object({ at: text, by: text, why: text }))),
    ),
  ),
});
export type ClaimRecord = v.InferOutput<typeof claim>;

const fact = v.object({
  kind: v.literal("fact"),
  eventId: text,
  transactionId: text,
  provider: text,
  type: v.picklist(paymentEventTypes),
  providerType: text,
  amountMinor: v.optional(minorUnits),
  currency: v.optional(text),
  routingAmountUsd: v.optional(number),
  fxDate: v.optional(text),
  amountProblem: v.optional(text),
  customerId: v.optional(text),
  occurredAt: text,
  receivedAt: text,
  correlationId: text,
  source: text,
  tier: v.picklist(tiers),
  /** Removed when its day is sealed, so that the index holds what is still to be archived. */
  archivePartition: v.optional(text),
  sameFactAs: v.optional(text),
});
export type FactRecord = v.InferOutput<typeof fact>;

/** The webhook as it came, without what was in it. */
const raw = v.object({
  kind: v.literal("raw"),
  eventId: text,
  receivedAt: text,
  sizeBytes: count,
  sha256: text,
  encoding: text,
  bucket: v.optional(text),
  key: v.optional(text),
});
export type RawRecord = v.InferOutput<typeof raw>;

const decision = v.object({
  kind: v.literal("decision"),
  eventId: text,
  decision: v.picklist(decisions),
  score: number,
  reasons,
  modelVersion: text,
  decidedAt: text,
  decidedBy: text,
  why: v.optional(text),
  tier: v.picklist(tiers),
});
export type DecisionRecord = v.InferOutput<typeof decision>;

const entry = v.variant("kind", [fact, raw, decision, v.object({ kind: v.literal("version") })]);
export type EntryRecord = v.InferOutput<typeof entry>;

type Item = Readonly<Record<string, AttributeValue>>;

export const readReview = reader("review", review);
export const readClaim = reader("claim", claim);
/** Entries of `transactions`. Unknown attributes, the body and the headers among them, are dropped here. */
export const readEntry = reader("entry", entry);

/** Key of an event's review. */
export function reviewKey(eventId: string): string {
  return `review#${eventId}`;
}

/** DynamoDB refuses to look for an empty key, or for a longer one. Nothing has such a key. */
export function canBeKey(key: string): boolean {
  return key !== "" && Buffer.byteLength(key) <= 2048;
}

/** Numbers come as their text: an amount may have more digits than a JavaScript number. */
function reader<T>(what: string, schema: v.GenericSchema<unknown, T>): (item: Item) => T {
  return (item) => {
    const result = v.safeParse(schema, unmarshall(item, { wrapNumbers: (digits) => digits }));
    if (result.success) return result.output;
    const places = result.issues.map((issue) => v.getDotPath(issue) ?? "its shape");
    throw new Error(`A ${what} in the table is not as this version writes it: ${[...new Set(places)].join(", ")}`);
  };
}
