/**
 * What events of each kind made the pipeline do, counted by the local runtime: the file that `npm run demo -- --calls`
 * writes and the cost command reads. Names are without the environment's suffix.
 */
import * as v from "valibot";

/**
 * A kind is sent by itself and drained before the next, so that its figures are its own. A post is of exactly one kind:
 * - the tiers `low`, `medium`, `high`, `unroutable` and `unrouted`: the first post of an event
 * - `reviewed`: high payments that look risky, of which a person decides some (`reviews`)
 * - `claim-checked`: payments of any tier with a body that is too large for a message
 * - `duplicate`: later posts of an event; `same-fact`: a fact that was told under another id
 * - `refused`: posts that are answered with 4xx
 */
export const eventKinds = [
  "low",
  "medium",
  "high",
  "reviewed",
  "unroutable",
  "unrouted",
  "claim-checked",
  "duplicate",
  "same-fact",
  "refused",
] as const;
export type EventKind = (typeof eventKinds)[number];

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const amount = v.pipe(v.number(), v.minValue(0));

const recordedCall = v.strictObject({
  by: v.string(),
  call: v.pipe(v.string(), v.regex(/^[a-z0-9]+:\w+$/)),
  on: v.string(),
  count,
  entries: count,
  bytes: count,
  readUnits: amount,
  writeUnits: amount,
});

/** Lines that were written, and what of them is metrics in CloudWatch's embedded format. */
const recordedLog = v.strictObject({ events: count, bytes: count, metricEvents: count, metricBytes: count });

const recordedKind = v.strictObject({
  posts: v.pipe(count, v.minValue(1)),
  /** Events of these posts that a person decided. */
  reviews: count,
  /** Of all posts, as they were sent. */
  bodyBytes: count,
  /** Of the same bodies as they lie in `transactions`. */
  keptBodyBytes: count,
  calls: v.array(recordedCall),
  /** Log group → what was written to it. */
  logs: v.record(v.string(), recordedLog),
  /** State machine → states that were entered. */
  transitions: v.record(v.string(), count),
  /** Table → what came to lie in it, and in its indexes. */
  stored: v.record(v.string(), v.strictObject({ items: count, bytes: count, indexItems: count, indexBytes: count })),
});

/** What it took to archive the events of all kinds together. */
const recordedArchive = v.strictObject({
  /** Sealed days, and the facts in them. */
  days: v.pipe(count, v.minValue(1)),
  facts: v.pipe(count, v.minValue(1)),
  /** Calls of the archive's functions, its state machine and its schedule. */
  calls: v.array(recordedCall),
  logs: recordedKind.entries.logs,
  transitions: recordedKind.entries.transitions,
  /** Of objects that move to colder storage, and of the lists of event ids, which don't. */
  objectBytes: count,
  eventIdBytes: count,
  /** What of the objects is bodies that were too large for a message: a demo has more of them than a month does. */
  largeBodyBytes: count,
});

export const recordingSchema = v.strictObject({
  /** The command that wrote it. */
  writtenBy: v.string(),
  archive: recordedArchive,
  kinds: v.pipe(
    v.strictObject(v.entriesFromList(eventKinds, recordedKind)),
    v.check(
      ({ high, reviewed }) => reviewed.reviews * high.posts > high.reviews * reviewed.posts,
      "no more reviews among the reviewed than among the high: record more webhooks",
    ),
  ),
});

export type RecordedCall = v.InferOutput<typeof recordedCall>;
export type RecordedLog = v.InferOutput<typeof recordedLog>;
export type RecordedKind = v.InferOutput<typeof recordedKind>;
export type RecordedArchive = v.InferOutput<typeof recordedArchive>;
export type Recording = v.InferOutput<typeof recordingSchema>;
