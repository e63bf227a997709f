/**
 * The archive's contracts: where its objects lie in the bucket `transaction-audit-logs`, which columns they have and
 * what a manifest says. The functions that write it and the tools that prove it both go by these.
 *
 * A day is the UTC day of the first receipt. Its manifest seals it: whatever comes later goes into an addendum of the
 * day, with objects and a manifest of its own. Manifests form one chain by `sequence` and `previous`, in the order of
 * their sealing. Modelled on the digest files of CloudTrail's log file integrity validation.
 */
import * as v from "valibot";
import { archiveShards, paymentEventTypes } from "./events.ts";

const day = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/, "not a day, YYYY-MM-DD"));
const isoUtc = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "not a UTC time"));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "not a SHA-256 in lower-case hex"));
const hour = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3])$/, "not an hour, 00 to 23"));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const decimalDigits = v.pipe(v.string(), v.regex(/^-?(0|[1-9]\d*)$/, "not a whole number"));

/** Two digits of an hour, "00" to "23". */
export type Hour = string;

/** A part of an hour that one function archives. */
export const slicePlaceSchema = v.object({
  day,
  hour,
  /** Number of the slice within its hour, from 0. */
  slice: count,
  /** Shards of the archive partition that it covers, ascending. */
  shards: v.pipe(v.array(v.pipe(count, v.maxValue(archiveShards - 1))), v.minLength(1)),
  /** Provisional sequence of the addendum that it is for; absent while its day isn't sealed. */
  addendum: v.optional(v.pipe(count, v.minValue(1))),
  /** When the addendum was planned; absent without one. */
  plannedAt: v.optional(isoUtc),
});
export type SlicePlace = Readonly<v.InferOutput<typeof slicePlaceSchema>>;

/**
 * Keys of the archive. Everything is written once (`If-None-Match: *`) and never changed.
 * `addendum` is the sequence of the addendum's manifest in the chain; the day's own objects have none. In objects' keys
 * it is the sequence that was to be expected when they were planned: what belongs to what is said by manifests alone.
 */
export const archiveKeys = {
  transactions: (day: string, hour: Hour, part: number, addendum?: number) =>
    `transactions/dt=${day}/hour=${hour}/${partName(part, addendum)}.parquet`,
  raw: (day: string, hour: Hour, part: number, addendum?: number) =>
    `raw/dt=${day}/hour=${hour}/${partName(part, addendum)}.parquet`,
  manifest: (day: string, addendum?: number) =>
    `manifests/dt=${day}${addendum === undefined ? "" : `.addendum-${padded(addendum, 8)}`}.json`,
  /** DER signature over the manifest's bytes: `openssl dgst -sha256 -verify key.pem -signature <this> <manifest>`. */
  signature: (manifestKey: string) => `${manifestKey}.sig`,
  /**
   * What one slice of an hour came to, for the seal; not part of the archive. Another division of the hour has other
   * keys, and so has another state of the archive: `after` is the sequence of the day's last manifest, if it has one.
   * What is late is looked for anew by each plan: what came to nothing yesterday may be complete today.
   */
  slice: ({ day, hour, slice, shards, addendum, plannedAt = "" }: SlicePlace, after?: number) => {
    const planned = `planned-${plannedAt.replace(/\W/g, "")}`;
    const late =
      addendum === undefined ? "" : `addendum-${padded(addendum, 8)}-after-${padded(after ?? 0, 8)}-${planned}-`;
    return `staging/dt=${day}/hour=${hour}/${late}slice-${padded(slice, 2)}-shards-${shards.join("-")}.json`;
  },
  /** Names objects of one manifest that Athena's table of this kind reads; not part of the archive. */
  tableFile: (
    kind: "transactions" | "raw",
    { day, hour, sequence }: { readonly day: string; readonly hour: Hour; readonly sequence: number },
  ) => `${archiveKeys.tables(kind, day)}hour=${hour}/${padded(sequence, 8)}.txt`,
  /** Prefix of a table's files of a day. */
  tables: (kind: "transactions" | "raw", day: string): string => `tables/${kind}/dt=${day}/`,
  /** Events of the object of transactions with this SHA-256; not part of the archive (domain/archive/event-ids.ts). */
  eventIds: (sha256: string) => `event-ids/${sha256}.jsonl.gz`,
  /** Entries of a list that is too long for the manifest which names them (domain/archive/entry-list.ts). */
  list: (sha256: string) => `lists/${sha256}.jsonl.gz`,
  /** What the first seal of the execution that began then has found of unfinished events; not part of the archive. */
  exceptions: (startedAt: string) => `staging/exceptions/${startedAt.replace(/\W/g, "")}.json`,
  /** The bytes of a manifest, written before it is signed: whoever creates this key has that place in the chain. */
  chain: (sequence: number) => `${chainPrefix}${padded(sequence, 8)}.json`,
} as const;

