/** One attempt of a Task: parameters, the call, the wait for its token, time-outs, the history of all that. */
import type { CallAws } from "../../../aws/types.ts";
import type { Json, Site } from "../asl/definition.ts";
import { compileExpression } from "../asl/expressions.ts";
import { fillTemplate } from "../asl/templates.ts";
import type { ExecutionScope } from "../executions/scope.ts";
import { callIntegration } from "./call-integration.ts";
import { TaskFailure } from "./failure.ts";
import { type Integration, parseIntegration } from "./integration.ts";
import type { Attempt } from "./state-work.ts";
import type { WaitingTask } from "./tokens.ts";
import { settleWithin } from "./waiting.ts";

/** Largest input, result and output of a state (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
export const largestDataBytes = 262_144;

export async function runTask(site: Site, input: Json, scope: ExecutionScope, attempt: Attempt): Promise<Json> {
  const { state, lane, name } = site;
  const integration = integrationOf(site);
  const seconds = secondsOf(site, input, scope.contextOf(name, attempt));
  const { resource, resourceType } = integration;
  // Waiting for a person or another system is divided by the speed; work takes its real time, and so does its limit.
  const toMs = (value: number) => (integration.waitsForToken ? scope.clock.scaled(value * 1000) : value * 1000);
  const heartbeatMs = seconds.heartbeat === undefined ? undefined : toMs(seconds.heartbeat);
  const waiting = integration.waitsForToken ? scope.openToken(heartbeatMs) : undefined;
  try {
    const context = scope.contextOf(name, attempt, waiting?.token);
    const parameters = state.Parameters === undefined ? input : fillTemplate(state.Parameters, input, context);
    scope.history.record(lane, "TaskScheduled", {
      resourceType,
      resource,
      region: scope.region,
      parameters: JSON.stringify(parameters),
      ...(seconds.timeout === undefined ? {} : { timeoutInSeconds: seconds.timeout }),
      ...(seconds.heartbeat === undefined ? {} : { heartbeatInSeconds: seconds.heartbeat }),
    });
    scope.history.record(lane, "TaskStarted", { resourceType, resource });
    const work = callAndWait(site, integration, parameters, scope, waiting);
    const result = await settleWithin<Json>(work, {
      milliseconds: seconds.timeout === undefined ? undefined : toMs(seconds.timeout),
      signal: scope.signal,
      onTimeout: () => {
        throw new TaskFailure("States.Timeout", `The task ran for more than ${seconds.timeout} s`);
      },
    });
    const output = checkedSize(result ?? null);
    scope.history.record(lane, "TaskSucceeded", { resourceType, resource, ...data("output", output) });
    return state.ResultSelector === undefined
      ? (result ?? null)
      : fillTemplate(state.ResultSelector, result ?? null, context);
  } catch (error) {
    recordFailure(site, integration, scope, error);
    throw error;
  } finally {
    waiting?.close();
  }
}

async function callAndWait(
  site: Site,
  integration: Integration,
  parameters: Json,
  scope: ExecutionScope,
  waiting: WaitingTask | undefined,
): Promise<Json> {
  const result = await tracedCall(site.name, integration, parameters, scope);
  if (waiting === undefined) return result;
  const { resource, resourceType } = integration;
  scope.history.record(site.lane, "TaskSubmitted", {
    resourceType,
    resource,
    ...data("output", JSON.stringify(result)),
  });
  return scope.whileWaiting(waiting.answer);
}

/** The call of a task, as a part of the execution's segment that has the state's name. */
async function tracedCall(
  name: string,
  integration: Integration,
  parameters: Json,
  scope: ExecutionScope,
): Promise<Json> {
  const part = scope.segment.begin(name);
  const call: CallAws = (principal, service, operation, input) => {
    return scope.call(principal, service, operation, input, part.header || undefined);
  };
  try {
    const result = await callIntegration(integration, parameters, call, scope.principal);
    part.end();
    return result;
  } catch (error) {
    part.end({ fault: true });
    throw error;
  }
}

function recordFailure(
  site: Site,
  { resource, resourceType }: Integration,
  scope: ExecutionScope,
  error: unknown,
): void {
  if (!(error instanceof TaskFailure) || scope.signal.aborted || error.name === "States.Runtime") return;
  const isTimeout = error.name === "States.Timeout" || error.name === "States.HeartbeatTimeout";
  scope.history.record(site.lane, isTimeout ? "TaskTimedOut" : "TaskFailed", {
    resourceType,
    resource,
    error: error.name,
    cause: error.message,
  });
}

function integrationOf(site: Site): Integration {
  const integration = parseIntegration(site.state.Resource ?? "");
  if (typeof integration === "string") throw new Error(integration);
  return integration;
}

function secondsOf({ state }: Site, input: Json, context: Json) {
  const at = (path: string) => Number(compileExpression(path)(input, context));
  return {
    timeout: state.TimeoutSecondsPath === undefined ? state.TimeoutSeconds : at(state.TimeoutSecondsPath),
    heartbeat: state.HeartbeatSecondsPath === undefined ? state.HeartbeatSeconds : at(state.HeartbeatSecondsPath),
  };
}

function data(member: string, text: string) {
  return { [member]: text, [`${member}Details`]: { truncated: false } };
}

/** The value as JSON text. @throws TaskFailure States.DataLimitExceeded, which AWS doesn't let a machine catch. */
function checkedSize(value: Json): string {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > largestDataBytes) {
    throw new TaskFailure("States.DataLimitExceeded", `The result has more than ${largestDataBytes} bytes`, "final");
  }
  return text;
}
