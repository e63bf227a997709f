/** API Gateway on one port: routes, throttles, hands requests to functions as proxy events, and writes access logs. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { limits } from "../../config/limits.ts";
import { parseTraceHeader } from "../../lambdas/shared/domain/trace-header.ts";
import { type Door, flatHeaders, readBody } from "../aws/http-server.ts";
import { AwsError, type CallAws, type Principal } from "../aws/types.ts";
import { splitTarget } from "../aws/wire.ts";
import type { AnsweredRequest } from "../services/cloudwatch/service-metrics/api-gateway.ts";
import { noTraces, type OpenSegment, type Traces } from "../tracing/traces.ts";
import { fromProxyResult, type ProxyAnswer, type ProxyRequest, proxyEvent } from "./proxy.ts";
import { type MatchedRoute, matchRoute, type RestApi } from "./routes.ts";
import { createThrottle } from "./throttle.ts";

export interface GatewayOptions {
  readonly api: RestApi;
  readonly call: CallAws;
  readonly now: () => number;
  readonly log: (group: string, line: string) => void;
  readonly onAnswered?: (answered: AnsweredRequest) => void;
  /** None when absent. */
  readonly traces?: Traces;
}

interface Answer extends ProxyAnswer {
  /** The gateway's own answer, when it is one. */
  readonly responseType?: ResponseType;
  /** Of the function, when it was asked. */
  readonly integrationLatencyMs?: number;
}

/** The responses that the gateway gives by itself, with the status that they have where Terraform doesn't say. */
const ownStatus = {
  THROTTLED: 429,
  REQUEST_TOO_LARGE: 413,
  MISSING_AUTHENTICATION_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  /** A function that failed, or answered what a proxy integration can't pass on. */
  DEFAULT_5XX: 502,
} as const;
type ResponseType = keyof typeof ownStatus;

export function serveApi(door: Door, options: GatewayOptions): void {
  const { api, now } = options;
  const allows = createThrottle(api.throttling, now);
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const began = now();
    const beganAt = performance.now();
    const requestId = randomUUID();
    const { path, query } = splitTarget(incoming.url ?? "/");
    const matched = matchRoute(api.routes, incoming.method ?? "GET", path);
    const segment = segmentOf(options, incoming, matched);
    const traceHeader = segment.header;
    const given = await respond(options, { incoming, path, query, matched, requestId, traceHeader }, segment, allows);
    if (given === undefined) return segment.end({ error: true });
    endSegment(segment, incoming, matched, given);
    write(outgoing, requestId, traceHeader, given);
    accessLog(options, { incoming, matched, requestId, traceHeader, answer: given, began });
    const { status, integrationLatencyMs } = given;
    options.onAnswered?.({ status, integrationLatencyMs, latencyMs: performance.now() - beganAt });
  };
  door.open((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      // A bug of the runtime's own, or a function's header that HTTP can't carry: answered as API Gateway would, and loud.
      console.error(error);
      if (outgoing.headersSent) outgoing.destroy();
      else write(outgoing, "", "", gatewayResponse(api, "DEFAULT_5XX"));
    });
  });
}

/** API Gateway is where a webhook's trace begins, and where it is decided whether there is one. */
function segmentOf(
  { api, traces = noTraces }: GatewayOptions,
  incoming: IncomingMessage,
  matched?: MatchedRoute,
): OpenSegment {
  return traces.open({
    name: `${api.name}/${api.stage}`,
    origin: "AWS::ApiGateway::Stage",
    header: flatHeaders(incoming)["x-amzn-trace-id"],
    isTraced: api.isTraced,
    httpMethod: incoming.method ?? "",
    urlPath: matched?.route.resourcePath ?? "/",
  });
}

/** The resource's path, not the request's: what a sender puts into a path belongs in no trace. */
function endSegment(
  segment: OpenSegment,
  incoming: IncomingMessage,
  matched: MatchedRoute | undefined,
  { status }: Answer,
): void {
  segment.end({
    http: { request: { method: incoming.method, url: matched?.route.resourcePath ?? "/" }, response: { status } },
    ...(status >= 500 ? { fault: true } : status >= 400 ? { error: true } : {}),
    ...(status === 429 ? { throttle: true } : {}),
  });
}

/** A request before its body. */
type ReceivedRequest = Omit<ProxyRequest, "matched" | "body"> & { readonly matched: MatchedRoute | undefined };

