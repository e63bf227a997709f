/** Log lines of functions, state machines, the bus and the API in one form, by what each of them writes. */
import type { Stage } from "./stages.ts";

/** As CloudWatch Logs gives it. */
export interface LogEvent {
  readonly id: string;
  readonly stream: string;
  /** Epoch milliseconds: when it came to CloudWatch, for most. */
  readonly timestamp: number;
  readonly message: string;
}

export interface Line extends Pick<LogEvent, "id" | "stream"> {
  readonly stage: string;
  readonly logGroup: string;
  /** ISO 8601: when it happened, as far as the line itself says. */
  readonly at: string;
  /** INFO, WARN, ERROR; undefined where whoever writes it has no levels. */
  readonly level?: string;
  /** What happened: a function's message, a state machine's step, an event's type, a request. */
  readonly what: string;
  /** What else it says, without what all lines of an event have in common. */
  readonly facts: Readonly<Record<string, string>>;
  /** What finds the other lines of the same request, and of the same execution. */
  readonly correlationId?: string;
  readonly executionArn?: string;
  /** The line as it is: JSON where it is JSON. */
  readonly line: unknown;
}

type Json = Readonly<Record<string, unknown>>;

export function lineOf({ name, logGroup, kind }: Stage, event: LogEvent): Line {
  const { id, stream, timestamp, message } = event;
  const json = objectIn(message);
  const place = { id, stream, stage: name, logGroup };
  if (json === undefined) {
    return { ...place, at: isoOf(timestamp), what: message.trim(), facts: {}, line: message };
  }
  const { atMs, ...read } = readers[kind](json);
  return { ...place, ...read, at: isoOf(atMs ?? timestamp), line: json };
}

type Read = Pick<Line, "level" | "what" | "facts" | "correlationId" | "executionArn"> & {
  /** Epoch milliseconds. */
  readonly atMs?: number | undefined;
};

const readers: Readonly<Record<Stage["kind"], (json: Json) => Read>> = {
  function: (json) => {
    const { level, message, timestamp, correlationId, executionId } = json;
    return {
      atMs: typeof timestamp === "string" ? msOf(Date.parse(timestamp)) : undefined,
      ...(typeof level === "string" && { level }),
      what: textOf(message) ?? "metrics",
      facts: factsOf(json, commonFields),
      ...(typeof correlationId === "string" && { correlationId }),
      ...(typeof executionId === "string" && /^arn:[^:]+:states:/.test(executionId) && { executionArn: executionId }),
    };
  },
  "state-machine": (json) => {
    const { type, event_timestamp: at, execution_arn: arn, details } = json;
    const { name, resource, error, cause } = isObject(details) ? details : {};
    return {
      atMs: msOf(Number(at)),
      what: textOf(type) ?? "step",
      facts: factsOf({ state: name, resource, error, cause }),
      ...(typeof arn === "string" && { executionArn: arn }),
    };
  },
  bus: (json) => {
    // Whole events have what they are about in `detail`; a shortened one has it beside the rest.
    const about = isObject(json.detail) ? json.detail : json;
    const { correlationId, tier, routingAmountUsd } = about;
    return {
      what: textOf(json["detail-type"] ?? json.detailType ?? about.type) ?? "event",
      facts: factsOf({ tier, routingAmountUsd, id: json.id }),
      ...(typeof correlationId === "string" && { correlationId }),
    };
  },
  api: (json) => {
    const { time, method, resource, status, ms, requestId } = json;
    return {
      atMs: msOf(Number(time)),
      what: [method, resource].map((part) => textOf(part) ?? "").join(" "),
      facts: factsOf({ status, ms }),
      ...(typeof requestId === "string" && { correlationId: requestId }),
    };
  },
};

/** Fields that tell nothing beside the time, the stage and the event that was asked for. */
const commonFields = new Set([
  ...["level", "message", "timestamp", "service", "sampling_rate", "xray_trace_id", "_aws", "environment"],
  ...["eventId", "transactionId", "provider", "correlationId", "executionId", "messageId"],
]);

/** One level deep: `error.name`. What isn't there, and lists, are left out. */
function factsOf(json: Json, without: ReadonlySet<string> = new Set()): Readonly<Record<string, string>> {
  const facts: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    if (without.has(name)) continue;
    const plain = textOf(value);
    if (plain !== undefined) facts[name] = plain;
    if (!isObject(value)) continue;
    for (const [inner, text] of Object.entries(value)) {
      const deep = textOf(text);
      // A stack trace is lines of its own, and in the JSON.
      if (deep !== undefined && inner !== "stack") facts[`${name}.${inner}`] = deep;
    }
  }
  return facts;
}

function objectIn(message: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(message);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

function msOf(milliseconds: number): number | undefined {
  return Number.isNaN(new Date(milliseconds).getTime()) ? undefined : milliseconds;
}

function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
