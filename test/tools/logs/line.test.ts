import { lineOf } from "../../../tools/logs/line.ts";
import type { Stage } from "../../../tools/logs/stages.ts";

const stage = (kind: Stage["kind"]): Stage => ({ name: "stage", logGroup: "/group", kind });

const read = (kind: Stage["kind"], message: string | object) =>
  lineOf(stage(kind), {
    id: "1",
    stream: "s",
    timestamp: Date.UTC(2026, 10, 20, 9),
    message: typeof message === "string" ? message : JSON.stringify(message),
  });

describe("a line", () => {
  it("of a function has its own time, level and message, and what it says beside the ids of the event", () => {
    const message = {
      level: "WARN",
      message: "record will be retried",
      timestamp: "2026-11-20T08:00:00.123Z",
      service: "webhook-dedup",
      sampling_rate: 0,
      eventId: "stripe:evt_1",
      correlationId: "c1",
      ms: 12,
      outcome: "failed",
      error: { name: "RetryableError", message: "gone", stack: "at …", cause: { name: "X" } },
    };
    expect(read("function", message)).toEqual({
      id: "1",
      stream: "s",
      stage: "stage",
      logGroup: "/group",
      at: "2026-11-20T08:00:00.123Z",
      level: "WARN",
      what: "record will be retried",
      facts: { ms: "12", outcome: "failed", "error.name": "RetryableError", "error.message": "gone" },
      correlationId: "c1",
      line: message,
    });
  });

  it("of a function says which execution it works for", () => {
    const executionId = "arn:aws:states:us-east-1:1:execution:high-value-review-dev:x";
    expect(read("function", { message: "claim asked for", executionId })).toMatchObject({ executionArn: executionId });
    expect(read("function", { message: "phase ended", executionId: "20261120T020000Z" }).executionArn).toBeUndefined();
  });

  it("of a state machine says the step, its state, and what went wrong", () => {
    const message = {
      id: "7",
      type: "TaskFailed",
      details: { resource: "invoke", error: "Boom", cause: "it broke", input: '{"eventId":"stripe:evt_1"}' },
      event_timestamp: "1795164000500",
      execution_arn: "arn:1",
    };
    expect(read("state-machine", message)).toMatchObject({
      at: new Date(1795164000500).toISOString(),
      what: "TaskFailed",
      facts: { resource: "invoke", error: "Boom", cause: "it broke" },
      executionArn: "arn:1",
    });
  });

  it("of the bus says the event's type, and finds its request", () => {
    const event = { id: "e", "detail-type": "payment.succeeded", detail: { correlationId: "c1", routingAmountUsd: 5 } };
    expect(read("bus", event)).toMatchObject({
      what: "payment.succeeded",
      facts: { routingAmountUsd: "5", id: "e" },
      correlationId: "c1",
    });
  });

  it("of the API is a request at the time when it came", () => {
    const request = {
      requestId: "c1",
      time: "1795164000000",
      method: "POST",
      resource: "/webhook",
      status: "200",
      ms: "5",
    };
    expect(read("api", request)).toMatchObject({
      at: new Date(1795164000000).toISOString(),
      what: "POST /webhook",
      facts: { status: "200", ms: "5" },
      correlationId: "c1",
    });
  });

  it("that is no JSON is told as it is, at CloudWatch's time", () => {
    const text = "2026-11-20 Task timed out after 10.00 seconds\n";
    expect(read("function", text)).toMatchObject({
      at: "2026-11-20T09:00:00.000Z",
      what: "2026-11-20 Task timed out after 10.00 seconds",
      facts: {},
      line: text,
    });
  });

  it("whose time is no time has CloudWatch's", () => {
    for (const time of ["-", "1e99", undefined]) {
      expect(read("api", { time }).at).toBe("2026-11-20T09:00:00.000Z");
    }
    expect(read("function", { timestamp: "yesterday" }).at).toBe("2026-11-20T09:00:00.000Z");
  });
});
