/**
 * Keeps the messages of AWS's errors out of traces. X-Ray's SDK writes an error down as it is thrown, and services may
 * quote what they refuse; what a trace gets is the error's name and status (WEBHOOK_RULES 19). Of refusals that are asked
 * for, such as that of a second claim, it gets nothing: a duplicate is no fault, and would hide those that are.
 */

import type { TracedClient } from "./trace.ts";

/** As much of a client's stack as this touches. The SDK types it by the client's own commands, which don't matter here. */
interface Stack {
  /** A line for each middleware that is there, which begins with its name. */
  identify(): readonly string[];
  addRelativeTo(middleware: Middleware, options: Placement): void;
}

type Middleware = <Args>(next: (args: Args) => Promise<object>) => (args: Args) => Promise<object>;

interface Placement {
  readonly name: string;
  readonly relation: "before" | "after";
  readonly toMiddleware: string;
  readonly override: true;
}

/** As X-Ray's SDK names its own. */
const recorder = "XRaySDKInstrumentation";

/** Refusals of conditions: what they are about is there already, or somebody else was faster. */
const expectedNames: ReadonlySet<string> = new Set(["ConditionalCheckFailedException", "PreconditionFailed"]);
/** Of the writes of a transaction that is refused for its conditions; those that aren't to blame say None. */
const expectedReasons: ReadonlySet<string> = new Set(["None", "ConditionalCheckFailed", "TransactionConflict"]);

function isExpected(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.name !== "TransactionCanceledException") return expectedNames.has(error.name);
  const { CancellationReasons: reasons = [] } = error as {
    CancellationReasons?: readonly { readonly Code?: string }[];
  };
  return reasons.length > 0 && reasons.every(({ Code = "" }) => expectedReasons.has(Code));
}

/**
 * Puts one middleware on each side of the recorder's: the inner one hides the error, the outer one gives it back. Does
 * nothing to a client that isn't recorded.
 */
export function withoutMessages(client: TracedClient): void {
  const stack = client.middlewareStack as Stack;
  // A place beside what isn't there would make each call throw.
  if (!stack.identify().some((line) => line.startsWith(recorder))) return;
  const hidden = new WeakMap<object, unknown>();
  const hide: Middleware = (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      const shown = isExpected(error) ? answerFor(error) : shownOf(error);
      hidden.set(shown, error);
      if (shown instanceof Error) throw shown;
      return shown;
    }
  };
  const giveBack: Middleware = (next) => async (args) => {
    let output: object;
    try {
      output = await next(args);
    } catch (error) {
      throw (typeof error === "object" && error !== null && hidden.get(error)) || error;
    }
    if (hidden.has(output)) throw hidden.get(output);
    return output;
  };
  const place = (name: string, relation: Placement["relation"]): Placement => {
    return { name, relation, toMiddleware: recorder, override: true };
  };
  stack.addRelativeTo(giveBack, place("giveErrorBack", "before"));
  stack.addRelativeTo(hide, place("hideErrorMessage", "after"));
}

/** Stands for the answer of a call that was refused as expected: as its own, but for the status, which marks an error. */
function answerFor(error: Error): object {
  const { $metadata } = error as { readonly $metadata?: object };
  return { output: { $metadata: { ...$metadata, httpStatusCode: undefined } } };
}

/** An error with the name and the metadata of another: request id, status, attempts. */
function shownOf(error: unknown): Error {
  const shown = new Error("");
  shown.stack = "";
  if (!(error instanceof Error)) return shown;
  shown.name = error.name;
  const { $metadata, $retryable } = error as { readonly $metadata?: object; readonly $retryable?: object };
  return Object.assign(shown, $metadata && { $metadata }, $retryable && { $retryable });
}