/** Undefined when the sender has gone. */
async function respond(
  options: GatewayOptions,
  { matched, ...request }: ReceivedRequest,
  segment: OpenSegment,
  allows: () => boolean,
): Promise<Answer | undefined> {
  const { api } = options;
  const { incoming } = request;
  const body = await readBody(incoming, limits.apiGatewayPayloadBytes);
  if (body === "aborted") return undefined;
  if (matched === undefined) return gatewayResponse(api, "MISSING_AUTHENTICATION_TOKEN");
  if (!allows()) return gatewayResponse(api, "THROTTLED");
  if (body === "too large") return gatewayResponse(api, "REQUEST_TOO_LARGE");
  const event = JSON.stringify(proxyEvent(api, { ...request, matched, body }));
  if (Buffer.byteLength(event) > limits.lambdaPayloadBytes) return gatewayResponse(api, "REQUEST_TOO_LARGE");
  const began = performance.now();
  const answer = await integrate(options, matched, incoming.method ?? "GET", event, segment);
  return { ...answer, integrationLatencyMs: performance.now() - began };
}

async function integrate(
  options: GatewayOptions,
  matched: MatchedRoute,
  method: string,
  event: string,
  segment: OpenSegment,
): Promise<Answer> {
  const { api, call } = options;
  const { functionArn, timeoutMs, resourcePath } = matched.route;
  const principal: Principal = {
    kind: "service",
    service: "apigateway.amazonaws.com",
    sourceArn: `${api.executionArn}/${api.stage}/${method}${resourcePath}`,
  };
  const timer = timeLimit(timeoutMs);
  const part = segment.begin("Lambda");
  try {
    const output = await Promise.race([
      call(principal, "lambda", "Invoke", { FunctionName: functionArn, Payload: event }, part.header || undefined),
      timer.expired,
    ]);
    if (output === "expired") return gatewayResponse(api, "INTEGRATION_TIMEOUT");
    if (output.FunctionError !== undefined) return gatewayResponse(api, "DEFAULT_5XX");
    return fromProxyResult(String(output.Payload)) ?? gatewayResponse(api, "DEFAULT_5XX");
  } catch (error) {
    if (error instanceof AwsError) return gatewayResponse(api, "INTEGRATION_FAILURE");
    throw error;
  } finally {
    part.end();
    timer.clear();
  }
}

function timeLimit(milliseconds: number): { expired: Promise<"expired">; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<"expired">((resolve) => {
    timer = setTimeout(() => resolve("expired"), milliseconds);
  });
  return { expired, clear: () => clearTimeout(timer) };
}

/** As Terraform says for the type, else for its family. */
function gatewayResponse(api: RestApi, type: ResponseType): Answer {
  const status = ownStatus[type];
  const configured = api.responses.get(type) ?? api.responses.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
  const plain = { headers: { "content-type": "application/json" }, body: JSON.stringify({ message: type }) };
  return { status, ...(configured ?? plain), responseType: type };
}

function write(
  outgoing: ServerResponse,
  requestId: string,
  traceHeader: string,
  { status, headers, body, bytes }: Answer,
): void {
  const payload = bytes ?? Buffer.from(body);
  const trace = traceHeader === "" ? {} : { "x-amzn-trace-id": traceHeader };
  outgoing
    .writeHead(status, { ...headers, ...trace, "x-amzn-requestid": requestId, "content-length": payload.length })
    .end(payload);
}

function accessLog(
  { api, log, now }: GatewayOptions,
  {
    incoming,
    matched,
    requestId,
    traceHeader,
    answer,
    began,
  }: Pick<ReceivedRequest, "incoming" | "matched" | "requestId" | "traceHeader"> & {
    readonly answer: Answer;
    readonly began: number;
  },
): void {
  if (api.accessLog === undefined) return;
  const context: Record<string, string> = {
    requestId,
    requestTimeEpoch: String(began),
    httpMethod: incoming.method ?? "",
    resourcePath: matched?.route.resourcePath ?? "-",
    status: String(answer.status),
    "error.responseType": answer.responseType ?? "-",
    responseLength: String(Buffer.byteLength(answer.body)),
    responseLatency: String(now() - began),
    xrayTraceId: parseTraceHeader(traceHeader)?.root ?? "-",
  };
  log(
    api.accessLog.group,
    api.accessLog.format.replace(/\$context\.([A-Za-z.]+)/g, (_match, name: string) => context[name] ?? "-"),
  );
}
