/** One execution from its first state to its end. */
import type { StateMachine } from "aws-local-stepfunctions";
import type { Json } from "../asl/definition.ts";
import type { Machine } from "../machine.ts";
import { doStateWork } from "../tasks/state-work.ts";
import { longestTimerMs } from "../tasks/waiting.ts";
import type { ExecutionRecord, Outcome } from "./record.ts";
import type { ExecutionScope } from "./scope.ts";
import { recordTransitions } from "./transitions.ts";

/** Why an execution is ended from outside; "shutdown" leaves it unfinished, to be begun again. */
export type EndReason =
  | { readonly kind: "shutdown" | "timed-out" | "over" }
  | { readonly kind: "aborted"; readonly error?: string; readonly cause?: string };

/** AWS ends every EXPRESS execution after five minutes. Its work takes real time, so this isn't divided by the speed. */
const expressLimitMs = 300_000;

type Library = Parameters<StateMachine["run"]>;

/** How it ended, or undefined after a shutdown. Never rejects. `controller` owns `scope.signal`. */
export async function runExecution(
  machine: Machine,
  execution: ExecutionRecord,
  scope: ExecutionScope,
  controller: AbortController,
): Promise<Outcome | undefined> {
  const expressMs = machine.type === "EXPRESS" ? expressLimitMs : undefined;
  const seconds = machine.timeoutSeconds;
  const endAfter = seconds === undefined ? expressMs : Math.min(scope.clock.scaled(seconds * 1000), longestTimerMs);
  const expire = () => controller.abort({ kind: "timed-out" } satisfies EndReason);
  const timer = endAfter === undefined ? undefined : setTimeout(expire, endAfter);
  const { input } = execution;
  scope.history.record(machine.topLevel, "ExecutionStarted", {
    input,
    inputDetails: { truncated: false },
    roleArn: machine.roleArn,
  });
  try {
    const outcome = await walk(machine, input, scope);
    if (outcome !== undefined) recordEnd(machine, outcome, scope);
    return outcome;
  } finally {
    clearTimeout(timer);
    controller.abort({ kind: "over" } satisfies EndReason);
  }
}

async function walk(machine: Machine, input: string, scope: ExecutionScope): Promise<Outcome | undefined> {
  const handlers = [...machine.sites.values()].map((site) => [
    site.name,
    (stateInput: Json) => doStateWork(site, stateInput, scope),
  ]);
  const { signal } = scope;
  const run = machine.library.run(JSON.parse(input), {
    overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) },
    // For the states that the library evaluates itself; those of ours have a context of their own.
    context: scope.contextOf("", { enteredTime: "", retryCount: 0 }) as Record<string, unknown>,
  } satisfies Library[1]);
  const stop = () => run.abort();
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  const transitions = recordTransitions(run.eventLogs, machine.sites, scope.history);
  try {
    const output = await run.result;
    await transitions;
    return { status: "SUCCEEDED", output: JSON.stringify(output) };
  } catch (error) {
    await transitions;
    return signal.aborted ? outcomeOf(signal.reason as EndReason) : failureOf(error);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function outcomeOf(reason: EndReason): Outcome | undefined {
  if (reason.kind === "timed-out") return { status: "TIMED_OUT", error: "States.Timeout" };
  if (reason.kind !== "aborted") return undefined;
  const { kind, ...why } = reason;
  return { status: "ABORTED", ...why };
}

/** The library wraps what failed; its Fail states without an Error have a name of its own. */
function failureOf(error: unknown): Outcome {
  const failure = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
  if (failure.name === "FailStateError") return { status: "FAILED" };
  const isFault = failure.name === "TypeError" || failure.name === "SyntaxError" || failure.name === "Error";
  return { status: "FAILED", error: isFault ? "States.Runtime" : failure.name, cause: failure.message };
}

const endEvents = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
} as const;

function recordEnd(machine: Machine, outcome: Outcome, scope: ExecutionScope): void {
  const { status, ...details } = outcome;
  scope.history.join(machine.topLevel);
  const output = outcome.output === undefined ? {} : { outputDetails: { truncated: false } };
  scope.history.record(machine.topLevel, endEvents[status], { ...details, ...output });
}
