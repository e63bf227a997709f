/** What a Lambda proxy integration sends to a function, and takes from it (REST API format). */
import type { IncomingMessage } from "node:http";
import { flatHeaders } from "../aws/http-server.ts";
import type { MatchedRoute, RestApi } from "./routes.ts";

export interface ProxyRequest {
  readonly incoming: IncomingMessage;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly matched: MatchedRoute;
  readonly body: Buffer;
  readonly requestId: string;
  /** X-Ray's, which the function gets as a header; empty where nothing is traced. */
  readonly traceHeader: string;
}

/** The integration's event; the body is base64 where the API takes everything as binary. */
export function proxyEvent(api: RestApi, request: ProxyRequest): object {
  const { incoming, path, query, matched, body, requestId } = request;
  const queryPairs = [...query];
  return {
    resource: matched.route.resourcePath,
    path,
    httpMethod: incoming.method,
    headers: { ...flatHeaders(incoming), ...traceHeaderOf(request) },
    multiValueHeaders: { ...multiValue(headerPairs(incoming)), ...multiValue(Object.entries(traceHeaderOf(request))) },
    queryStringParameters: queryPairs.length === 0 ? null : Object.fromEntries(queryPairs),
    multiValueQueryStringParameters: queryPairs.length === 0 ? null : multiValue(queryPairs),
    pathParameters: Object.keys(matched.parameters).length === 0 ? null : matched.parameters,
    stageVariables: null,
    requestContext: {
      requestId,
      stage: api.stage,
      httpMethod: incoming.method,
      path,
      resourcePath: matched.route.resourcePath,
      requestTimeEpoch: Date.now(),
      identity: { sourceIp: incoming.socket.remoteAddress ?? "", userAgent: incoming.headers["user-agent"] ?? null },
    },
    body: body.length === 0 ? null : body.toString(api.binary ? "base64" : "utf8"),
    isBase64Encoded: api.binary && body.length > 0,
  };
}

function traceHeaderOf({ incoming, traceHeader }: ProxyRequest): Record<string, string> {
  const cameWithOne = incoming.headers["x-amzn-trace-id"] !== undefined;
  return traceHeader === "" || cameWithOne ? {} : { "X-Amzn-Trace-Id": traceHeader };
}

/** Names come from outside, so they are collected in a Map: one may be called like a member of every object. */
function multiValue(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

function headerPairs(incoming: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    pairs.push([incoming.rawHeaders[index] ?? "", incoming.rawHeaders[index + 1] ?? ""]);
  }
  return pairs;
}

export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body, where the function sent it as base64. */
  readonly bytes?: Buffer;
}

/** Undefined for what API Gateway calls a malformed proxy response. */
export function fromProxyResult(payload: string): ProxyAnswer | undefined {
  const result = JSON.parse(payload) as {
    statusCode?: unknown;
    headers?: Record<string, unknown>;
    body?: unknown;
    isBase64Encoded?: unknown;
  } | null;
  const status = Number(result?.statusCode);
  if (result === null || !Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const headers = Object.fromEntries(
    Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const body = typeof result.body === "string" ? result.body : "";
  return { status, headers, body, ...(result.isBase64Encoded === true ? { bytes: Buffer.from(body, "base64") } : {}) };
}
