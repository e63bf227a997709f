/**
 * Asynchronous invocations: accepted at once, run afterwards, tried three times in all, and then put into the function's
 * dead-letter queue. Source: Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous
 * invocation", and "Dead-letter queues" for the message's attributes.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { CallAws, RuntimeClock } from "../aws/types.ts";
import { queueUrlOf } from "../services/events/targets.ts";
import type { LambdaFunction } from "./function.ts";

export interface AsyncInvocationsOptions {
  readonly call: CallAws;
  readonly clock: RuntimeClock;
  /** Told of an event that the function failed at for good and that reached no dead-letter queue. */
  readonly onLost: (functionName: string, reason: string) => void;
  /** Told of each event that is given up. @param isLost where its dead-letter queue didn't take it */
  readonly onDropped?: (functionName: string, isLost: boolean) => void;
}

export interface AsyncInvocations {
  /** `traceHeader`: of the call, if it came with one. */
  accept(invoked: LambdaFunction, payload: string, traceHeader?: string): void;
  /** Events that wait for another attempt or are being put aside; what runs is counted by its function. */
  pending(): number;
  /** Events that wait are given up: what they were about is the caller's to begin again. */
  stop(): void;
}

/** Before the second attempt, and before the third. */
const waitsMs = [60_000, 120_000];
/** Of what the function said last, so much is in the message's attribute. */
const messageLimit = 1_024;

export function createAsyncInvocations(options: AsyncInvocationsOptions): AsyncInvocations {
  const { call, clock, onLost, onDropped } = options;
  const ending = new AbortController();
  let pending = 0;

  async function run(invoked: LambdaFunction, payload: string, traceHeader: string | undefined): Promise<void> {
    const requestId = randomUUID();
    for (let attempt = 0; ; attempt += 1) {
      const result = await invoked.invoke(payload, traceHeader);
      if (result.kind === "ok" || ending.signal.aborted) return;
      pending += 1;
      try {
        const waitMs = waitsMs[attempt];
        if (waitMs === undefined) return await putAside(invoked, payload, { requestId, ...result.error });
        await wait(clock.scaled(waitMs), undefined, { signal: ending.signal });
      } catch {
        // Only the end of the runtime interrupts the wait.
        return;
      } finally {
        pending -= 1;
      }
    }
  }

  /** The function's own role sends it. Never rejects. */
  async function putAside(
    { name, roleArn, deadLetterArn }: LambdaFunction,
    body: string,
    failure: { readonly requestId: string; readonly errorType: string; readonly errorMessage: string },
  ): Promise<void> {
    const reason = `${failure.errorType}, ${failure.errorMessage}`;
    if (deadLetterArn === undefined) {
      onDropped?.(name, false);
      return onLost(name, `${reason}; it has no dead-letter queue`);
    }
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    try {
      await call({ kind: "function", functionName: name, roleArn }, "sqs", "SendMessage", {
        QueueUrl: queueUrlOf(deadLetterArn),
        MessageBody: body,
        MessageAttributes: {
          RequestID: text(failure.requestId),
          ErrorCode: { DataType: "Number", StringValue: "200" },
          ErrorMessage: text(failure.errorMessage.slice(0, messageLimit) || failure.errorType),
        },
      });
      onDropped?.(name, false);
    } catch (error) {
      onDropped?.(name, true);
      onLost(name, `${reason}; its dead-letter queue: ${(error as Error).message}`);
    }
  }

  return {
    accept: (invoked, payload, traceHeader) => void run(invoked, payload, traceHeader),
    pending: () => pending,
    stop: () => ending.abort(),
  };
}
