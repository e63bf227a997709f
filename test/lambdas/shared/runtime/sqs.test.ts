import type { SQSEvent } from "aws-lambda";
import { type WebhookMessage, webhookMessageSchema } from "../../../../config/events.ts";
import type { DeadLetterQueue } from "../../../../lambdas/shared/domain/dead-letter.ts";
import { type Delivery, onBehalfOf, type RecordOutcome } from "../../../../lambdas/shared/domain/outcomes.ts";
import { RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";
import { createEventFields } from "../../../../lambdas/shared/runtime/event-fields.ts";
import { sqsBatchHandler } from "../../../../lambdas/shared/runtime/sqs.ts";
import { noTracing, type TraceAnnotations, type Tracing } from "../../../../lambdas/shared/runtime/trace.ts";
import { createMemoryDeadLetterQueue } from "../../../support/memory-dead-letter-queue.ts";
import { createMemoryLog } from "../../../support/memory-log.ts";
import { aWebhookMessage } from "../../../support/payment-events.ts";
import { tierOf } from "../../../support/routing.ts";

type Process = (deliveries: readonly Delivery<WebhookMessage>[]) => Promise<ReadonlyMap<string, RecordOutcome>>;

const sentMs = Date.UTC(2026, 10, 20, 10);
const traceHeader = `Root=1-67000000-${"a".repeat(24)};Sampled=1`;

/** Records named m0, m1 … with these bodies. */
function anSqsEvent(bodies: readonly unknown[], attributes: { AWSTraceHeader?: string } = {}): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m${index}`,
      receiptHandle: "handle",
      body: typeof body === "string" ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: String(sentMs),
        SenderId: "sender",
        ApproximateFirstReceiveTimestamp: String(sentMs),
        ...attributes,
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:webhook-events-test",
      awsRegion: "us-east-1",
    })),
  };
}

function aHandler(process: Process, deadLetters: DeadLetterQueue = createMemoryDeadLetterQueue(), tracing = noTracing) {
  const log = createMemoryLog();
  const describe = ({ event }: WebhookMessage) => createEventFields(tierOf)(event);
  let nowMs = 0;
  const now = () => (nowMs += 7);
  const options = { schema: webhookMessageSchema, process, deadLetters, log, describe, now, tracing };
  return { log, handle: sqsBatchHandler(options) };
}

const allDone: Process = async (deliveries) =>
  new Map(deliveries.map(({ messageId }) => [messageId, { kind: "done", outcome: "processed" }]));

describe("a batch from SQS", () => {
  it("hands parsed messages on with their trace, and reports nothing when all are done", async () => {
    const seen: Delivery<WebhookMessage>[] = [];
    const { handle } = aHandler((deliveries) => {
      seen.push(...deliveries);
      return allDone(deliveries);
    });
    const message = aWebhookMessage();
    expect(await handle(anSqsEvent([message], { AWSTraceHeader: traceHeader }))).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([{ messageId: "m0", message, traceHeader, within: expect.any(Function) }]);
  });

  it("works on each message in its own trace, and ends that with what became of it", async () => {
    const ended: (TraceAnnotations & { readonly header: string; readonly failed: boolean })[] = [];
    const within: string[] = [];
    const tracing: Tracing = {
      ...noTracing,
      message: (header = "none") => ({
        header: `below ${header}`,
        within: (work) => {
          within.push(header);
          return work();
        },
        end: ({ eventId, provider, tier }, error) =>
          void ended.push({
            header,
            failed: error !== undefined,
            ...(eventId && { eventId }),
            ...(provider && { provider }),
            ...(tier && { tier }),
          }),
      }),
    };
    const { handle } = aHandler(
      async (deliveries) => {
        expect(deliveries.map(({ traceHeader }) => traceHeader)).toEqual([`below ${traceHeader}`]);
        await onBehalfOf(deliveries[0] ?? {}, async () => {});
        return allDone(deliveries);
      },
      undefined,
      tracing,
    );
    const message = aWebhookMessage();
    await handle(anSqsEvent([message, "not JSON"], { AWSTraceHeader: traceHeader }));
    const { eventId, provider } = message.event;
    expect(ended).toEqual([
      { header: traceHeader, failed: false, eventId, provider, tier: "low" },
      { header: traceHeader, failed: true },
    ]);
    // Once for the work, and once for each message's end, which may send a dead letter.
    expect(within).toHaveLength(3);
  });

  it("rule 16: reports just the records that are to come again", async () => {
    const { handle } = aHandler(
      async () =>
        new Map<string, RecordOutcome>([
          ["m0", { kind: "done", outcome: "processed" }],
          ["m1", { kind: "retry", outcome: "busy" }],
          ["m2", { kind: "done", outcome: "duplicate" }],
        ]),
    );
    const event = anSqsEvent([aWebhookMessage(), aWebhookMessage(), aWebhookMessage(), aWebhookMessage()]);
    // m3 has no outcome at all: it isn't lost either.
    expect(await handle(event)).toEqual({ batchItemFailures: [{ itemIdentifier: "m1" }, { itemIdentifier: "m3" }] });
  });

  it("rule 16: reports every parsed record, and takes none for poison, when the batch as a whole fails", async () => {
    const deadLetters = createMemoryDeadLetterQueue();
    const { handle } = aHandler(() => Promise.reject(new Error("a bug")), deadLetters);
    const response = await handle(anSqsEvent([aWebhookMessage(), aWebhookMessage()]));
    expect(response.batchItemFailures).toHaveLength(2);
    expect(deadLetters.letters).toHaveLength(0);
  });

  it.each([
    ["that is not JSON", '{"card": "4242', "not-json", /not JSON/],
    [
      "of another shape",
      { version: 1, secret: "4242" },
      "schema-invalid",
      /^source is missing; event is missing; raw is missing$/,
    ],
    ["of an unknown version", { ...aWebhookMessage(), version: 2 }, "schema-invalid", /^version is not 1$/],
    [
      "with a bad field",
      { ...aWebhookMessage(), event: { ...aWebhookMessage().event, amountMinor: "4242.42" } },
      "schema-invalid",
      /^event\.amountMinor is not \/.+\/$/,
    ],
  ])(
    "rule 15: sends a message %s to the dead-letter queue at once, with its reason",
    async (_, body, reason, detail) => {
      const deadLetters = createMemoryDeadLetterQueue();
      const { handle, log } = aHandler(allDone, deadLetters);
      expect(await handle(anSqsEvent([aWebhookMessage(), body]))).toEqual({ batchItemFailures: [] });
      expect(deadLetters.letters).toMatchObject([{ reason, messageId: "m1", sentAt: "2026-11-20T10:00:00.000Z" }]);
      expect(deadLetters.letters[0]?.body).toBe(typeof body === "string" ? body : JSON.stringify(body));
      expect(deadLetters.letters[0]?.detail).toMatch(detail);
      expect(deadLetters.letters[0]?.detail).not.toContain("4242");
      expect(log.lines.at(-1)).toMatchObject({
        level: "error",
        outcome: "dead-lettered",
        code: reason,
        messageId: "m1",
      });
    },
  );

  it("rule 15: keeps the history of a dead letter that was sent again and came back", async () => {
    const deadLetters = createMemoryDeadLetterQueue();
    const { handle } = aHandler(allDone, deadLetters);
    const text = (stringValue: string) => ({ stringValue, dataType: "String" });
    const event = anSqsEvent(["{"]);
    const [record] = event.Records;
    const sentAt = "2026-11-18T08:00:00.000Z";
    const messageAttributes = { originalMessageId: text("first"), sentAt: text(sentAt), reason: text("not-json") };
    await handle({ Records: record === undefined ? [] : [{ ...record, messageAttributes }] });
    expect(deadLetters.letters).toMatchObject([{ messageId: "first", sentAt }]);
  });

  it("rule 15: sends what the use case rejects to the dead-letter queue, in characters that SQS takes", async () => {
    const deadLetters = createMemoryDeadLetterQueue();
    const rejection: RecordOutcome = { kind: "reject", reason: "TooLarge", detail: "\u0000 ä 400 KB" };
    const { handle } = aHandler(async () => new Map([["m0", rejection]]), deadLetters);
    expect(await handle(anSqsEvent([aWebhookMessage()]))).toEqual({ batchItemFailures: [] });
    expect(deadLetters.letters).toMatchObject([{ reason: "TooLarge", detail: "? ? 400 KB" }]);
  });

  it("rule 15: keeps a poison message in its queue while the dead-letter queue doesn't take it", async () => {
    const failing = { send: () => Promise.reject(new RetryableError("throttled", "later")) };
    const { handle, log } = aHandler(allDone, failing);
    expect(await handle(anSqsEvent(["{"]))).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }] });
    expect(log.lines.at(-1)).toMatchObject({ level: "warn", outcome: "dead-letter-failed" });
  });

  it("rule 19: logs ids and the outcome of each record, and nothing of body, headers or signature", async () => {
    const { handle, log } = aHandler(allDone);
    await handle(anSqsEvent([aWebhookMessage({ customerId: "cus_secret" })]));
    expect(log.lines).toEqual([
      { level: "info", text: "batch received", count: 1 },
      {
        level: "info",
        text: "record done",
        eventId: "stripe:evt_1",
        transactionId: "stripe:pi_1",
        provider: "stripe",
        type: "payment.succeeded",
        tier: "low",
        correlationId: "correlation-1",
        messageId: "m0",
        outcome: "processed",
        ms: 7,
      },
    ]);
  });
});
