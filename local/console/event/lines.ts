/** The log lines of one event, from every log group that tells of events. */

import type { CallAws } from "../../aws/types.ts";
import type { Moment } from "../answers.ts";
import { operator, parsedLine } from "../flow/log-tail.ts";

interface Sought {
  readonly eventId: string;
  /** Of the request that brought it first, where the records tell. */
  readonly correlationId: string | undefined;
  /** Epoch milliseconds from which on there may be lines: everything that is kept is searched when absent. */
  readonly sinceMs?: number | undefined;
}

interface Line {
  /** The line's own, in its group. */
  readonly id: string;
  readonly timestamp: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Fields that the page shows elsewhere, or that say nothing to a person. */
const shownElsewhere = new Set(["level", "message", "timestamp", "service", "sampling_rate", "outcome", "ms", "_aws"]);

/** Deliveries whose requests are looked up: an event comes a few times, unless somebody plays with it. */
const mostDeliveries = 50;

/**
 * The lines that name the event, and those of the requests that brought it, each delivery's: the access log and a line
 * about a whole batch name a request only.
 */
export async function linesOf(
  call: CallAws,
  groups: readonly string[],
  { eventId, correlationId, sinceMs }: Sought,
): Promise<readonly Moment[]> {
  const found = finder(call, sinceMs);
  const byEvent = await Promise.all(
    groups.map(async (group) => {
      if (isAccessLog(group)) return [];
      const member = isBusLog(group) ? "detail.eventId" : "eventId";
      return found(group, isAny(member, [eventId]));
    }),
  );
  const told = byEvent.flat().flatMap(({ fields }) => fields.correlationId ?? []);
  const requests = [...new Set([...(correlationId === undefined ? [] : [correlationId]), ...told.map(String)])];
  const newest = requests.slice(-mostDeliveries);
  const all = await Promise.all(
    groups.map(async (group, at) => {
      const known = byEvent[at] ?? [];
      const isOfRequests = !isBusLog(group) && newest.length > 0;
      const member = isAccessLog(group) ? "requestId" : "correlationId";
      const others = isOfRequests ? await found(group, isAny(member, newest)) : [];
      const lines = new Map([...known, ...others].map((line) => [line.id, line]));
      return [...lines.values()].map(({ timestamp, fields }) => momentOf(group, timestamp, fields));
    }),
  );
  return all.flat();
}

type Find = (logGroupName: string, filterPattern: string) => Promise<readonly Line[]>;

function finder(call: CallAws, sinceMs: number | undefined): Find {
  const range = sinceMs === undefined ? {} : { startTime: Math.floor(sinceMs) };
  return async (logGroupName, filterPattern) => {
    const { events } = await call(operator, "logs", "FilterLogEvents", { logGroupName, filterPattern, ...range });
    return (
      events as readonly { readonly eventId: string; readonly timestamp: number; readonly message: string }[]
    ).flatMap(({ eventId: id, timestamp, message }) => {
      const fields = parsedLine(message);
      return fields === undefined ? [] : [{ id, timestamp, fields }];
    });
  };
}

/** A filter pattern: the member is one of the texts. */
function isAny(member: string, texts: readonly string[]): string {
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
  return `{ ${texts.map((text) => `$.${member} = ${quoted(text)}`).join(" || ")} }`;
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
