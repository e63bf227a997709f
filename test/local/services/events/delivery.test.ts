import { AwsError } from "../../../../local/aws/types.ts";
import { createMemoryJournal } from "../../../../local/services/events/journal.ts";
import { bus, deadLetterArn, deadLetterUrl, harness, queueUrl, rule, target } from "./harness.ts";

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

const throttled = new AwsError("ThrottlingException", "Rate exceeded");
const unavailable = new AwsError("ServiceUnavailable", "later", { status: 503 });
const denied = new AwsError("AccessDeniedException", "no");
/** What jest's timers take for a turn of the event loop. */
const turn = 1;
const day = 24 * 60 * 60 * 1_000;

/** Fails the first so many calls. */
function failing(times: number, error: Error = unavailable) {
  let left = times;
  return () => (left-- > 0 ? Promise.reject(error) : {});
}

describe("delivery", () => {
  it("goes to the targets of the rules that match, as EventBridge on the rule's behalf", async () => {
    const role = "arn:aws:iam::000000000000:role/deliver";
    const { service, calls, put } = harness({
      rules: [
        rule("one", { detail: { a: [1] } }),
        rule("two", { source: ["test"] }),
        rule("off", { source: ["test"] }, { enabled: false }),
      ],
      targets: [
        target("one", { roleArn: role }),
        target("two", { id: "x" }),
        target("two", { id: "y" }),
        target("off"),
      ],
    });
    service.start();
    await put({ a: 1 });
    await put({ a: 2 });
    await jest.advanceTimersByTimeAsync(1);
    const asService = { kind: "service", service: "events.amazonaws.com" };
    const one = { ...asService, sourceArn: rule("one", {}).arn, roleArn: role };
    const two = { ...asService, sourceArn: rule("two", {}).arn };
    expect(calls.map(({ principal, input }) => [principal, input.MessageBody])).toEqual([
      [one, '{"a":1}'],
      [two, '{"a":1}'],
      [two, '{"a":1}'],
      [two, '{"a":2}'],
      [two, '{"a":2}'],
    ]);
    expect(service.counts()).toMatchObject({ accepted: 2, unmatched: 0, delivered: 5 });
  });

  it("retries with doubling waits, in scaled time", async () => {
    const { service, calls, put } = harness({ answer: failing(4), speed: 10 });
    service.start();
    await put({});
    await jest.advanceTimersByTimeAsync(day);
    const times = calls.map(({ at }) => at);
    expect(times.slice(1).map((at, index) => at - Number(times[index]))).toEqual(
      [50, 100, 200, 400].map((wait) => wait + turn),
    );
    expect(service.counts()).toMatchObject({ delivered: 1, retried: 4, lost: 0 });
  });

  it("dead-letters after the last retry, with EventBridge's attributes", async () => {
    const { service, calls, put } = harness({
      targets: [target("all", { maximumRetryAttempts: 2, deadLetterArn })],
      answer: (_operation, { QueueUrl }) => (QueueUrl === queueUrl ? Promise.reject(unavailable) : {}),
    });
    service.start();
    await put({ a: 1 });
    await jest.advanceTimersByTimeAsync(day);
    expect(calls.map(({ input }) => input.QueueUrl)).toEqual([queueUrl, queueUrl, queueUrl, deadLetterUrl]);
    const { MessageAttributes, MessageBody } = calls[3]?.input ?? {};
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    expect(MessageAttributes).toEqual({
      RULE_ARN: text(rule("all", {}).arn),
      TARGET_ARN: text("arn:aws:sqs:us-east-1:000000000000:events"),
      ERROR_CODE: text("ERROR_FROM_TARGET"),
      ERROR_MESSAGE: text("ServiceUnavailable: later"),
      EXHAUSTED_RETRY_CONDITION: text("MaximumRetryAttempts"),
      RETRY_ATTEMPTS: text("2"),
    });
    expect(JSON.parse(String(MessageBody))).toMatchObject({ source: "test", detail: { a: 1 } });
    expect(service.counts()).toMatchObject({ delivered: 0, deadLettered: 1, lost: 0 });
    expect(service.pending()).toBe(0);
  });

  it("dead-letters an event that got too old, and measures its age in scaled time", async () => {
    const { service, calls, put } = harness({
      targets: [target("all", { maximumEventAgeSeconds: 60, deadLetterArn })],
      answer: (_operation, { QueueUrl }) => (QueueUrl === queueUrl ? Promise.reject(throttled) : {}),
      speed: 10,
    });
    service.start();
    await put({});
    await jest.advanceTimersByTimeAsync(day);
    // Waits of 0.5, 1, 2, … 32 s add up to 63.5 s after the eighth attempt, a tenth of that in real time.
    expect(calls).toHaveLength(9);
    expect(calls[8]?.at).toBeLessThan(1_000_000 + 6_500);
    expect(calls[8]?.input.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: "THROTTLING" },
      EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumEventAgeInSeconds" },
      RETRY_ATTEMPTS: { StringValue: "7" },
    });
  });

  it.each([
    [denied, "NO_PERMISSIONS"],
    [new AwsError("QueueDoesNotExist", "none"), "NO_RESOURCE"],
    [new AwsError("ValidationException", "bad"), "ERROR_FROM_TARGET"],
  ])("dead-letters %s at once", async (error, code) => {
    const { service, calls, put } = harness({ targets: [target("all", { deadLetterArn })], answer: failing(1, error) });
    service.start();
    await put({});
    await jest.advanceTimersByTimeAsync(10);
    expect(calls.map(({ input }) => input.QueueUrl)).toEqual([queueUrl, deadLetterUrl]);
    const attributes = calls[1]?.input.MessageAttributes;
    expect(attributes).toMatchObject({ ERROR_CODE: { StringValue: code }, RETRY_ATTEMPTS: { StringValue: "0" } });
    expect(attributes).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
  });

  it("keeps trying a dead-letter queue that is out of reach", async () => {
    const answers = [denied, unavailable, new Error("socket"), throttled];
    const { service, calls, lost, put } = harness({
      targets: [target("all", { deadLetterArn, maximumRetryAttempts: 0, maximumEventAgeSeconds: 0 })],
      answer: () => {
        const error = answers.shift();
        return error ? Promise.reject(error) : {};
      },
    });
    service.start();
    await put({});
    await jest.advanceTimersByTimeAsync(day);
    expect(calls.map(({ input }) => input.QueueUrl)).toEqual([queueUrl, ...Array(4).fill(deadLetterUrl)]);
    expect(service.counts()).toMatchObject({ deadLettered: 1, lost: 0 });
    expect(lost).toEqual([]);
  });

  it.each([
    ["no dead-letter queue", undefined, "the target has no dead-letter queue"],
    ["a dead-letter queue that refuses it", deadLetterArn, "its dead-letter queue: NO_PERMISSIONS"],
  ])("reports an event as lost when there is %s", async (_what, arn, reason) => {
    const { service, lost, put, journal } = harness({
      targets: [target("all", { deadLetterArn: arn })],
      answer: failing(99, denied),
    });
    service.start();
    await put({});
    await jest.advanceTimersByTimeAsync(10);
    expect(lost).toEqual([
      {
        eventId: expect.any(String),
        ruleArn: rule("all", {}).arn,
        targetId: "all-target",
        reason: expect.stringContaining(reason),
      },
    ]);
    expect(service.counts().lost).toBe(1);
    expect(service.pending()).toBe(0);
    expect(journal.pending()).toEqual([]);
  });

  it("rule 14: delivers twice when told to, and an error of the repetition changes nothing", async () => {
    let calls = 0;
    const { service, put } = harness({
      faults: { shouldDuplicate: () => true },
      answer: () => (++calls % 2 === 0 ? Promise.reject(denied) : {}),
    });
    service.start();
    await put({});
    await jest.advanceTimersByTimeAsync(10);
    expect(calls).toBe(2);
    expect(service.counts()).toMatchObject({ delivered: 1, duplicated: 1, lost: 0 });
  });

  it("is idle when nothing is pending", async () => {
    const { service, put } = harness({ answer: failing(1) });
    await service.idle();
    service.start();
    await put({});
    let isIdle = false;
    void service.idle().then(() => {
      isIdle = true;
    });
    await jest.advanceTimersByTimeAsync(100);
    expect([isIdle, service.pending()]).toEqual([false, 1]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([isIdle, service.pending()]).toEqual([true, 0]);
  });

  it("runs at most 64 calls at a time and leaves the event loop between them", async () => {
    let [running, most] = [0, 0];
    const { service, put } = harness({
      answer: () => {
        most = Math.max(most, ++running);
        return new Promise<never>((resolve) => setTimeout(() => resolve({} as never), 10)).finally(() => running--);
      },
    });
    service.start();
    for (let count = 0; count < 200; count++) await put({ count });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(most).toBe(64);
    expect(service.counts().delivered).toBe(200);
  });
});

