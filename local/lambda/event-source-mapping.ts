/**
 * Polls a queue for a function, as Lambda does: batches, windows, a bound on concurrency, partial failures. Its calls
 * are made with the function's own role. A record that isn't reported as done comes back after its visibility timeout.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { CallAws, Principal } from "../aws/types.ts";
import type { Faults } from "../faults/faults.ts";
import type { LambdaFunction } from "./function.ts";

export interface EventSourceMappingOptions {
  readonly target: LambdaFunction;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Batches in flight at the most. */
  readonly maximumConcurrency: number;
  readonly reportBatchItemFailures: boolean;
  readonly call: CallAws;
  readonly faults: Faults;
}

export interface EventSourceMapping {
  start(): void;
  /** Polls no more; resolves when the batches in flight have ended. */
  stop(): Promise<void>;
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Record<string, string>;
  readonly MessageAttributes?: Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>;
}

/** SQS gives ten messages a call. */
const receiveLimit = 10;
/** A stop waits for it. */
const longPollSeconds = 1;

export function createEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { target, queueUrl, call, faults } = options;
  const principal: Principal = { kind: "function", functionName: target.name, roleArn: target.roleArn };
  const inFlight = new Set<Promise<void>>();
  const state: { stopped: boolean; polling: Promise<void> } = { stopped: true, polling: Promise.resolve() };

  async function receive(max: number, waitSeconds: number): Promise<Message[]> {
    const output = await call(principal, "sqs", "ReceiveMessage", {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(max, receiveLimit),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    });
    return (output.Messages as Message[] | undefined) ?? [];
  }

  /** A batch is full, or its window is over, or (without a window) what there is. */
  async function nextBatch(): Promise<Message[]> {
    const batch = await receive(options.batchSize, longPollSeconds);
    const deadline = Date.now() + options.batchingWindowSeconds * 1_000;
    while (batch.length > 0 && batch.length < options.batchSize && Date.now() < deadline && !state.stopped) {
      const secondsLeft = Math.max(0, deadline - Date.now()) / 1_000;
      const more = await receive(options.batchSize - batch.length, Math.min(longPollSeconds, secondsLeft)).catch(
        () => {},
      );
      // What has been received isn't left to its visibility timeout because of a call that failed.
      if (more === undefined) break;
      batch.push(...more);
    }
    return batch;
  }

  async function process(batch: readonly Message[]): Promise<void> {
    const event = JSON.stringify({ Records: batch.map((message) => toRecord(message, options)) });
    const result = await target.invoke(event);
    if (result.kind === "error") return;
    const sent = new Set(batch.map(({ MessageId }) => MessageId));
    const failed = options.reportBatchItemFailures ? failedIds(result.payload, sent) : new Set<string>();
    if (failed === "all") return;
    const done = batch.filter(({ MessageId }) => !failed.has(MessageId));
    for (let start = 0; start < done.length; start += receiveLimit) {
      const entries = done.slice(start, start + receiveLimit);
      // A delete that fails leaves the message to come back, as on AWS: the function has to cope with that anyway.
      await call(principal, "sqs", "DeleteMessageBatch", {
        QueueUrl: queueUrl,
        Entries: entries.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle })),
      }).catch(() => undefined);
    }
  }

  function launch(batch: readonly Message[]): void {
    const processing = process(batch).finally(() => inFlight.delete(processing));
    inFlight.add(processing);
  }

  async function poll(): Promise<void> {
    while (!state.stopped) {
      if (inFlight.size >= options.maximumConcurrency) {
        await Promise.race(inFlight);
        continue;
      }
      const batch = await nextBatch().catch(async () => {
        await wait(100);
        return [];
      });
      if (batch.length === 0) continue;
      const again = batch.filter(() => faults.shouldDuplicate());
      launch(batch);
      if (again.length > 0) launch(again);
    }
  }

  return {
    start() {
      state.stopped = false;
      state.polling = poll();
    },
    async stop() {
      state.stopped = true;
      await state.polling;
      await Promise.all(inFlight);
    },
  };
}

function toRecord(message: Message, { queueArn, region }: EventSourceMappingOptions): object {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    md5OfBody: message.MD5OfBody,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue },
      ]),
    ),
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

/**
 * As Lambda reads the answer: empty means all done; anything malformed, an unknown message id among it, fails the whole
 * batch. Source: Lambda Developer Guide, "Handling errors for an SQS event source", "Success and failure conditions".
 */
function failedIds(payload: string, sent: ReadonlySet<string>): ReadonlySet<string> | "all" {
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return "all";
  }
  if (answer === null) return new Set();
  if (typeof answer !== "object" || Array.isArray(answer)) return "all";
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return "all";
  const ids: unknown[] = failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  return ids.every((id) => typeof id === "string" && sent.has(id)) ? new Set(ids as string[]) : "all";
}
