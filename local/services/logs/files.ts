import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import type { LogEvent } from "./groups.ts";

/** One append-only file per log group, for `tail -f`; `/aws/lambda/x` is `aws.lambda.x.log`. */
export interface LogFiles {
  write(groupName: string, events: readonly Pick<LogEvent, "stream" | "timestamp" | "message">[]): void;
  close(): Promise<void>;
}

/** `onFailure` is told once when a file can't be written, as on a full disk. */
export function openLogFiles(directory: string, onFailure: (why: string) => void): LogFiles {
  mkdirSync(directory, { recursive: true });
  const files = new Map<string, WriteStream>();
  let hasFailed = false;
  const fileOf = (groupName: string): WriteStream => {
    const open = files.get(groupName);
    if (open !== undefined) return open;
    const name = groupName.replace(/^\//, "").replaceAll("/", ".");
    const file = createWriteStream(join(directory, `${name}.log`), { flags: "a" });
    file.once("error", ({ message }) => {
      if (hasFailed) return;
      hasFailed = true;
      onFailure(`The log file ${file.path} can't be written: ${message}.`);
    });
    // After the first error, which a stream tells once, ending it tells another.
    file.on("error", () => {});
    files.set(groupName, file);
    return file;
  };
  return {
    write(groupName, events) {
      const lines = events.map(
        ({ stream, timestamp, message }) => `${new Date(timestamp).toISOString()} ${stream} ${message.trimEnd()}\n`,
      );
      fileOf(groupName).write(lines.join(""));
    },
    async close() {
      await Promise.all(
        // A file that failed has told so, and is closed.
        [...files.values()].map((file) => new Promise<void>((resolve) => file.end(() => resolve()))),
      );
    },
  };
}
