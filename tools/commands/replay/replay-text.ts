import { amountText } from "../../../lambdas/shared/report/amount.ts";
import { groupedText } from "../../../lambdas/shared/report/counts.ts";
import type { ReplayOrder, ReplayOutcome } from "../../replay/replay.ts";
import type { Tally, Told } from "../../replay/tally.ts";
import { type CommandResult, failed } from "../result.ts";
import { tableLines } from "../text/table.ts";

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

/** More than a person reads at once. */
const mostRows = 40;

export interface Ending extends Pick<ReplayOrder, "go"> {
  /** Where somebody stopped it: how to go on. */
  readonly goOn?: string;
}

/** Failed where an event that was asked for can't be found or replayed. */
export function replayResult(tally: Tally, { go, goOn }: Ending): CommandResult {
  const { total, counts } = tally;
  const listed = tally.listed();
  const json = {
    isDryRun: !go,
    ...(goOn !== undefined && { isStopped: true }),
    counts: Object.fromEntries(counts),
    events: listed.map(({ eventId, outcome, why }) => ({ eventId, outcome, why })),
    leftOut: total - listed.length,
  };
  // What is left alone is many in a range, and says nothing that the sum doesn't.
  const shown = total <= mostRows ? listed : listed.filter(({ outcome }) => outcome !== "nothing");
  const rows = shown.slice(0, mostRows).map(rowOf);
  const more = (total <= mostRows ? total : total - tally.count("nothing")) - rows.length;
  const sums = [...counts].map(([kind, count]) => `${groupedText(count)} ${outcomeWords[kind]}`);
  const text = [
    ...(rows.length > 0 ? [...tableLines(columns, rows), ""] : []),
    ...(more > 0 ? [`… and ${groupedText(more)} more: --log <file> has every one.`] : []),
    sums.length === 0 ? "There are no such events." : `${sums.join(", ")}.`,
    ...(tally.count("would-send") > 0 ? ["Nothing was done: say it again with --go."] : []),
    ...(goOn === undefined ? [] : [`Stopped. ${goOn}`]),
  ].join("\n");
  if (goOn !== undefined) return { kind: "interrupted", message: text, json };
  if (tally.count("refused") + tally.count("not-found") > 0) return failed(text, json);
  return { kind: "done", text, json };
}

function rowOf({ eventId, tier, amountMinor, currency, outcome, why }: Told): readonly string[] {
  const amount = tier === undefined ? "-" : amountText(amountMinor, currency);
  return [eventId, tier ?? "-", amount, outcomeWords[outcome], why];
}
