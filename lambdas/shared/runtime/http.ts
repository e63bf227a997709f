import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { asError } from "../domain/outcomes.ts";
import { withoutPersonalData } from "../domain/personal-data.ts";
import type { Log, LogFields } from "./log.ts";
import { noTracing, type Tracing } from "./trace.ts";

/** A request as the use cases see it. */
export interface HttpRequest {
  readonly method: string;
  /** Without stage and query. */
  readonly path: string;
  /** The `{provider}` of the resource's path, if the resource has one. */
  readonly provider: string | undefined;
  /** By lower-case name; repeated headers are joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  /** The exact bytes that came. */
  readonly body: Uint8Array;
  readonly correlationId: string;
}

/** Why a request is refused. This file alone turns it into a status. */
type FailureKind =
  | "invalid"
  | "unauthorized"
  | "not-found"
  | "method-not-allowed"
  | "too-large"
  /** It can't be decided now; nothing is wrong with the request as far as we know. */
  | "unavailable";

export type HttpAnswer =
  | { readonly kind: "ok"; readonly body: Readonly<Record<string, unknown>>; readonly log: LogFields }
  | {
      readonly kind: FailureKind;
      /** Machine-readable, snake case. */
      readonly code: string;
      /** For the sender's developer. Never quotes the request. */
      readonly message: string;
      /** Instead of the kind's own, where whoever sent it asks for another. */
      readonly status?: number;
      readonly log?: LogFields;
    };

export interface HttpHandlerOptions {
  readonly answer: (request: HttpRequest) => Promise<HttpAnswer>;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A fresh id for requests that come without one. */
  readonly newId: () => string;
  /** None when absent. */
  readonly tracing?: Tracing;
}

/** Status, and the `type` of the error's body. */
const failures: Readonly<Record<FailureKind, { readonly status: number; readonly type: string }>> = {
  invalid: { status: 400, type: "invalid_request" },
  unauthorized: { status: 401, type: "authentication" },
  "not-found": { status: 404, type: "not_found" },
  "method-not-allowed": { status: 405, type: "invalid_request" },
  "too-large": { status: 413, type: "invalid_request" },
  unavailable: { status: 503, type: "unavailable" },
};

const retryAfterSeconds = 5;

/**
 * A Lambda handler for API Gateway's REST proxy integration. Whatever is thrown answers 503 with Retry-After, so that
 * the sender tries again and nothing is lost by our fault; the log says what it was.
 *
 * It writes one line at exit that says everything, and none at entry: API Gateway's access log already has a line for
 * each request that arrives, and this function's log is the largest of the pipeline.
 */
export function httpHandler(
  options: HttpHandlerOptions,
): (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult> {
  const { tracing = noTracing } = options;
  return async (event) => {
    const startedMs = options.now();
    const request = requestOf(event, options.newId);
    const answer = await tracing.invocation(async () => {
      const given = await answerOrUnavailable(options.answer, request);
      tracing.annotate(given.log ?? {});
      return given;
    });
    const result = resultOf(answer, request.correlationId);
    logAnswer(options.log, answer, {
      correlationId: request.correlationId,
      status: result.statusCode,
      sizeBytes: request.body.length,
      ms: options.now() - startedMs,
    });
    return result;
  };
}

async function answerOrUnavailable(answer: HttpHandlerOptions["answer"], request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await answer(request);
  } catch (error) {
    const message = "The request can't be decided now. Send it again later.";
    return { kind: "unavailable", code: "temporarily_unavailable", message, log: { error: asError(error) } };
  }
}

function requestOf(event: APIGatewayProxyEvent, newId: () => string): HttpRequest {
  const headers = headersOf(event);
  const gatewayId = event.requestContext?.requestId;
  return {
    method: event.httpMethod,
    path: event.path,
    provider: event.pathParameters?.provider,
    headers,
    body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
    correlationId: saneId(headers.get("x-correlation-id")) ?? saneId(gatewayId) ?? newId(),
  };
}

/** Ids from outside go into logs, messages and header values, so they are letters, digits and a few marks. */
function saneId(id: string | undefined): string | undefined {
  return id !== undefined && /^[A-Za-z0-9._:=-]{1,128}$/.test(id) ? withoutPersonalData(id) : undefined;
}

function headersOf(event: APIGatewayProxyEvent): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const add = (name: string, value: string | undefined) => {
    if (value === undefined) return;
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before},${value}`);
  };
  const single = Object.entries(event.headers ?? {});
  const multiple = Object.entries(event.multiValueHeaders ?? {});
  // Both hold the same headers; only the second has every value of a repeated one.
  if (multiple.length === 0) for (const [name, value] of single) add(name, value);
  for (const [name, values] of multiple) for (const value of values ?? []) add(name, value);
  return headers;
}

function resultOf(answer: HttpAnswer, correlationId: string): APIGatewayProxyResult {
  const headers = { "content-type": "application/json", "x-correlation-id": correlationId };
  if (answer.kind === "ok") return { statusCode: 200, headers, body: JSON.stringify(answer.body) };
  const { status, type } = failures[answer.kind];
  return {
    statusCode: answer.status ?? status,
    headers: {
      ...headers,
      ...(answer.kind === "unavailable" ? { "retry-after": String(retryAfterSeconds) } : {}),
      ...(answer.kind === "method-not-allowed" ? { allow: "POST" } : {}),
    },
    body: JSON.stringify({ error: { type, code: answer.code, message: answer.message } }),
  };
}

function logAnswer(log: Log, answer: HttpAnswer, fields: LogFields): void {
  const line = { ...fields, outcome: answer.kind, ...answer.log };
  if (answer.kind === "ok") {
    // A body of which some items were unusable is answered like any other, but somebody should look at it.
    const write = answer.log.failedCount === undefined ? log.info : log.warn;
    write("request answered", { ...line, outcome: "accepted" });
  } else if (answer.kind === "unavailable") {
    log.error("request not decided", { code: answer.code, ...line });
  } else {
    log.warn("request refused", { code: answer.code, ...line });
  }
}