/**
 * Prefix of the places in the chain; not part of the archive. They live as long as manifests do: after the longest
 * standstill, the last one says how far the chain goes.
 */
export const chainPrefix = "chain/";

/** Prefixes under which an object that no manifest names is one too many. */
export const archivePrefixes = ["transactions/", "raw/", "manifests/"] as const;

/** Prefixes of what is read seldom and moves to colder storage. The archive's functions read the rest at any time. */
export const coldPrefixes = ["transactions/", "raw/"] as const;

function partName(part: number, addendum: number | undefined): string {
  return `${addendum === undefined ? "" : `addendum-${padded(addendum, 8)}-`}part-${padded(part, 3)}`;
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}

/** Physical types: Parquet, DuckDB and Athena agree on them. Amounts are DECIMAL(38,0), never floats. */
export type ColumnType = "text" | "integer" | "decimal" | "timestamp-ms" | "bytes" | "score";

export interface Column {
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly description: string;
}

/** `transactions/…`: one row per fact, and one more (`entry` = "decision") for a decision that came after its day's seal. */
export const transactionColumns = {
  entry: { type: "text", nullable: false, description: "fact, or decision for one that came after the seal" },
  event_id: { type: "text", nullable: false, description: "<provider>:<the provider's event id>" },
  transaction_id: { type: "text", nullable: false, description: "<provider>:<object id>" },
  provider: { type: "text", nullable: false, description: "who sent it" },
  type: { type: "text", nullable: false, description: "our word: payment.succeeded, refund.created, …" },
  provider_type: { type: "text", nullable: false, description: "the provider's word" },
  object_version: { type: "text", nullable: true, description: "the provider's version of the object" },
  amount_minor: { type: "decimal", nullable: true, description: "exact, in the currency's minor units" },
  currency: { type: "text", nullable: true, description: "ISO 4217" },
  amount_problem: { type: "text", nullable: true, description: "why there is no routing amount" },
  routing_usd_cents: { type: "integer", nullable: true, description: "US cents that it was routed by; approximate" },
  tier: { type: "text", nullable: false, description: "high, medium, low, unroutable or unrouted" },
  same_fact_as: { type: "text", nullable: true, description: "event id of the fact that this repeats; not in sums" },
  customer_id: { type: "text", nullable: true, description: "the provider's id of the customer" },
  decision: { type: "text", nullable: true, description: "APPROVE, REVIEW or BLOCK; absent while undecided" },
  score: { type: "score", nullable: true, description: "fraud score, 0 to 1" },
  decided_by: { type: "text", nullable: true, description: "fraud-detector or the reviewer" },
  decided_at: { type: "timestamp-ms", nullable: true, description: "when it was decided" },
  occurred_at: { type: "timestamp-ms", nullable: false, description: "by the provider's clock" },
  received_at: { type: "timestamp-ms", nullable: false, description: "first receipt" },
  correlation_id: { type: "text", nullable: false, description: "joins it with the logs" },
  source: { type: "text", nullable: false, description: "webhook, reconciliation or replay" },
  raw_sha256: { type: "text", nullable: true, description: "of the body; the row of raw/ with this event id has it" },
} as const satisfies Record<string, Column>;

/** `raw/…`: the exact bytes of each fact's delivery with the headers that prove them. */
export const rawColumns = {
  event_id: { type: "text", nullable: false, description: "as in transactions/" },
  received_at: { type: "timestamp-ms", nullable: false, description: "when these bytes came in" },
  headers: { type: "text", nullable: false, description: "JSON object of the signature scheme's headers" },
  encoding: { type: "text", nullable: false, description: "identity or zstd" },
  body: { type: "bytes", nullable: true, description: "encoded as said; absent where it was gone before the seal" },
  size_bytes: { type: "integer", nullable: false, description: "of the body, decoded" },
  sha256: { type: "text", nullable: false, description: "of the body, decoded; lower-case hex" },
} as const satisfies Record<string, Column>;

const sum = v.object({
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
  type: v.picklist(paymentEventTypes),
  provider: v.string(),
  rows: count,
  /** Exact sum in minor units; facts that repeat another under a second id are not in it. */
  amountMinor: decimalDigits,
});
export type ArchiveSum = v.InferOutput<typeof sum>;

const archiveObject = v.object({
  key: v.string(),
  kind: v.picklist(["transactions", "raw"]),
  sha256,
  sizeBytes: count,
  rows: count,
  /** First receipt of its first and last row; absent for raw objects. */
  firstReceivedAt: v.optional(isoUtc),
  lastReceivedAt: v.optional(isoUtc),
});
export type ArchiveObject = v.InferOutput<typeof archiveObject>;

