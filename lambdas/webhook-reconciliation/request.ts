import * as v from "valibot";
import { ledgerProviders } from "../../config/reconciliation.ts";
import type { RunRequest } from "../shared/domain/reconciliation/run-state.ts";
import { runIdOf } from "../shared/domain/reconciliation/windows.ts";
import type { Progress } from "./compare-run.ts";
import type { Settled } from "./settle-run.ts";

/** A time in UTC, with or without fractions of a second; a whole one to the millisecond comes of it. */
const utc = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, "is not an ISO 8601 time in UTC"),
  v.check((text) => !Number.isNaN(Date.parse(text)), "is not a time"),
  v.transform((text) => new Date(Date.parse(text)).toISOString()),
);

/** What the state machine asks for, and gets back: each answer is the next question. */
export const requestSchema = v.pipe(
  v.object({
    phase: v.picklist(["compare", "settle"]),
    /** When the run was to begin: its windows and its id come of it. */
    scheduledAt: utc,
    runId: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, "is not an id of a run"))),
    /** All that are reconciled, when absent. */
    providers: v.optional(v.pipe(v.array(v.picklist(ledgerProviders)), v.minLength(1))),
    /** A window other than the usual one. */
    from: v.optional(utc),
    to: v.optional(utc),
  }),
  v.check(({ from, to }) => from === undefined || to === undefined || from < to, "from is not before to"),
);
export type ReconciliationRequest = v.InferOutput<typeof requestSchema>;

export interface Answer extends Omit<ReconciliationRequest, "runId"> {
  readonly runId: string;
  /** Whether the phase has come to its end. */
  readonly done: boolean;
  /** Whether the comparison has put anything into the queue; the settlement doesn't say. */
  readonly hasReentered?: boolean;
  /** Key of the report, once there is one. */
  readonly report?: string;
}

export interface Phases {
  readonly compare: (request: RunRequest, isTimeUp: () => boolean) => Promise<Progress>;
  readonly settle: (runId: string) => Promise<Settled>;
  readonly isTimeUp: () => boolean;
  /** Those that are reconciled where the request names none. */
  readonly providers: RunRequest["providers"];
}

export async function answerTo(request: ReconciliationRequest, phases: Phases): Promise<Answer> {
  const runId = request.runId ?? runIdOf(request.scheduledAt);
  if (request.phase === "settle") return { ...request, runId, done: true, ...(await phases.settle(runId)) };
  const providers = request.providers ?? phases.providers;
  return { ...request, ...(await phases.compare({ ...request, runId, providers }, phases.isTimeUp)) };
}
