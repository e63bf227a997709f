import type { Log, LogFields } from "../../lambdas/shared/runtime/log.ts";

interface LogLine extends LogFields {
  readonly level: "info" | "warn" | "error";
  readonly text: string;
}

export function createMemoryLog(): Log & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine["level"]) => (text: string, fields: LogFields) =>
    void lines.push({ ...fields, level, text });
  return { lines, info: at("info"), warn: at("warn"), error: at("error") };
}
