import { setTimeout as wait } from "node:timers/promises";
import type { CallAws, Principal } from "../../../local/aws/types.ts";
import type { Faults } from "../../../local/faults/faults.ts";
import type { InvocationResult } from "../../../local/lambda/environment.ts";
import {
  createEventSourceMapping,
  type EventSourceMapping,
  type EventSourceMappingOptions,
} from "../../../local/lambda/event-source-mapping.ts";
import type { LambdaFunction } from "../../../local/lambda/function.ts";

interface TestMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
}

function message(id: string): TestMessage {
  return { MessageId: id, ReceiptHandle: `receipt-${id}`, Body: `body of ${id}`, MD5OfBody: "md5" };
}

const messages = (count: number) => Array.from({ length: count }, (_, index) => message(`m${index}`));
const answered = (answer: unknown): InvocationResult => ({ kind: "ok", payload: JSON.stringify(answer) });
const failures = (...ids: unknown[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

interface Setting extends Partial<EventSourceMappingOptions> {
  readonly queued: readonly TestMessage[];
  readonly invoke?: (ids: readonly string[]) => Promise<InvocationResult> | InvocationResult;
  readonly duplicate?: (count: number) => boolean;
  /** Throws for the nth call of an operation, from 1. */
  readonly failing?: (operation: string, nth: number) => boolean;
}

const mappings: EventSourceMapping[] = [];
afterEach(async () => {
  await Promise.all(mappings.splice(0).map((mapping) => mapping.stop()));
});

/** A mapping on a queue in memory whose messages never come back, and a function that answers as told. */
function aMapping({
  queued,
  invoke = () => answered(null),
  duplicate = () => false,
  failing = () => false,
  ...options
}: Setting) {
  const queue = [...queued];
  const batches: string[][] = [];
  const events: { Records: Record<string, unknown>[] }[] = [];
  const deleted: string[] = [];
  const principals = new Set<Principal>();
  const counts = new Map<string, number>();
  let asked = 0;
  const call: CallAws = async (principal, _service, operation, input) => {
    principals.add(principal);
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    if (failing(operation, nth)) throw new Error(`${operation} failed`);
    if (operation === "ReceiveMessage") {
      if (queue.length === 0) await wait(Math.min(20, Number(input.WaitTimeSeconds) * 1_000));
      const Messages = queue.splice(0, Number(input.MaxNumberOfMessages));
      return Messages.length === 0 ? {} : { Messages };
    }
    const entries = input.Entries as { ReceiptHandle: string }[];
    deleted.push(...entries.map(({ ReceiptHandle }) => ReceiptHandle.replace("receipt-", "")));
    return {};
  };
  const target: Partial<LambdaFunction> = {
    name: "f",
    roleArn: "arn:role",
    async invoke(event) {
      const parsed = JSON.parse(event) as (typeof events)[number];
      events.push(parsed);
      const ids = parsed.Records.map(({ messageId }) => String(messageId));
      batches.push(ids);
      return invoke(ids);
    },
  };
  const mapping = createEventSourceMapping({
    target: target as LambdaFunction,
    queueUrl: "url",
    queueArn: "arn:queue",
    region: "us-east-1",
    batchSize: 10,
    batchingWindowSeconds: 0,
    maximumConcurrency: 2,
    reportBatchItemFailures: true,
    call,
    faults: { shouldDuplicate: () => duplicate(++asked) } as Faults,
    ...options,
  });
  mappings.push(mapping);
  mapping.start();
  return { mapping, queue, batches, events, deleted, principals, counts };
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5_000; !condition(); await wait(2)) {
    if (Date.now() > deadline) throw new Error("It didn't come to that.");
  }
}

describe("a batch", () => {
  it("has the shape that Lambda gives it, and is polled under the function's role", async () => {
    const one = {
      ...message("m1"),
      Attributes: { SentTimestamp: "1" },
      MessageAttributes: { reason: { DataType: "String", StringValue: "r" } },
    };
    const { events, principals, batches } = aMapping({ queued: [one] });
    await until(() => batches.length === 1);
    expect(events[0]).toEqual({
      Records: [
        {
          messageId: "m1",
          receiptHandle: "receipt-m1",
          body: "body of m1",
          md5OfBody: "md5",
          attributes: { SentTimestamp: "1" },
          messageAttributes: { reason: { dataType: "String", stringValue: "r" } },
          eventSource: "aws:sqs",
          eventSourceARN: "arn:queue",
          awsRegion: "us-east-1",
        },
      ],
    });
    expect([...principals]).toEqual([{ kind: "function", functionName: "f", roleArn: "arn:role" }]);
  });

  it("that is done is deleted, ten a call", async () => {
    const { deleted, batches, counts } = aMapping({ queued: messages(25), batchSize: 25, batchingWindowSeconds: 5 });
    await until(() => deleted.length === 25);
    expect(batches.map((ids) => ids.length)).toEqual([25]);
    expect(counts.get("DeleteMessageBatch")).toBe(3);
  });

  it.each([
    ["null", null],
    ["an empty answer", {}],
    ["no failures", { batchItemFailures: [] }],
    ["null failures", { batchItemFailures: null }],
  ])("with %s is done", async (_name, answer) => {
    const { deleted } = aMapping({ queued: messages(3), invoke: () => answered(answer) });
    await until(() => deleted.length === 3);
  });

  it("rule 16: keeps the messages that are reported, and deletes their neighbours", async () => {
    const { deleted, batches } = aMapping({ queued: messages(4), invoke: () => answered(failures("m1", "m3")) });
    await until(() => deleted.length === 2);
    expect(deleted).toEqual(["m0", "m2"]);
    expect(batches).toHaveLength(1);
  });

  it.each([
    ["an unknown message id", failures("m0", "somebody else's")],
    ["an empty message id", failures("")],
    ["a null message id", failures(null)],
    ["an entry under a bad name", { batchItemFailures: [{ id: "m0" }] }],
    ["an entry that is none", { batchItemFailures: ["m0", null] }],
    ["failures that are no list", { batchItemFailures: "m0" }],
    ["a text", "fine"],
    ["a list", ["m0"]],
  ])("with %s fails as a whole", async (_name, answer) => {
    const { mapping, deleted, batches } = aMapping({ queued: messages(3), invoke: () => answered(answer) });
    await until(() => batches.length === 1);
    await mapping.stop();
    expect(deleted).toEqual([]);
  });

  it("with an answer that isn't JSON fails as a whole", async () => {
    const { mapping, deleted, batches } = aMapping({
      queued: messages(1),
      invoke: () => ({ kind: "ok", payload: "{" }),
    });
    await until(() => batches.length === 1);
    await mapping.stop();
    expect(deleted).toEqual([]);
  });

  it("of a function that failed keeps all its messages", async () => {
    const error = { errorType: "Error", errorMessage: "x", trace: [] };
    const { mapping, deleted, batches } = aMapping({ queued: messages(3), invoke: () => ({ kind: "error", error }) });
    await until(() => batches.length === 1);
    await mapping.stop();
    expect(deleted).toEqual([]);
  });

  it("without ReportBatchItemFailures is done whatever is answered", async () => {
    const { deleted } = aMapping({
      queued: messages(2),
      invoke: () => answered(failures("m0")),
      reportBatchItemFailures: false,
    });
    await until(() => deleted.length === 2);
  });

  it("that can't be deleted harms nothing but itself", async () => {
    const { deleted, batches } = aMapping({
      queued: messages(2),
      batchSize: 1,
      failing: (operation, nth) => operation === "DeleteMessageBatch" && nth === 1,
    });
    await until(() => deleted.length === 1);
    expect(batches).toHaveLength(2);
  });
});

describe("gathering", () => {
  it("waits for its window to fill a batch", async () => {
    const { queue, batches } = aMapping({ queued: messages(1), batchingWindowSeconds: 0.2 });
    await wait(50);
    expect(batches).toEqual([]);
    queue.push(message("late"));
    await until(() => batches.length === 1);
    expect(batches).toEqual([["m0", "late"]]);
  });

  it("ends early when the batch is full", async () => {
    const { batches } = aMapping({ queued: messages(2), batchSize: 2, batchingWindowSeconds: 60 });
    await until(() => batches.length === 1);
  });

  it("without a window takes what there is", async () => {
    const { batches } = aMapping({ queued: messages(3) });
    await until(() => batches.length === 1);
    expect(batches[0]).toHaveLength(3);
  });

  it("doesn't give up what it has received for a receive that fails", async () => {
    const { deleted } = aMapping({
      queued: messages(1),
      batchingWindowSeconds: 60,
      failing: (operation, nth) => operation === "ReceiveMessage" && nth === 2,
    });
    await until(() => deleted.length === 1);
  });

  it("goes on after receives that fail", async () => {
    const { deleted } = aMapping({
      queued: messages(1),
      failing: (operation, nth) => operation === "ReceiveMessage" && nth <= 2,
    });
    await until(() => deleted.length === 1);
  });
});

it("has no more batches in flight than it may", async () => {
  let inFlight = 0;
  let most = 0;
  const { deleted } = aMapping({
    queued: messages(12),
    batchSize: 1,
    maximumConcurrency: 3,
    invoke: async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await wait(10);
      inFlight -= 1;
      return answered(null);
    },
  });
  await until(() => deleted.length === 12);
  expect(most).toBe(3);
});

it("delivers twice what the faults choose", async () => {
  const { batches, deleted } = aMapping({ queued: messages(3), duplicate: (count) => count === 2 });
  await until(() => deleted.length === 4);
  expect(batches).toEqual([["m0", "m1", "m2"], ["m1"]]);
});

it("a stop waits for the batch in flight, and polls no more", async () => {
  let release = (_result: InvocationResult) => {};
  const { mapping, queue, batches, deleted } = aMapping({
    queued: messages(1),
    invoke: () =>
      new Promise<InvocationResult>((resolve) => {
        release = resolve;
      }),
  });
  await until(() => batches.length === 1);
  let stopped = false;
  const stopping = mapping.stop().then(() => {
    stopped = true;
  });
  await wait(100);
  expect(stopped).toBe(false);
  queue.push(message("later"));
  release(answered(null));
  await stopping;
  expect(deleted).toEqual(["m0"]);
  expect(queue).toHaveLength(1);
});