/** What one slice came to. Sums over an hour's, a day's or an addendum's slices are what its manifest says. */
export const sliceResultSchema = v.object({
  version: v.literal(1),
  day,
  hour,
  slice: count,
  /** Shards that it covers, so that the seal can tell that nothing is missing and nothing there twice. */
  shards: v.array(count),
  /** Sequence of the day's last manifest that it was compared with; absent for what the day's own manifest seals. */
  after: v.optional(count),
  objects: v.array(archiveObject),
  facts: count,
  lateDecisions: count,
  sums: v.array(sum),
  firstReceivedAt: v.optional(isoUtc),
  lastReceivedAt: v.optional(isoUtc),
  /** Facts in it that wait for a decision, so that an addendum can bring it. */
  undecided: count,
  /** Raw rows in it without a body: where that was to lie, nothing was. */
  missingBodies: v.optional(count, 0),
  /** Sealed objects of which something is in the index still: their release didn't come to its end. */
  unreleased: v.array(v.string()),
});
export type SliceResult = v.InferOutput<typeof sliceResultSchema>;

/** An event that was accepted and isn't finished. */
export const exceptionSchema = v.object({
  eventId: v.string(),
  status: v.string(),
  /** First receipt. */
  receivedAt: isoUtc,
  error: v.optional(v.string()),
});
export type Exception = v.InferOutput<typeof exceptionSchema>;

/** Further entries of a list: an object of JSON lines, gzip'd. */
const listObject = v.object({ key: v.string(), sha256, sizeBytes: count, entries: count });
export type ListObject = v.InferOutput<typeof listObject>;

/** Unfinished events as the seals of one execution go by them. */
export const toldExceptionsSchema = v.object({ entries: v.array(exceptionSchema), lists: v.array(listObject) });

export const manifestSchema = v.object({
  version: v.literal(1),
  kind: v.picklist(["day", "addendum"]),
  day,
  /** Position in the chain, from 1. */
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** The manifest before this one; absent for the first. */
  previous: v.optional(v.object({ key: v.string(), sha256 })),
  sealedAt: isoUtc,
  /** Environment and account that sealed it, so that archives can't be swapped. */
  environment: v.string(),
  /** ARN of the KMS key, and SHA-256 of its public half (DER), under which auditors keep it. */
  signingKey: v.object({ arn: v.string(), publicKeySha256: sha256 }),
  objects: v.array(archiveObject),
  facts: count,
  lateDecisions: count,
  /** Ordered by currency, type, provider. */
  sums: v.array(sum),
  firstReceivedAt: v.optional(isoUtc),
  lastReceivedAt: v.optional(isoUtc),
  /** Facts in its objects that waited for a decision; their rows say which. A decision comes with an addendum. */
  undecided: count,
  /** Raw rows in its objects whose body was gone before the seal; they have its SHA-256 and the headers. */
  missingBodies: v.optional(count, 0),
  /**
   * Accepted in this day and not COMPLETED (or SKIPPED) when the seal looked; only in manifests of days. Where there are
   * very many, these are the first, and the others are in the lists.
   */
  exceptions: v.array(exceptionSchema),
  exceptionLists: v.optional(v.array(listObject)),
  /** The same of earlier days, with those that were claimed only after their day's seal; absent where there are none. */
  earlierExceptions: v.optional(v.array(exceptionSchema)),
  earlierExceptionLists: v.optional(v.array(listObject)),
  /**
   * Messages that waited in the queue and in its dead-letter queue at the time of the seal. They are accepted, too, and
   * may be of any day: until somebody claims them, their number is all that is known.
   */
  waiting: v.array(v.object({ queue: v.string(), messages: count })),
  /**
   * Left behind by attempts that crashed before their result was written: complete objects that no manifest names, of
   * this day and of the days that the manifests before this one are about. Their rows are in other objects, too. A
   * later manifest may name one again.
   */
  abandoned: v.array(v.object({ key: v.string(), sha256, sizeBytes: count })),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

/** Rows of a Parquet row group; bounds what the archiver holds in memory. */
export const rowGroupRows = 10_000;
/** A raw row group ends at this many bytes of bodies, however few rows those are. */
export const rawRowGroupBytes = 8 * 1024 * 1024;
/** An object is complete above this; Athena and DuckDB read objects of this size best, and /tmp holds several. */
export const targetObjectBytes = 128 * 1024 * 1024;
/** S3 doesn't move smaller objects to colder storage, so a rest below this is joined to the object before it. */
export const smallestObjectBytes = 128 * 1024;
