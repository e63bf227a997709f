import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import * as v from "valibot";
import { type DeadLetterQueue, historyAttributes } from "../domain/dead-letter.ts";
import { asError, type Delivery, type RecordOutcome } from "../domain/outcomes.ts";
import type { Log, LogFields } from "./log.ts";
import { type MessageTrace, noTracing, type Tracing } from "./trace.ts";

export interface SqsBatchOptions<TMessage> {
  /** What a message's body must be, after JSON. */
  readonly schema: v.GenericSchema<unknown, TMessage>;
  /** Works on the messages of a batch together; an outcome by message id. One that is missing counts as a retry. */
  readonly process: (deliveries: readonly Delivery<TMessage>[]) => Promise<ReadonlyMap<string, RecordOutcome>>;
  /** Takes what can never succeed (WEBHOOK_RULES 15). */
  readonly deadLetters: DeadLetterQueue;
  readonly log: Log;
  /** What the log lines say of a message. */
  readonly describe: (message: TMessage) => LogFields;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** None when absent. */
  readonly tracing?: Tracing;
}

/**
 * A Lambda handler for an event-source mapping with ReportBatchItemFailures: one bad record never fails its neighbours
 * (WEBHOOK_RULES 16). Records that can never succeed go to the dead-letter queue here and count as done, unless the
 * queue doesn't take them. One log line for the batch at entry, one for each record at exit. Each record is worked on in
 * the trace that it came with.
 */
export function sqsBatchHandler<TMessage>(
  options: SqsBatchOptions<TMessage>,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const { tracing = noTracing } = options;
  const handle = async ({ Records: records }: SQSEvent): Promise<SQSBatchResponse> => {
    const startedMs = options.now();
    options.log.info("batch received", { count: records.length });
    const read = records.map((record) => {
      const trace = tracing.message(record.attributes.AWSTraceHeader);
      return { record, trace, ...readRecord(record, options.schema, trace) };
    });
    const outcomes = await processAll(
      read.flatMap(({ delivery }) => delivery ?? []),
      options.process,
    );
    const failed = await Promise.all(
      read.map(async ({ record, trace, delivery, rejection }) => {
        const ended = rejection ?? outcomes(record.messageId);
        const outcome = await trace.within(() => settled(record, ended, options.deadLetters));
        const about = delivery === undefined ? {} : options.describe(delivery.message);
        logOutcome(options.log, outcome, { ...about, messageId: record.messageId, ms: options.now() - startedMs });
        trace.end(about, faultOf(outcome));
        return outcome.kind === "retry" ? [{ itemIdentifier: record.messageId }] : [];
      }),
    );
    return { batchItemFailures: failed.flat() satisfies SQSBatchItemFailure[] };
  };
  return (event) => tracing.invocation(() => handle(event));
}

/** What a trace shows as failed: what goes to the dead letters, and faults; not what merely has to wait its turn. */
function faultOf(outcome: RecordOutcome): Error | undefined {
  if (outcome.kind === "reject") return outcome.error ?? Object.assign(new Error(), { code: outcome.reason });
  return outcome.kind === "retry" ? outcome.error : undefined;
}

/** Either the parsed delivery or the reason why there is none. */
type Read<TMessage> =
  | { readonly delivery: Delivery<TMessage>; readonly rejection?: never }
  | { readonly delivery?: never; readonly rejection: RecordOutcome };

function readRecord<TMessage>(
  record: SQSRecord,
  schema: v.GenericSchema<unknown, TMessage>,
  { header, within }: MessageTrace,
): Read<TMessage> {
  let body: unknown;
  try {
    body = JSON.parse(record.body);
  } catch {
    // The parser's own message quotes the body, which belongs in no attribute and no log.
    return { rejection: { kind: "reject", reason: "not-json", detail: "The message's body is not JSON" } };
  }
  const parsed = v.safeParse(schema, body);
  if (!parsed.success) {
    const detail = printable([...new Set(parsed.issues.map(wordsOf))].join("; "));
    return { rejection: { kind: "reject", reason: "schema-invalid", detail } };
  }
  const delivery = { messageId: record.messageId, message: parsed.output, within };
  return { delivery: header === undefined ? delivery : { ...delivery, traceHeader: header } };
}

/** Where the problem is and what should be there; valibot's own message would quote what is there instead. */
function wordsOf(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue) ?? "the message";
  return issue.received === "undefined" ? `${place} is missing` : `${place} is not ${issue.expected ?? issue.type}`;
}

/** SQS refuses empty attributes and some control characters. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 1_000) || "no detail";
}

async function processAll<TMessage>(
  deliveries: readonly Delivery<TMessage>[],
  process: SqsBatchOptions<TMessage>["process"],
): Promise<(messageId: string) => RecordOutcome> {
  if (deliveries.length === 0) return () => ({ kind: "retry", outcome: "not-processed" });
  try {
    const outcomes = await process(deliveries);
    return (messageId) => outcomes.get(messageId) ?? { kind: "retry", outcome: "not-processed" };
  } catch (error) {
    // A fault that no record is to blame for: all are delivered again, none is taken for poison.
    return () => ({ kind: "retry", outcome: "batch-failed", error: asError(error) });
  }
}

/** Sends what is rejected to the dead-letter queue; if that fails, the record stays in its own queue. */
async function settled(
  record: SQSRecord,
  outcome: RecordOutcome,
  deadLetters: DeadLetterQueue,
): Promise<RecordOutcome> {
  if (outcome.kind !== "reject") return outcome;
  const { reason, detail } = outcome;
  try {
    await deadLetters.send({
      body: record.body,
      reason,
      detail: printable(detail),
      ...historyOf(record),
    });
    return outcome;
  } catch (error) {
    return { kind: "retry", outcome: "dead-letter-failed", error: asError(error) };
  }
}

/** Of the message as it was first sent: a dead letter that was sent again and came back keeps its own. */
function historyOf({ messageId, attributes, messageAttributes }: SQSRecord) {
  const first = messageAttributes?.[historyAttributes.messageId]?.stringValue;
  const sentAt = messageAttributes?.[historyAttributes.sentAt]?.stringValue;
  return {
    messageId: first ?? messageId,
    sentAt: sentAt ?? new Date(Number(attributes.SentTimestamp)).toISOString(),
  };
}

function logOutcome(log: Log, outcome: RecordOutcome, about: LogFields): void {
  if (outcome.kind === "done") {
    log.info("record done", { ...about, outcome: outcome.outcome });
    return;
  }
  const fields = outcome.error === undefined ? about : { ...about, error: outcome.error };
  if (outcome.kind === "retry") log.warn("record will be retried", { ...fields, outcome: outcome.outcome });
  else log.error("record is dead-lettered", { ...fields, outcome: "dead-lettered", code: outcome.reason });
}
