import type { Command } from "commander";
import { recordedId } from "../../lambdas/shared/domain/personal-data.ts";
import { timeText } from "../../lambdas/shared/report/time.ts";
import { explainError } from "../aws/explain-error.ts";
import type { Target } from "../aws/target.ts";
import { logsClient } from "../logs/client.ts";
import { type EventLines, linesOf, type TimeRange } from "../logs/event-lines.ts";
import { createLogSearch } from "../logs/search.ts";
import { stagesOf } from "../logs/stages.ts";
import { type CommonOptions, type Connection, onTarget, type Surroundings } from "./context.ts";
import { type Hint, hintFor } from "./hint.ts";
import { follow } from "./logs/follow.ts";
import { lineText, summaryText } from "./logs/line-text.ts";
import type { Moment } from "./moment.ts";
import { type CommandResult, failed, usage } from "./result.ts";
import { printable } from "./text/table.ts";
import { type MomentAt, momentArgument, sinceArgument } from "./times.ts";

interface LogsOptions extends CommonOptions {
  readonly event?: string;
  readonly since?: MomentAt;
  readonly until?: Moment;
  readonly follow?: boolean;
}

const dayMs = 86_400_000;
/** Clocks differ, and the API has a request before anything is recorded of it. */
const earlierMs = 5 * 60_000;

/** `cli logs --event <id>`: every log line about one event. */
export const logsCommand = {
  describe: (command: Command): Command =>
    command
      .description("Show every log line about one event, from the API to its decision, in order of time.")
      .option("--event <id>", "<provider>:<the provider's event id>, as the API answers it")
      .option(
        "--since <time>",
        "from then on: 30m, 24h or 7d ago, a day, or a time in UTC (default: its receipt)",
        sinceArgument,
      )
      .option("--until <time>", "up to then: a day, or a time in UTC", momentArgument)
      .option("--follow", "go on with new lines as they come, until Ctrl-C"),
  examples: [
    "logs --event stripe:evt_123 --local",
    "logs --event stripe:evt_123 --env prod --since 2026-11-20 --json",
    "logs --event stripe:evt_123 --env prod --follow",
    "logs query refusal-reasons --env prod --since 24h",
  ],
  async run(surroundings: Surroundings, options: LogsOptions): Promise<CommandResult> {
    const { event: asked, follow: isFollowing } = options;
    // Not a required option: commander would ask for it before "logs query", too.
    if (asked === undefined || asked === "") return usage("Say which event: --event stripe:evt_123.");
    const eventId = recordedId(asked);
    if (isFollowing && options.until !== undefined) return usage("Give --follow or --until, not both.");
    if (isFollowing && options.json) return usage("--follow shows lines as they come; --json is one answer. Give one.");
    const nowMs = surroundings.now();
    const untilMs = options.until?.toMs ?? nowMs;
    if (options.since !== undefined && options.since(nowMs) >= untilMs) {
      return usage(options.until === undefined ? "--since lies in the future." : "--until lies before --since.");
    }
    return onTarget(surroundings, options, async (connection) => {
      const { target } = connection;
      const range = await rangeOf(connection, { ...options, eventId }, surroundings);
      const search = createLogSearch(logsClient(target));
      const look = () => linesOf(eventId, { stages: stagesOf(target.names), search, range });
      if (isFollowing) return follow(surroundings, look, { target, problemsOf: (found) => problemsOf(found, target) });
      const out = options.json ? () => undefined : surroundings.out;
      return shown(eventId, await look(), { target, range, hint: hintFor(options), out });
    });
  },
};

/** From the event's receipt on, where the tables know it: the shorter the range, the less is searched. */
async function rangeOf(
  { reader }: Connection,
  options: LogsOptions & { readonly eventId: string },
  { now, err }: Surroundings,
): Promise<TimeRange> {
  const to = options.until === undefined ? {} : { toMs: options.until.toMs };
  if (options.since !== undefined) return { fromMs: options.since(now()), ...to };
  // Whoever may read logs may not have to read tables.
  const claim = await reader.claim(options.eventId).catch(() => undefined);
  const startedMs = Date.parse(claim?.firstReceivedAt ?? claim?.processingStartedAt ?? "");
  if (!Number.isNaN(startedMs)) return { fromMs: startedMs - earlierMs, ...to };
  err("When it came isn't known: looking at the last 24 hours. --since looks further back.");
  return { fromMs: now() - dayMs, ...to };
}

interface Page {
  readonly target: Target;
  readonly range: TimeRange;
  readonly hint: Hint;
  readonly out: (text: string) => void;
}

/** What could not be read makes an answer that isn't the whole one, and so a failure. */
function shown(eventId: string, found: EventLines, { target, range, hint, out }: Page): CommandResult {
  const { lines, unread, missing, cut } = found;
  const problems = problemsOf(found, target);
  const since = new Date(range.fromMs).toISOString();
  const unreadJson = unread.map(({ stage, error }) => ({ stage, problem: explainError(error, target) }));
  const json = { eventId, since, lines, unread: unreadJson, missing, cut };
  if (lines.length === 0 && problems.length === 0) {
    const advice = "Ids look like stripe:evt_123; --since looks further back.";
    return failed(`No log line names "${printable(eventId)}" since ${timeText(since)}. ${advice}`, json);
  }
  const next = `What is recorded of it: ${hint("show", eventId)}`;
  const text = [...lines.map(lineText), "", summaryText(lines), next].join("\n");
  if (problems.length === 0) return { kind: "done", text, json };
  if (lines.length > 0) out(text);
  return failed(problems.join("\n"), json);
}

/** Stages that have one reason are told of together. */
function problemsOf({ unread, cut }: EventLines, target: Target): readonly string[] {
  const stagesBy = new Map<string, string[]>();
  for (const { stage, error } of unread) {
    const why = explainError(error, target);
    stagesBy.set(why, [...(stagesBy.get(why) ?? []), stage]);
  }
  return [
    ...[...stagesBy].map(([why, stages]) => `The lines of ${stages.join(", ")} can't be read: ${why}`),
    ...cut.map((stage) => `${stage} has more lines than are read: shorten the time with --since and --until.`),
  ];
}
