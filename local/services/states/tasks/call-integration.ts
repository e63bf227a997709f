/** One call of a Task's integration: parameters and result as Step Functions changes them, errors by its names. */
import { AwsError, type CallAws, type Principal } from "../../../aws/types.ts";
import type { Json } from "../asl/definition.ts";
import { TaskFailure } from "./failure.ts";
import type { Integration } from "./integration.ts";

type Members = Readonly<Record<string, unknown>>;

/** Codes that every service answers with and no service's API models; they get the service's generic error name. */
const unmodelled = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "InternalFailure",
  "ServiceUnavailable",
  "Throttling",
  "ThrottlingException",
  "UnrecognizedClientException",
  "ValidationError",
  "ValidationException",
]);

/** @throws TaskFailure with the error name that AWS's integration has for it. */
export async function callIntegration(
  integration: Integration,
  parameters: Json,
  call: CallAws,
  principal: Principal,
): Promise<Json> {
  let result: Members;
  try {
    result = await call(principal, integration.service, integration.operation, encode(integration, parameters));
  } catch (error) {
    throw serviceFailure(integration, error);
  }
  const { $metadata, ...members } = result;
  if (integration.service === "lambda") return lambdaResult(integration, members);
  if (integration.service === "events" && integration.kind === "optimized" && Number(members.FailedEntryCount) > 0) {
    throw new TaskFailure("EventBridge.FailedEntry", JSON.stringify(members));
  }
  return plainJson(members);
}

/** Optimized integrations take JSON where the API takes text; Lambda's payload is JSON in both kinds. */
function encode(integration: Integration, parameters: Json): Record<string, unknown> {
  const members = { ...(parameters as Record<string, Json>) };
  if (integration.service === "lambda") return { ...members, Payload: JSON.stringify(members.Payload ?? {}) };
  if (integration.kind === "aws-sdk") return members;
  if (integration.service === "sns" && "Message" in members) return { ...members, Message: text(members.Message) };
  if (integration.service === "sqs" && "MessageBody" in members) {
    return { ...members, MessageBody: text(members.MessageBody) };
  }
  if (integration.service === "states") return startOf(members);
  if (integration.service === "events" && Array.isArray(members.Entries)) {
    const entries = members.Entries as readonly Readonly<Record<string, Json>>[];
    return { Entries: entries.map((entry) => ({ ...entry, Detail: text(entry.Detail) })) };
  }
  return members;
}

/** Parameters of this integration alone begin with a capital letter that the API's don't have. */
function startOf({ StateMachineArn, Name, Input }: Readonly<Record<string, Json>>): Record<string, unknown> {
  return { stateMachineArn: StateMachineArn, name: Name, input: text(Input) };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" || value === undefined ? value : JSON.stringify(value);
}

function lambdaResult(integration: Integration, members: Members): Json {
  const payload = payloadText(members.Payload);
  if (members.FunctionError !== undefined && integration.kind === "optimized") throw functionFailure(payload);
  return plainJson({
    ExecutedVersion: members.ExecutedVersion ?? "$LATEST",
    ...(members.FunctionError === undefined ? {} : { FunctionError: members.FunctionError }),
    Payload: integration.kind === "optimized" ? parsedOr(payload, payload) : payload,
    StatusCode: members.StatusCode ?? 200,
  });
}

/** A function's own error: its `errorType` is the error's name, the whole payload the cause. */
function functionFailure(payload: string): TaskFailure {
  const error = parsedOr(payload, {});
  const { errorType } = (typeof error === "object" && error !== null ? error : {}) as { errorType?: unknown };
  return new TaskFailure(typeof errorType === "string" && errorType !== "" ? errorType : "Lambda.Unknown", payload);
}

function serviceFailure(integration: Integration, error: unknown): TaskFailure {
  if (!(error instanceof AwsError)) {
    return new TaskFailure("States.TaskFailed", error instanceof Error ? error.message : String(error));
  }
  const { errorPrefix, genericError, kind, service } = integration;
  // Step Functions names the refusals of its own API as its SDKs do, in both kinds of integration.
  const isSdkName = (kind === "aws-sdk" || service === "states") && !error.code.endsWith("Exception");
  const own = isSdkName ? `${error.code}Exception` : error.code;
  const name = unmodelled.has(error.code) ? genericError : own;
  const cause = `${error.message} (Service: ${service}; Status Code: ${error.status}; Error Code: ${error.code})`;
  return new TaskFailure(`${errorPrefix}.${name}`, cause);
}

function payloadText(payload: unknown): string {
  if (payload === undefined) return "null";
  return ArrayBuffer.isView(payload)
    ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString()
    : String(payload);
}

function parsedOr(text: string, otherwise: Json): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return otherwise;
  }
}

/** What is left of a result once it is JSON: no undefined members, dates as text. */
function plainJson(members: Members): Json {
  return JSON.parse(JSON.stringify(members)) as Json;
}
