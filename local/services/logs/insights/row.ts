/** One log event, or one group of them, as a query sees it. */
import type { Value } from "./syntax.ts";

export interface Row {
  /** Undefined where the row has no such field. */
  get(name: string): Value;
  /** A row with further fields, which come before its own of the same names. */
  with(fields: Iterable<readonly [name: string, value: Value]>): Row;
}

/** @param discovered looks further for what none of `fields` is, such as into the message */
export function rowOf(fields: ReadonlyMap<string, Value>, discovered: (name: string) => Value = () => undefined): Row {
  return {
    get: (name) => (fields.has(name) ? fields.get(name) : discovered(name)),
    with: (further) => rowOf(new Map([...fields, ...further]), discovered),
  };
}

export interface LoggedEvent {
  readonly group: string;
  readonly stream: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
  /** Leads to the event. */
  readonly pointer: string;
}

/** A message that is JSON has its members as fields: `details.name`, `items.0.id`. It is read when one is asked for. */
export function eventRow(event: LoggedEvent, account: string): Row {
  const { group, stream, timestamp, ingestedAt, message, pointer } = event;
  let json: unknown;
  let isRead = false;
  const fields = new Map<string, Value>([
    ["@timestamp", new Date(timestamp)],
    ["@ingestionTime", new Date(ingestedAt)],
    ["@message", message],
    ["@logStream", stream],
    ["@log", `${account}:${group}`],
    ["@ptr", pointer],
  ]);
  return rowOf(fields, (name) => {
    if (name.startsWith("@")) return undefined;
    if (!isRead) {
      json = parsed(message);
      isRead = true;
    }
    return memberOf(json, name);
  });
}

function parsed(message: string): unknown {
  if (!message.startsWith("{") && !message.startsWith("[")) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** The member at a path of names and places. A member may have dots in its own name, so the whole path comes first. */
function memberOf(json: unknown, path: string): Value {
  if (typeof json !== "object" || json === null) return undefined;
  const members = json as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(members, path)) return leafOf(members[path]);
  for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    const found = Object.hasOwn(members, head) ? memberOf(members[head], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An object or a list is no field; their members are. */
function leafOf(json: unknown): Value {
  return typeof json === "string" || typeof json === "number" || typeof json === "boolean" ? json : undefined;
}
