/**
 * A function's log, written under its own role as Lambda does: without the permission nothing is written, and the
 * denial is in the report; with it the grant counts as used.
 */
import { AwsError, type Principal } from "../aws/types.ts";
import type { Authorizer } from "../iam/authorizer.ts";

export interface LogWriterOptions {
  readonly authorizer: Pick<Authorizer, "authorize">;
  readonly principal: Principal;
  readonly logGroupName: string;
  readonly append: (logGroupName: string, logStreamName: string, lines: readonly string[]) => void;
}

export interface LogWriter {
  /** Makes the stream of a new environment. */
  open(logStreamName: string): void;
  write(logStreamName: string, line: string): void;
  close(logStreamName: string): void;
}

export function createLogWriter({ authorizer, principal, logGroupName, append }: LogWriterOptions): LogWriter {
  /** Stream → whether lines may be put there; undefined until the first one is. Policies don't change under way. */
  const streams = new Map<string, boolean | undefined>();
  const may = (operation: string, logStreamName: string) => {
    try {
      authorizer.authorize(principal, "logs", operation, { logGroupName, logStreamName });
      return true;
    } catch (error) {
      if (error instanceof AwsError) return false;
      throw error;
    }
  };
  return {
    open(stream) {
      if (!may("CreateLogStream", stream)) return;
      streams.set(stream, undefined);
      append(logGroupName, stream, []);
    },
    write(stream, line) {
      if (!streams.has(stream)) return;
      const allowed = streams.get(stream) ?? may("PutLogEvents", stream);
      streams.set(stream, allowed);
      if (allowed) append(logGroupName, stream, [line]);
    },
    close(stream) {
      streams.delete(stream);
    },
  };
}
