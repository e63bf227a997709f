/** The work of one entry of a Task, Pass or Wait state: what the library calls as its handler. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Json, Site, State } from "../asl/definition.ts";
import { compileExpression } from "../asl/expressions.ts";
import { fillTemplate } from "../asl/templates.ts";
import type { ExecutionScope } from "../executions/scope.ts";
import { TaskFailure } from "./failure.ts";
import { countRetries } from "./retry.ts";
import { runTask } from "./run-task.ts";
import { abandoned, sleep } from "./waiting.ts";

/** The members of the context object that belong to one attempt of one state. */
export interface Attempt {
  /** ISO 8601, of the state's entry. */
  readonly enteredTime: string;
  readonly retryCount: number;
}

/**
 * The state's result before ResultPath. `input` is what InputPath left of the state's input. Each entry is one call, so
 * retries are counted here and `$$.State` and `$$.Task` belong to this entry, whatever runs beside it.
 */
export async function doStateWork(site: Site, input: Json, scope: ExecutionScope): Promise<Json> {
  // The library tells of its transitions with a delay; after a turn, all before this entry are in the history.
  await nextTurn();
  const enteredTime = new Date(scope.clock.now()).toISOString();
  const retries = countRetries(site.state.Retry ?? [], scope.random);
  for (let retryCount = 0; ; retryCount++) {
    try {
      return await attempt(site, input, scope, { enteredTime, retryCount });
    } catch (error) {
      const waitMs = scope.signal.aborted ? undefined : retries.next(error);
      if (waitMs === undefined) throw asFailure(error);
      await sleep(scope.clock.scaled(waitMs), scope.signal);
    }
  }
}

async function attempt(site: Site, input: Json, scope: ExecutionScope, attempt: Attempt): Promise<Json> {
  const { state } = site;
  if (scope.signal.aborted) throw abandoned();
  if (state.Type === "Task") return runTask(site, input, scope, attempt);
  const context = scope.contextOf(site.name, attempt);
  if (state.Type === "Wait") {
    await sleep(scope.clock.scaled(waitMs(state, input, context, scope.clock.now())), scope.signal);
    return input;
  }
  if (state.Result !== undefined) return state.Result;
  return state.Parameters === undefined ? input : fillTemplate(state.Parameters, input, context);
}

/** Configured milliseconds; a moment in the past is no wait. */
function waitMs(state: State, input: Json, context: Json, now: number): number {
  const read = (path: string) => compileExpression(path)(input, context);
  const seconds = state.SecondsPath === undefined ? state.Seconds : read(state.SecondsPath);
  if (typeof seconds === "number") return seconds * 1000;
  const moment = Date.parse(String(state.TimestampPath === undefined ? state.Timestamp : read(state.TimestampPath)));
  if (Number.isNaN(moment)) throw new TaskFailure("States.Runtime", "The Wait has no number and no timestamp", "final");
  return Math.max(0, moment - now);
}

/** Anything that isn't a failure of a task is a fault of the machine or of this runtime: it ends the execution. */
function asFailure(error: unknown): TaskFailure {
  if (error instanceof TaskFailure) return error;
  return new TaskFailure("States.Runtime", error instanceof Error ? error.message : String(error), "final");
}
