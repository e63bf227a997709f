/** Every log line about one event: those that name it, and those of the same request and the same executions. */
import { inParallel } from "../../lambdas/shared/domain/in-parallel.ts";
import { type Line, type LogEvent, lineOf } from "./line.ts";
import type { Stage } from "./stages.ts";

/** Epoch milliseconds; the end is left out. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs?: number;
}

export interface LogSearch {
  /** Events of a group that hold the text, at most so many; undefined when there is no such group. */
  find(logGroup: string, text: string, range: TimeRange, limit: number): Promise<readonly LogEvent[] | undefined>;
}

export interface EventLines {
  /** By time; of one time, in the order of the stages. */
  readonly lines: readonly Line[];
  /** Stages that could not be searched, with the reason. */
  readonly unread: readonly { readonly stage: string; readonly error: unknown }[];
  /** Stages whose group isn't there: not deployed, or nothing was written yet. */
  readonly missing: readonly string[];
  /** Stages with more lines than are read. */
  readonly cut: readonly string[];
}

/** CloudWatch Logs takes few searches a second of an account. */
const searchesAtOnce = 4;
/** An event has some dozens of lines in a group; one with thousands was sent again and again. */
const mostLines = 1_000;

export async function linesOf(
  eventId: string,
  {
    stages,
    search,
    range,
  }: { readonly stages: readonly Stage[]; readonly search: LogSearch; readonly range: TimeRange },
): Promise<EventLines> {
  const found = new Map<string, Line>();
  const unread = new Map<string, unknown>();
  const missing = new Set<string>();
  const cut = new Set<string>();

  async function look(stage: Stage, text: string, isWanted: (event: LogEvent) => boolean): Promise<void> {
    try {
      const events = await search.find(stage.logGroup, text, range, mostLines);
      if (events === undefined) missing.add(stage.name);
      if (events !== undefined && events.length >= mostLines) cut.add(stage.name);
      for (const event of events ?? []) {
        if (isWanted(event)) found.set(`${stage.logGroup} ${event.id}`, lineOf(stage, event));
      }
    } catch (error) {
      unread.set(stage.name, error);
    }
  }

  const names = nameIn(eventId);
  await inParallel(stages, searchesAtOnce, (stage) => look(stage, searchable(eventId), names));
  const related = relatedSearches([...found.values()], stages);
  await inParallel(related, searchesAtOnce, ({ stage, text }) =>
    look(stage, text, ({ message }) => message.includes(`"${text}"`)),
  );
  const order = new Map(stages.map(({ name }, at) => [name, at]));
  const lines = [...found.values()].sort(
    (a, b) =>
      a.at.localeCompare(b.at) || (order.get(a.stage) ?? 0) - (order.get(b.stage) ?? 0) || stepOf(a) - stepOf(b),
  );
  const problems = [...unread].map(([stage, error]) => ({ stage, error }));
  return { lines, unread: problems, missing: [...missing], cut: [...cut] };
}

/**
 * A request's own lines say its correlation id and not every event of its body, and most steps of an execution say the
 * execution alone.
 */
function relatedSearches(lines: readonly Line[], stages: readonly Stage[]) {
  const correlationIds = new Set(lines.flatMap(({ correlationId }) => correlationId ?? []));
  const executions = new Set(lines.flatMap(({ executionArn }) => executionArn ?? []));
  return stages.flatMap((stage) => {
    const isOfRequest = stage.kind === "api" || stage.name === "webhook-validator";
    if (isOfRequest) return [...correlationIds].map((text) => ({ stage, text }));
    if (stage.kind !== "state-machine") return [];
    const machine = stage.logGroup.slice(stage.logGroup.lastIndexOf("/") + 1);
    return [...executions].filter((arn) => arn.includes(`:${machine}:`)).map((text) => ({ stage, text }));
  });
}

/** Steps of one moment in their own order: Step Functions numbers them. */
function stepOf({ line }: Line): number {
  const { id } = line as { readonly id?: unknown };
  return Number(id) || 0;
}

/**
 * What CloudWatch Logs can look for: JSON writes quotes and other marks in several ways, so the longest part without any
 * is looked for, and the whole id is compared here.
 */
function searchable(eventId: string): string {
  const parts = eventId.split(/["\\\p{C}]/u);
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), "");
}

/**
 * Whether a line names this event, and none whose id goes on after it. In a state machine's line JSON is a text in JSON,
 * and a claim of a workflow has `workflow#` before the id.
 */
function nameIn(eventId: string): (event: LogEvent) => boolean {
  const { once, twice } = inJson(eventId);
  const forms = ['"', "#"].flatMap((before) => [`${before}${once}"`, `${before}${twice}\\"`]);
  return ({ message }) => forms.some((form) => message.includes(form));
}

/** An id as JSON writes it between the quotation marks, and as JSON that is a text in JSON does. */
export function inJson(eventId: string): { readonly once: string; readonly twice: string } {
  const once = JSON.stringify(eventId).slice(1, -1);
  return { once, twice: JSON.stringify(once).slice(1, -1) };
}
