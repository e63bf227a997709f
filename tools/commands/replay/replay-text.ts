import { amountText } from "../../../lambdas/shared/report/amount.ts";
import type { RecordedEvent } from "../../replay/recorded.ts";
import type { ReplayOrder, ReplayOutcome } from "../../replay/replay.ts";
import { type CommandResult, failed } from "../result.ts";
import { tableLines } from "../text/table.ts";
import type { NotFound } from "./find-events.ts";

export interface Told {
  readonly event: RecordedEvent | NotFound;
  readonly outcome: ReplayOutcome;
}

const outcomeWords: Readonly<Record<ReplayOutcome["kind"], string>> = {
  sent: "sent",
  "would-send": "would be sent",
  nothing: "left alone",
  refused: "refused",
  "not-found": "not found",
};

const columns = [
  { title: "event" },
  { title: "tier" },
  { title: "amount", align: "right" },
  { title: "outcome" },
  { title: "why" },
] as const;

/** More than a person reads at once; `--json` has all. */
const mostRows = 40;

/** Failed where an event that was asked for can't be found or replayed. */
export function replayResult(told: readonly Told[], { go }: ReplayOrder): CommandResult {
  const counts = Map.groupBy(told, ({ outcome }) => outcome.kind);
  const countOf = (kind: ReplayOutcome["kind"]) => counts.get(kind)?.length ?? 0;
  const json = {
    isDryRun: !go,
    events: told.map(({ event, outcome }) => ({ eventId: event.eventId, outcome: outcome.kind, why: outcome.why })),
  };
  // What is left alone is many in a range, and says nothing that the sum doesn't.
  const shown = told.filter(({ outcome }) => outcome.kind !== "nothing" || told.length <= mostRows);
  const rows = shown.slice(0, mostRows).map(rowOf);
  const sums = [...counts].map(([kind, of]) => `${of.length} ${outcomeWords[kind]}`);
  const lines = [
    ...(rows.length > 0 ? [...tableLines(columns, rows), ""] : []),
    ...(shown.length > rows.length ? [`… and ${shown.length - rows.length} more: --json has all.`] : []),
    sums.length === 0 ? "There are no such events." : `${sums.join(", ")}.`,
    ...(countOf("would-send") > 0 ? ["Nothing was done: say it again with --go."] : []),
  ];
  const text = lines.join("\n");
  if (countOf("refused") + countOf("not-found") > 0) return failed(text, json);
  return { kind: "done", text, json };
}

function rowOf({ event, outcome }: Told): readonly string[] {
  const isRecorded = "tier" in event;
  const amount = isRecorded ? amountText(event.amountMinor, event.currency) : "-";
  return [event.eventId, isRecorded ? event.tier : "-", amount, outcomeWords[outcome.kind], outcome.why];
}