describe("restart", () => {
  it("delivers what was accepted before the start or by an earlier process, in order", async () => {
    const journal = createMemoryJournal();
    const earlier = harness({ journal, answer: failing(99) });
    earlier.service.start();
    await earlier.put({ n: 1 });
    await jest.advanceTimersByTimeAsync(10);
    await earlier.service.stop();
    expect(earlier.service.pending()).toBe(0);
    await jest.advanceTimersByTimeAsync(day);
    expect(earlier.calls).toHaveLength(1);

    const later = harness({ journal });
    await later.put({ n: 2 });
    await jest.advanceTimersByTimeAsync(10);
    expect(later.calls).toEqual([]);
    later.service.start();
    await jest.advanceTimersByTimeAsync(10);
    expect(later.calls.map(({ input }) => input.MessageBody).sort()).toEqual(['{"n":1}', '{"n":2}']);
    expect(journal.pending()).toEqual([]);
  });

  it("waits for the calls under way when it stops, and keeps nothing of them", async () => {
    let finish = () => {};
    const { service, put, journal } = harness({
      answer: () => new Promise<never>((resolve) => (finish = () => resolve({} as never))),
    });
    service.start();
    await put({});
    await jest.advanceTimersByTimeAsync(10);
    let isStopped = false;
    void service.stop().then(() => {
      isStopped = true;
    });
    await jest.advanceTimersByTimeAsync(10);
    expect(isStopped).toBe(false);
    finish();
    await jest.advanceTimersByTimeAsync(10);
    expect(isStopped).toBe(true);
    expect(journal.pending()).toEqual([]);
  });

  it("reports what has no target any more as lost", async () => {
    const journal = createMemoryJournal();
    await harness({ journal }).put({});
    const { service, lost } = harness({ journal, targets: [] });
    service.start();
    expect(lost).toEqual([expect.objectContaining({ reason: "the rule or its target no longer exists" })]);
    expect(journal.pending()).toEqual([]);
  });
});

describe("declarations", () => {
  it.each([
    ["a pattern that AWS refuses", { rules: [rule("all", { source: "test" })] }, "InvalidEventPatternException"],
    [
      "a rule on a bus that isn't there",
      { rules: [rule("all", { a: [1] }, { busName: "x" })] },
      "ResourceNotFoundException",
    ],
    ["a target of a rule that isn't there", { targets: [target("none")] }, "ResourceNotFoundException"],
    [
      "a kind of target that isn't known",
      { targets: [target("all", { arn: "arn:aws:ecs:r:0:cluster/x" })] },
      "ValidationException",
    ],
    ["an input for another bus", { targets: [target("all", { arn: bus.arn })] }, "ValidationException"],
  ])("refuses %s", (_what, options, code) => {
    expect(() => harness(options)).toThrow(expect.objectContaining({ code }));
  });
});
