import type { APIGatewayProxyEvent } from "aws-lambda";
import { type HttpAnswer, type HttpRequest, httpHandler } from "../../../../lambdas/shared/runtime/http.ts";
import type { LogFields } from "../../../../lambdas/shared/runtime/log.ts";

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

function harness(answer: (request: HttpRequest) => Promise<HttpAnswer>) {
  const lines: Line[] = [];
  const requests: HttpRequest[] = [];
  const at = (level: string) => (message: string, fields: LogFields) => void lines.push({ level, message, fields });
  const times = [1_000, 1_012];
  const handle = httpHandler({
    answer: (request) => {
      requests.push(request);
      return answer(request);
    },
    log: { info: at("info"), warn: at("warn"), error: at("error") },
    now: () => times.shift() ?? 0,
    newId: () => "fresh-id",
  });
  return { handle, lines, requests };
}

function eventOf(changes: Partial<APIGatewayProxyEvent>): APIGatewayProxyEvent {
  const event = {
    httpMethod: "POST",
    path: "/webhooks/stripe",
    pathParameters: { provider: "stripe" },
    headers: {},
    multiValueHeaders: {},
    body: "{}",
    isBase64Encoded: false,
    requestContext: { requestId: "gateway-id" },
    ...changes,
  };
  return event as APIGatewayProxyEvent;
}

const ok = async (): Promise<HttpAnswer> => ({
  kind: "ok",
  body: { status: "accepted" },
  log: { eventId: "stripe:evt_1" },
});

describe("httpHandler", () => {
  it("rule 1: hands the exact bytes on, base64 or not", async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    const { handle, requests } = harness(ok);
    await handle(eventOf({ body: bytes.toString("base64"), isBase64Encoded: true }));
    await handle(eventOf({ body: '{"city":"Zürich"}' }));
    await handle(eventOf({ body: null }));
    expect(requests.map(({ body }) => Buffer.from(body))).toEqual([
      bytes,
      Buffer.from('{"city":"Zürich"}'),
      Buffer.alloc(0),
    ]);
  });

  it("reads headers in any case and joins repeated ones", async () => {
    const { handle, requests } = harness(ok);
    await handle(
      eventOf({
        multiValueHeaders: { "Stripe-Signature": ["t=1", "v1=2"], ["__proto__"]: ["x"] },
        headers: { "Stripe-Signature": "v1=2" },
      }),
    );
    await handle(eventOf({ headers: { "X-GITHUB-EVENT": "ping" } }));
    expect(requests[0]?.headers.get("stripe-signature")).toBe("t=1,v1=2");
    expect(requests[1]?.headers.get("x-github-event")).toBe("ping");
    expect(requests[1]?.headers.get("constructor")).toBeUndefined();
  });

  it("takes a sane correlation id, else the gateway's, else a fresh one, and returns it", async () => {
    const { handle, requests } = harness(ok);
    const result = await handle(eventOf({ headers: { "X-Correlation-Id": "order-77:a" } }));
    await handle(eventOf({ headers: { "X-Correlation-Id": 'evil"\n{' } }));
    await handle(eventOf({ headers: {}, requestContext: {} as APIGatewayProxyEvent["requestContext"] }));
    expect(requests.map(({ correlationId }) => correlationId)).toEqual(["order-77:a", "gateway-id", "fresh-id"]);
    expect(result.headers).toMatchObject({ "x-correlation-id": "order-77:a", "content-type": "application/json" });
  });

  it("hides a correlation id that is somebody's card or key", async () => {
    const { handle, requests } = harness(ok);
    await handle(eventOf({ headers: { "X-Correlation-Id": "4242424242424242" } }));
    expect(requests[0]?.correlationId).toMatch(/^hidden-[0-9a-f]{32}$/);
  });

  it.each([
    ["invalid", 400, "invalid_request"],
    ["unauthorized", 401, "authentication"],
    ["not-found", 404, "not_found"],
    ["method-not-allowed", 405, "invalid_request"],
    ["too-large", 413, "invalid_request"],
    ["unavailable", 503, "unavailable"],
  ] as const)("rule 4: %s answers %d with an error body", async (kind, status, type) => {
    const { handle } = harness(async () => ({ kind, code: "some_code", message: "Why." }));
    const result = await handle(eventOf({}));
    expect(result.statusCode).toBe(status);
    expect(JSON.parse(result.body)).toEqual({ error: { type, code: "some_code", message: "Why." } });
    expect(result.headers?.["retry-after"]).toBe(kind === "unavailable" ? "5" : undefined);
    expect(result.headers?.allow).toBe(kind === "method-not-allowed" ? "POST" : undefined);
  });

  it("rule 4: whatever is thrown answers 503 with Retry-After, and the log says what it was", async () => {
    const error = new Error("queue is down");
    const { handle, lines } = harness(() => Promise.reject(error));
    const result = await handle(eventOf({}));
    expect(result).toMatchObject({ statusCode: 503, headers: { "retry-after": "5" } });
    expect(result.body).not.toContain("queue is down");
    expect(lines).toMatchObject([{ level: "error", fields: { error, code: "temporarily_unavailable", status: 503 } }]);
  });

  it("rule 19: logs one line per request, without anything that was sent", async () => {
    const { handle, lines } = harness(ok);
    await handle(eventOf({ body: '{"email":"a@example.com"}', headers: { Authorization: "Bearer secret" } }));
    expect(lines).toEqual([
      {
        level: "info",
        message: "request answered",
        fields: {
          correlationId: "gateway-id",
          status: 200,
          sizeBytes: 25,
          ms: 12,
          outcome: "accepted",
          eventId: "stripe:evt_1",
        },
      },
    ]);
  });

  it("rule 6: a batch with unusable items is logged as a warning", async () => {
    const { handle, lines } = harness(async () => ({ kind: "ok", body: {}, log: { count: 2, failedCount: 1 } }));
    await handle(eventOf({}));
    expect(lines).toMatchObject([{ level: "warn", fields: { outcome: "accepted", failedCount: 1 } }]);
  });
});
