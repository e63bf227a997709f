/** The flow as the page shows it: counts, latencies and the newest webhooks, from what happened. Pure. */
import type { FlowRefusal, FlowStage, FlowWebhook } from "../answers.ts";
import type { Happening, StageKey } from "./read-line.ts";

/** Columns of a stage's small chart. */
const columns = 40;

interface Window {
  readonly nowMs: number;
  readonly windowMs: number;
}

const titles: Readonly<Record<StageKey, string>> = {
  answered: "Answered",
  recorded: "Recorded",
  routed: "Routed",
  decided: "Decided",
};

/** Words that each stage always shows, in their order; others follow as they come. */
const expected: Readonly<Record<StageKey, readonly string[]>> = {
  answered: ["accepted", "refused"],
  recorded: ["processed", "duplicate"],
  routed: ["low", "medium", "high"],
  decided: ["APPROVE", "REVIEW", "BLOCK"],
};

export function stagesOf(happenings: readonly Happening[], window: Window): readonly FlowStage[] {
  const received = receiptsOf(happenings);
  const within = happenings.filter(({ at }) => at >= window.nowMs - window.windowMs);
  return (Object.keys(titles) as StageKey[]).map((key) => {
    const own = within.filter(({ stage }) => stage === key);
    const counts = new Map(expected[key].map((word) => [word, 0]));
    for (const { word, count } of own) counts.set(word, (counts.get(word) ?? 0) + count);
    const latencies = key === "routed" ? [] : own.flatMap((one) => latencyOf(one, received));
    return {
      key,
      title: titles[key],
      // What comes again is counted when it has ended.
      count: own.reduce((sum, { word, count }) => sum + (word === "retried" ? 0 : count), 0),
      outcomes: Array.from(counts, ([word, count]) => ({ word, count })),
      series: seriesOf(own, window),
      ...(latencies.length > 0 && { p50Ms: percentile(latencies, 0.5), p95Ms: percentile(latencies, 0.95) }),
    };
  });
}

/** When each event was received: its answer less the time that it took. */
function receiptsOf(happenings: readonly Happening[]): ReadonlyMap<string, number> {
  const received = new Map<string, number>();
  for (const { stage, eventId, at, ms = 0 } of happenings) {
    if (stage === "answered" && eventId !== undefined && !received.has(eventId)) received.set(eventId, at - ms);
  }
  return received;
}

/** Of an answer the function's own time; of what comes after it the time since the receipt, duplicates left out. */
function latencyOf({ stage, word, at, ms, eventId }: Happening, received: ReadonlyMap<string, number>): number[] {
  if (stage === "answered") return word === "accepted" && ms !== undefined ? [ms] : [];
  const from = eventId === undefined ? undefined : received.get(eventId);
  return from === undefined || word === "duplicate" || word === "retried" ? [] : [Math.max(0, at - from)];
}

/** The value that so large a part of all doesn't exceed (nearest rank). */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

function seriesOf(own: readonly Happening[], { nowMs, windowMs }: Window): readonly number[] {
  const series = new Array<number>(columns).fill(0);
  for (const { at, count } of own) {
    const column = Math.min(columns - 1, Math.floor(((at - (nowMs - windowMs)) / windowMs) * columns));
    series[column] = (series[column] ?? 0) + count;
  }
  return series;
}

/** The newest events that were accepted, with how far each has come. */
export function newestOf(happenings: readonly Happening[], most: number): readonly FlowWebhook[] {
  const byId = new Map<string, FlowWebhook>();
  for (const { eventId, stage, word, at, ms = 0, provider = "", type = "", tier } of happenings) {
    if (eventId === undefined || (stage === "answered" && word !== "accepted")) continue;
    const before = byId.get(eventId) ?? { eventId, provider, type, at: isoOf(at - ms), deliveries: 0, deadLettered: 0 };
    const after: FlowWebhook = {
      ...before,
      ...(tier !== undefined && { tier }),
      ...(stage === "answered" && { deliveries: before.deliveries + 1 }),
      ...(stage === "recorded" && !isLater(before, word) && { recorded: word }),
      ...(word === "dead-lettered" && { deadLettered: before.deadLettered + 1 }),
      ...(stage === "decided" && { decided: word, decidedAfterMs: Math.max(0, at - Date.parse(before.at)) }),
    };
    byId.set(eventId, after);
  }
  return [...byId.values()].sort((one, other) => (one.at < other.at ? 1 : -1)).slice(0, most);
}

/** Whether it is about a later delivery of an event that is recorded: what becomes of that one changes nothing of it. */
function isLater({ recorded = "" }: FlowWebhook, word: string): boolean {
  return word === "duplicate" || ["processed", "unrouted", "same-fact"].includes(recorded);
}

/** The newest webhooks that weren't accepted. */
export function refusalsOf(happenings: readonly Happening[], most: number): readonly FlowRefusal[] {
  return happenings
    .filter(({ stage, word }) => stage === "answered" && word !== "accepted")
    .slice(-most)
    .reverse()
    .map(({ at, provider = "", code = "unknown", status = 0 }) => ({ at: isoOf(at), provider, code, status }));
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
