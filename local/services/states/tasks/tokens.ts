/** Task tokens: who waits for an answer, and how SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat reach them. */
import { AwsError } from "../../../aws/types.ts";
import type { Json } from "../asl/definition.ts";
import { TaskFailure } from "./failure.ts";
import { longestTimerMs } from "./waiting.ts";

export interface WaitingTask {
  readonly token: string;
  /** The answer; rejects with a TaskFailure for SendTaskFailure and for a missed heartbeat. */
  readonly answer: Promise<Json>;
  /** The task no longer waits: its token answers TaskTimedOut from now on. */
  close(): void;
}

export interface TaskTokens {
  /** A fresh token. `heartbeatMs` is the real time within which each heartbeat has to come. */
  open(heartbeatMs: number | undefined): WaitingTask;
  /** @throws AwsError TaskDoesNotExist, or TaskTimedOut when the task no longer waits. */
  succeed(token: string, output: Json): void;
  /** @throws AwsError as `succeed`. */
  fail(token: string, error: string, cause: string): void;
  /** @throws AwsError as `succeed`. */
  heartbeat(token: string): void;
}

interface Entry {
  resolve(output: Json): void;
  reject(failure: TaskFailure): void;
  beat(): void;
  close(): void;
}

/** Closed tokens that are remembered, to tell a late answer from a wrong token. */
const closedKept = 10_000;

export function createTaskTokens(newId: () => string): TaskTokens {
  const open = new Map<string, Entry>();
  const closed = new Set<string>();

  const find = (token: string): Entry => {
    const entry = open.get(token);
    if (entry !== undefined) return entry;
    if (closed.has(token)) {
      throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    }
    throw new AwsError("TaskDoesNotExist", "Task Does Not Exist: 'No task waits for this token'");
  };

  const forget = (token: string) => {
    if (!open.delete(token)) return;
    closed.add(token);
    const oldest = closed.values().next().value;
    if (closed.size > closedKept && oldest !== undefined) closed.delete(oldest);
  };

  return {
    open(heartbeatMs) {
      const token = Buffer.from(`task:${newId()}`).toString("base64url");
      const { promise, resolve, reject } = Promise.withResolvers<Json>();
      // An answer may come while the call that hands out the token is still under way, before anybody awaits it.
      promise.catch(() => {});
      let timer: NodeJS.Timeout | undefined;
      const entry: Entry = {
        resolve,
        reject,
        beat() {
          clearTimeout(timer);
          if (heartbeatMs === undefined) return;
          timer = setTimeout(
            () => {
              entry.close();
              reject(new TaskFailure("States.HeartbeatTimeout", "The task sent no heartbeat in time"));
            },
            Math.min(heartbeatMs, longestTimerMs),
          );
        },
        close() {
          clearTimeout(timer);
          forget(token);
        },
      };
      open.set(token, entry);
      entry.beat();
      return { token, answer: promise, close: entry.close };
    },
    succeed(token, output) {
      const entry = find(token);
      entry.close();
      entry.resolve(output);
    },
    fail(token, error, cause) {
      const entry = find(token);
      entry.close();
      entry.reject(new TaskFailure(error, cause));
    },
    heartbeat: (token) => find(token).beat(),
  };
}
