/** How each service's calls look on the wire: where the operation stands, and how answers and errors are written. */
import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { s3RequestOf } from "../iam/operations/s3-request.ts";
import { AwsError, type ServiceName } from "./types.ts";
import { type AwsRequest, type AwsResponse, splitTarget } from "./wire.ts";
import { escapeXml, xml } from "./xml.ts";

/** Larger than any call in JSON. */
const largestPlainBytes = 16 * 1024 * 1024;

interface DecodedCall {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export interface Protocol {
  /** @throws AwsError for what can't be read */
  decode(request: AwsRequest): DecodedCall;
  encode(operation: string, output: Record<string, unknown>): AwsResponse;
  encodeError(error: AwsError, operation: string): AwsResponse;
}

/** Dates are epoch seconds in the JSON protocols. */
function datesAsSeconds(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Date ? original.getTime() / 1_000 : value;
}

function json(version: "1.0" | "1.1"): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    decode(request) {
      const target = request.headers["x-amz-target"];
      const operation = target?.slice(target.lastIndexOf(".") + 1);
      if (operation === undefined) throw new AwsError("MissingAction", "The request has no X-Amz-Target header.");
      return { operation, input: parseObject(plainBody(request)) };
    },
    encode: (_operation, output) => ({
      status: 200,
      headers: { "content-type": contentType, "x-amzn-requestid": randomUUID() },
      body: JSON.stringify(output, datesAsSeconds),
    }),
    encodeError: (error) => ({
      status: error.status,
      headers: { "content-type": contentType, "x-amzn-requestid": randomUUID(), "x-amzn-errortype": error.code },
      body: JSON.stringify({ __type: error.code, message: error.message, ...error.details }),
    }),
  };
}

/** The SDK compresses what PutMetricData carries when it is large. */
function plainBody({ headers, body }: AwsRequest): Buffer | string {
  if (headers["content-encoding"] !== "gzip" || typeof body === "string") return body;
  try {
    return gunzipSync(body, { maxOutputLength: largestPlainBytes });
  } catch {
    throw new AwsError("SerializationException", "The body is not what its Content-Encoding says, or too large.");
  }
}

function parseObject(body: Buffer | string): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below, as any other body that is no object.
  }
  throw new AwsError("SerializationException", "The body is not a JSON object.");
}

/** Form in, XML out: SNS and STS. */
const query: Protocol = {
  decode(request) {
    const form = Object.fromEntries(new URLSearchParams(request.body.toString()));
    const { Action: operation, ...input } = form;
    if (operation === undefined) throw new AwsError("MissingAction", "The request has no Action.");
    return { operation, input };
  },
  encode(operation, output) {
    const members = Object.entries(output).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
    return xml(
      200,
      `<${operation}Response><${operation}Result>${members.join("")}</${operation}Result>` +
        `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`,
    );
  },
  encodeError: (error) =>
    xml(
      error.status,
      `<ErrorResponse><Error><Type>${error.status < 500 ? "Sender" : "Receiver"}</Type><Code>${error.code}</Code>` +
        `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
    ),
};

/** S3 is forwarded; only its errors are written here. */
const rest: Protocol = {
  decode(request) {
    const { operation, input } = s3RequestOf({ ...request, ...splitTarget(request.url) });
    return { operation, input: { ...input } };
  },
  encode: () => ({ status: 200, headers: {}, body: "" }),
  encodeError: (error) =>
    xml(error.status, `<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error>`),
};

/** Names and ARNs hold no other characters; colons come percent-encoded. */
const invokePath = /^\/2015-03-31\/functions\/((?:[\w$:-]|%3A)+)\/invocations(?:\?|$)/i;

/** Lambda's Invoke, the one operation that is served; the payload is JSON either way. */
const lambda: Protocol = {
  decode(request) {
    const name = invokePath.exec(request.url)?.[1];
    if (name === undefined || request.method !== "POST") {
      throw new AwsError(
        "UnknownOperationException",
        `Lambda ${request.method} ${request.url} is not covered locally.`,
        {
          status: 404,
        },
      );
    }
    return {
      operation: "Invoke",
      input: {
        FunctionName: decodeURIComponent(name),
        InvocationType: request.headers["x-amz-invocation-type"] ?? "RequestResponse",
        Payload: request.body.toString(),
      },
    };
  },
  encode: (_operation, output) => ({
    status: Number(output.StatusCode),
    headers: {
      "content-type": "application/json",
      "x-amz-executed-version": String(output.ExecutedVersion),
      ...(output.FunctionError === undefined ? {} : { "x-amz-function-error": String(output.FunctionError) }),
    },
    body: String(output.Payload ?? ""),
  }),
  encodeError: (error) => ({
    status: error.status,
    headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
    body: JSON.stringify({ Type: "User", Message: error.message }),
  }),
};

/** X-Ray's operations, by path. Source: the paths in its API reference. */
const xrayPaths: Readonly<Record<string, string>> = {
  "/TraceSegments": "PutTraceSegments",
  "/TelemetryRecords": "PutTelemetryRecords",
  "/TraceSummaries": "GetTraceSummaries",
  "/Traces": "BatchGetTraces",
};

/** JSON in and out, by REST; the operation is the path. */
const xray: Protocol = {
  decode(request) {
    const { path } = splitTarget(request.url);
    const operation = Object.hasOwn(xrayPaths, path) ? xrayPaths[path] : undefined;
    if (operation === undefined || request.method !== "POST") {
      const problem = `X-Ray ${request.method} ${path} is not covered locally.`;
      throw new AwsError("UnknownOperationException", problem, { status: 404 });
    }
    return { operation, input: parseObject(request.body) };
  },
  encode: (_operation, output) => ({
    status: 200,
    headers: { "content-type": "application/json", "x-amzn-requestid": randomUUID() },
    body: JSON.stringify(output, datesAsSeconds),
  }),
  encodeError: (error) => ({
    status: error.status,
    headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
    body: JSON.stringify({ Message: error.message }),
  }),
};

/** Wire protocols of today's SDK clients. */
export const protocols: Readonly<Record<ServiceName, Protocol>> = {
  dynamodb: json("1.0"),
  sqs: json("1.0"),
  states: json("1.0"),
  monitoring: json("1.0"),
  events: json("1.1"),
  secretsmanager: json("1.1"),
  logs: json("1.1"),
  kms: json("1.1"),
  sns: query,
  sts: query,
  s3: rest,
  lambda,
  xray,
};
