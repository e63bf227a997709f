/** The log lines of one event, from every log group that tells of events. */

import type { CallAws } from "../../aws/types.ts";
import type { Moment } from "../answers.ts";
import { operator, parsedLine } from "../flow/log-tail.ts";

interface Sought {
  readonly eventId: string;
  /** Of the request that brought it; a line about a whole batch names no event. */
  readonly correlationId: string | undefined;
}

/** Fields that the page shows elsewhere, or that say nothing to a person. */
const shownElsewhere = new Set(["level", "message", "timestamp", "service", "sampling_rate", "outcome", "ms", "_aws"]);

export async function linesOf(call: CallAws, groups: readonly string[], sought: Sought): Promise<readonly Moment[]> {
  const found = await Promise.all(groups.map((group) => linesIn(call, group, sought)));
  return found.flat();
}

async function linesIn(call: CallAws, logGroupName: string, sought: Sought): Promise<readonly Moment[]> {
  const { events } = await call(operator, "logs", "FilterLogEvents", {
    logGroupName,
    filterPattern: patternOf(logGroupName, sought),
  });
  return (events as readonly { readonly timestamp: number; readonly message: string }[]).flatMap(
    ({ timestamp, message }) => {
      const line = parsedLine(message);
      return line === undefined ? [] : [momentOf(logGroupName, timestamp, line)];
    },
  );
}

function patternOf(group: string, { eventId, correlationId }: Sought): string {
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
  if (isAccessLog(group)) return `{ $.requestId = ${quoted(correlationId ?? "none")} }`;
  if (isBusLog(group)) return `{ $.detail.eventId = ${quoted(eventId)} }`;
  const byEvent = `$.eventId = ${quoted(eventId)}`;
  return correlationId === undefined
    ? `{ ${byEvent} }`
    : `{ ${byEvent} || $.correlationId = ${quoted(correlationId)} }`;
}

function momentOf(group: string, timestamp: number, line: Readonly<Record<string, unknown>>): Moment {
  const where = group.split("/").at(-1) ?? group;
  if (isAccessLog(group)) {
    const { method, resource, status, ms } = line;
    // The access log has the request's begin, not its end.
    const at = isoOf(Number(line.time ?? timestamp));
    return {
      at,
      where,
      kind: "log",
      text: `${method} ${resource}`,
      word: String(status),
      ms: Number(ms),
      fields: line,
    };
  }
  if (isBusLog(group)) {
    const text = "matched by the rule that logs";
    return {
      at: isoOf(timestamp),
      where,
      kind: "log",
      text,
      fields: { "detail-type": line["detail-type"], id: line.id },
    };
  }
  const fields = Object.fromEntries(Object.entries(line).filter(([name]) => !shownElsewhere.has(name)));
  return {
    at: isoOf(timestamp),
    where,
    kind: "log",
    text: String(line.message),
    ...(typeof line.outcome === "string" && { word: line.outcome }),
    ...(typeof line.ms === "number" && { ms: line.ms }),
    fields,
  };
}

function isAccessLog(group: string): boolean {
  return group.startsWith("/aws/apigateway/");
}

function isBusLog(group: string): boolean {
  return group.startsWith("/aws/events/");
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
