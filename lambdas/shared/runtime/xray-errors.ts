/**
 * Keeps the messages of AWS's errors out of traces. X-Ray's SDK writes an error down as it is thrown, and services may
 * quote what they refuse; what a trace gets is the error's name and status (WEBHOOK_RULES 19).
 */

import type { TracedClient } from "./trace.ts";

/** As much of a client's stack as this touches. The SDK types it by the client's own commands, which don't matter here. */
interface Stack {
  /** A line for each middleware that is there, which begins with its name. */
  identify(): readonly string[];
  addRelativeTo(middleware: Middleware, options: Placement): void;
}

type Middleware = <Args, Output>(next: (args: Args) => Promise<Output>) => (args: Args) => Promise<Output>;

interface Placement {
  readonly name: string;
  readonly relation: "before" | "after";
  readonly toMiddleware: string;
  readonly override: true;
}

/** As X-Ray's SDK names its own. */
const recorder = "XRaySDKInstrumentation";

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
      const shown = shownOf(error);
      hidden.set(shown, error);
      throw shown;
    }
  };
  const giveBack: Middleware = (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      throw (typeof error === "object" && error !== null && hidden.get(error)) || error;
    }
  };
  const place = (name: string, relation: Placement["relation"]): Placement => {
    return { name, relation, toMiddleware: recorder, override: true };
  };
  stack.addRelativeTo(giveBack, place("giveErrorBack", "before"));
  stack.addRelativeTo(hide, place("hideErrorMessage", "after"));
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
