import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import type { LogEvent } from "./groups.ts";

/** One append-only file per log group, for `tail -f`; `/aws/lambda/x` is `aws.lambda.x.log`. */
export interface LogFiles {
  write(groupName: string, events: readonly Pick<LogEvent, "stream" | "timestamp" | "message">[]): void;
  close(): Promise<void>;
}

export function openLogFiles(directory: string): LogFiles {
  mkdirSync(directory, { recursive: true });
  const files = new Map<string, WriteStream>();
  const fileOf = (groupName: string): WriteStream => {
    const open = files.get(groupName);
    if (open !== undefined) return open;
    const name = groupName.replace(/^\//, "").replaceAll("/", ".");
    const file = createWriteStream(join(directory, `${name}.log`), { flags: "a" });
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
      await Promise.all([...files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))));
    },
  };
}
