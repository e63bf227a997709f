/**
 * The shape of a month where nobody says otherwise. What is measured comes from the recorded calls and is not here;
 * these are assumptions, each with its reason. Put your own figures into a file for `--shape`.
 */
import { limits } from "../../config/limits.ts";

export const defaultShape = {
  /** Shares of the events. A shop's: many small payments, few large ones, some events without money in them. */
  tiers: { low: 0.9, medium: 0.06, high: 0.01, unroutable: 0, unrouted: 0.03 },
  /** High payments that a person decides. */
  reviewedShareOfHigh: 0.1,
  /** Posts that repeat an event; a provider resends after a time-out or a 5xx. */
  duplicatesPerEvent: 0.02,
  /** Posts that tell a known fact under another event id. */
  sameFactsPerEvent: 0.001,
  /** Posts that are answered with 4xx: probes, wrong signatures. */
  refusedPerEvent: 0.01,
  /** Events whose body is too large for a message, and that body. */
  claimCheckedShare: 0.001,
  claimCheckedBytes: 150_000,
  /**
   * Events that share an invocation of webhook-dedup or fraud-detector. 1 is the dearest: it needs a burst, or a batching
   * window, for a poll to find more than one message.
   */
  eventsPerBatch: 1,
  /**
   * Billed milliseconds of an invocation per event. Nothing local can stand for AWS, so they are counted up: DynamoDB 6 ms
   * a call and 15 ms a transaction, SQS and EventBridge 15 ms, one after the other as in the code, and 10 to 20 ms of the
   * function's own at its share of a vCPU. Once deployed, take them from the log groups:
   * `filter @type = "REPORT" | stats avg(@billedDuration)`. Of the archive's functions, `archive-plan` and `archive-seal`
   * take it by the invocation: 14,000 queries of which 32 are under way, and a scan of 35 days' records, 6,000 pages at
   * 30 ms where there are ten million events a month. The other two take it by the event: batches of 33, four under way,
   * and three updates an event, of which 32 are under way. `decision-sweep` takes it by the invocation: 96 queries and, at
   * ten million events a month, 820 batch reads, of which 4 by 4 are under way.
   */
  durationsMs: {
    "webhook-validator": 30,
    "webhook-dedup": 65,
    "workflow-claim": 20,
    "fraud-detector": 45,
    "archive-plan": 3_000,
    "transaction-archival": 0.1,
    "archive-seal": 180_000,
    "archive-release": 0.6,
    "decision-sweep": 3_000,
  },
  /** An Express execution: claim, score, record, complete, and what Step Functions takes between two states. */
  expressMs: 250,
  /** AWS bills 64 MB at the least. */
  expressMemoryMb: 64,
  /** Invocations that start a container, and the initialisation that is billed with it. */
  coldStarts: { share: 0.002, initMs: 1_500 },
  /** Requests a second at the peak, in averages of the month: decides how many environments there are. */
  peakToAverage: 5,
  /** Polls that Lambda keeps open on a quiet queue. A mapping with a maximum concurrency never has fewer. */
  idlePollers: 5,
  /** An answer with its headers. */
  answerBytes: 600,
  /** START, END and REPORT, which Lambda writes about each invocation. */
  platformLogBytes: 400,
  /**
   * Days that an item stays. Of transactions: two until the seal, and the grace that it gives. Of fraud-counters
   * it is the record of a score; histories live longer, but there are as many as customers and cards, not as events.
   */
  keptDays: {
    transactions: 2 + limits.archiveGraceDays,
    "processed-webhooks": limits.dedupWindowDays,
    "fraud-counters": limits.dedupWindowDays,
  },
  /** X-Ray's own sampling rule: one request a second, and 5 % of the others. */
  tracing: { reservoirPerSecond: 1, fixedRate: 0.05 },
  /**
   * Bytes of the metrics of a batch of one event, as measured. Those of a larger batch share lines, and batches were larger
   * when the calls were recorded than they are in a quiet month.
   */
  metricBytesPerBatch: { "webhook-dedup": 850, "fraud-detector": 590 },
  /**
   * Values of a metric's dimension that occur in a month, each of which makes the metric another one. Providers and tiers
   * are known from the rest of the shape; of the other lists a shop sees the usual ones.
   */
  dimensionValues: { reason: 6, outcome: 3, type: 5, currency: 3 },
  /** Providers that send; each environment of webhook-validator keeps their secrets for ten minutes. */
  activeProviders: 5,
  /** Encrypts as it comes in, decrypts as it goes out. AWS doesn't say that EventBridge keeps data keys, so none are. */
  busKeyRequestsPerEvent: 2,
  /**
   * An object of each table for each hour. Written are these, as many files for Athena, 24 lists of event ids, 24 results
   * of slices, the manifest, its signature and its place in the chain. More than ten million events a month hardly make
   * it more: an object has room for 700,000.
   */
  archive: { objectsPerDay: 48, writesPerDay: 147 },
  /** A function's image, compressed; what a release adds to the layers that it shares with the last; releases kept. */
  images: { megabytes: 150, megabytesPerRelease: 2, keptReleases: 50 },
} as const;
