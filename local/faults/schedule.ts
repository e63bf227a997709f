/**
 * Faults at chosen calls. Dice reach a rare moment (a worker that ends between two certain calls, a call that fails in
 * every attempt) once in thousands of events; a schedule reaches it in every run.
 */
import { protocols } from "../aws/protocols.ts";
import type { ServiceName } from "../aws/types.ts";

const strokes = [
  /** Answers 500 without any effect, to every attempt that the SDK makes at the call. */
  "fail",
  /** Answers none of the attempts before their caller has given them up, and has no effect. */
  "stall",
  /** PutEvents alone: answers 200, and has refused every entry (WEBHOOK_RULES 13). */
  "refuse",
  /** Ends the caller before the call takes effect. */
  "kill-before",
  /** Ends the caller when the call has taken effect, before it learns of it. */
  "kill-after",
] as const;
export type Stroke = (typeof strokes)[number];

export interface ScheduledFault {
  readonly functionName: string;
  readonly service: ServiceName;
  readonly operation: string;
  /**
   * Which of the function's calls of this operation: its number, from 1, or a text, for the first call with that text in
   * it. Further attempts at a call are that same call.
   */
  readonly call: number | string;
  readonly stroke: Stroke;
}

/** One attempt at a call, as it arrives at the endpoint. */
export interface Attempt {
  readonly functionName: string;
  readonly service: ServiceName;
  readonly operation: string;
  /** The SDK's id of the call, which its attempts share. */
  readonly invocationId: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface FaultSchedule {
  /** What hits the attempt. A worker is killed once: the attempts of the next one are another call. */
  strokeAt(attempt: Attempt): Stroke | undefined;
  /** Scheduled faults that have hit. */
  struck(): number;
}

export function createSchedule(scheduled: readonly ScheduledFault[]): FaultSchedule {
  const keyOf = ({ functionName, service, operation }: Omit<Attempt, "invocationId" | "input">) =>
    `${functionName}/${service}:${operation}`;
  const watched = new Map(scheduled.map((fault) => [keyOf(fault), { calls: 0 }]));
  /** What each call met that has been seen, by its id. */
  const met = new Map<string, ScheduledFault | undefined>();
  const hit = new Set<ScheduledFault>();

  return {
    strokeAt(attempt) {
      const key = keyOf(attempt);
      const seen = watched.get(key);
      if (seen === undefined) return undefined;
      const { invocationId, input } = attempt;
      if (invocationId !== undefined && met.has(invocationId)) return met.get(invocationId)?.stroke;
      seen.calls += 1;
      const isThisCall = ({ call }: ScheduledFault) =>
        typeof call === "number" ? call === seen.calls : JSON.stringify(input).includes(call);
      const fault = scheduled.find((one) => keyOf(one) === key && !hit.has(one) && isThisCall(one));
      if (fault !== undefined) hit.add(fault);
      if (invocationId !== undefined) met.set(invocationId, fault);
      return fault?.stroke;
    },
    struck: () => hit.size,
  };
}

/** PutEvents' answer to entries that it takes none of. */
export function refusedEntries({ Entries }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const refused = (Array.isArray(Entries) ? Entries : []).map(() => ({
    ErrorCode: "ThrottlingException",
    ErrorMessage: "Rate exceeded (injected).",
  }));
  return { FailedEntryCount: refused.length, Entries: refused };
}

const form = /^([\w-]+)\/([a-z0-9]+):([A-Za-z0-9]+)\/(?:([1-9]\d*)|with:([\w-]+))=([a-z-]+)$/;

/**
 * Reads `webhook-dedup-dev/events:PutEvents/3=fail,…`: of this function's calls of this operation, the third fails.
 * `with:<text>` in the number's place is the first call with that text in it.
 * @throws Error that lists every part which is wrong
 */
export function parseSchedule(text: string): readonly ScheduledFault[] {
  const parts = text.split(",");
  const wrong = parts.filter((part) => faultIn(part) === undefined);
  if (wrong.length > 0) {
    const expected = `<function>/<service>:<Operation>/<number of the call, or with:text>=<${strokes.join(" or ")}>`;
    throw new Error(`Not a scheduled fault: ${wrong.map((part) => `"${part}"`).join(", ")}. Give ${expected}.`);
  }
  return parts.flatMap((part) => faultIn(part) ?? []);
}

function faultIn(part: string): ScheduledFault | undefined {
  const [, functionName = "", service = "", operation = "", number, text, word] = form.exec(part) ?? [];
  const stroke = strokes.find((one) => one === word);
  if (stroke === undefined || !Object.hasOwn(protocols, service)) return undefined;
  if (stroke === "refuse" && operation !== "PutEvents") return undefined;
  const call = text ?? Number(number);
  return { functionName, service: service as ServiceName, operation, call, stroke };
}

/** The schedule as `parseSchedule` reads it. */
export function scheduleText(scheduled: readonly ScheduledFault[]): string {
  const text = ({ functionName, service, operation, call, stroke }: ScheduledFault) =>
    `${functionName}/${service}:${operation}/${typeof call === "number" ? call : `with:${call}`}=${stroke}`;
  return scheduled.map(text).join(",");
}
