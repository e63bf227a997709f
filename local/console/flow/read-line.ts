/** What the log lines of the functions say of the stages of the flow. */
import type { LoggedLine } from "./log-tail.ts";

export type StageKey = "answered" | "recorded" | "routed" | "decided";

/** Something that happened to a webhook at a stage. */
export interface Happening {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly stage: StageKey;
  /** How it ended there, in the log's word. */
  readonly word: string;
  /** How many events it is about. */
  readonly count: number;
  /** The function's own time; absent where the stage's time is told from the receipt on. */
  readonly ms?: number;
  readonly eventId?: string;
  readonly provider?: string;
  readonly type?: string;
  readonly tier?: string;
  /** Of a refusal. */
  readonly code?: string;
  readonly status?: number;
}

/** Functions whose logs tell of the flow. */
export const tellers = ["webhook-validator", "webhook-dedup", "fraud-detector"] as const;
export type Teller = (typeof tellers)[number];

/** What a line tells; nothing for one that isn't about the end of a stage. */
export function happeningsOf(teller: Teller, line: LoggedLine): readonly Happening[] {
  const { fields } = line;
  // A line of metrics (CloudWatch's embedded metric format) counts what other lines have told already.
  if (fields._aws !== undefined) return [];
  const about = aboutOf(line);
  const outcome = text(fields.outcome);
  if (teller === "webhook-validator") return outcome === undefined ? [] : [answered(about, outcome, fields)];
  if (teller === "webhook-dedup") return outcome === undefined ? [] : recorded(about, outcome);
  if (outcome === undefined || fields.message === "batch received") return [];
  return [{ ...about, stage: "decided", word: text(fields.decision) ?? outcome, count: 1 }];
}

type About = Omit<Happening, "stage" | "word" | "count">;

function aboutOf({ at, fields }: LoggedLine): About {
  const given = {
    ms: number(fields.ms),
    eventId: text(fields.eventId),
    provider: text(fields.provider),
    type: text(fields.type),
    tier: text(fields.tier),
    code: text(fields.code),
    status: number(fields.status),
  };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return { at, ...(Object.fromEntries(known) as Omit<About, "at">) };
}

function answered(about: About, outcome: string, fields: LoggedLine["fields"]): Happening {
  const stage = "answered" as const;
  if (outcome === "accepted") return { ...about, stage, word: "accepted", count: number(fields.count) ?? 1 };
  return { ...about, stage, word: outcome === "unavailable" ? "undecided" : "refused", count: 1 };
}

/** A recorded event is routed in the same breath. */
function recorded(about: About, outcome: string): readonly Happening[] {
  const stage = { ...about, stage: "recorded" as const, word: retried.has(outcome) ? "retried" : outcome, count: 1 };
  if (outcome !== "processed" || about.tier === undefined) return [stage];
  return [stage, { ...about, stage: "routed", word: about.tier, count: 1 }];
}

/** Outcomes of a record that comes again (lambdas/shared/domain/outcomes.ts); others are ends. */
const retried = new Set([
  "busy",
  "lost-lease",
  "batch-failed",
  "not-processed",
  "unexpected-error",
  "dead-letter-failed",
]);

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
