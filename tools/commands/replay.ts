import { SQSClient } from "@aws-sdk/client-sqs";
import { type Command, Option } from "commander";
import { recordedId } from "../../lambdas/shared/domain/personal-data.ts";
import { clientOptionsOf } from "../aws/clients.ts";
import { createPace } from "../dead-letters/pace.ts";
import { type ReplayOrder, replayEvent } from "../replay/replay.ts";
import { createTally } from "../replay/tally.ts";
import type { HourRange } from "../replay/time-range.ts";
import { inWords } from "./archive/on-archive.ts";
import { readByWhom } from "./by-whom.ts";
import { type Connection, consent, onTarget, type Surroundings } from "./context.ts";
import { rateArgument } from "./dlq/on-queues.ts";
import { interruptible } from "./interruptible.ts";
import type { Moment } from "./moment.ts";
import { type EventLog, openEventLog } from "./replay/event-log.ts";
import { createEventFinder, type FindOptions } from "./replay/find-events.ts";
import { readSelection, type Selection } from "./replay/range-options.ts";
import { replayAll, type Stopped } from "./replay/replay-all.ts";
import { createReplayPorts } from "./replay/replay-ports.ts";
import { replayResult } from "./replay/replay-text.ts";
import { type CommandResult, failed, usage } from "./result.ts";
import { printable } from "./text/table.ts";
import { dayArgument, momentArgument } from "./times.ts";
import { withProgress } from "./with-progress.ts";

interface ReplayOptions extends FindOptions {
  readonly from?: Moment;
  readonly to?: Moment;
  readonly tier?: string;
  readonly force?: boolean;
  readonly by?: string;
  readonly why?: string;
  readonly rate: number;
  readonly log?: string;
  readonly go?: boolean;
  readonly yes?: boolean;
}

const details = `
Without --go nothing is sent. Events are read from the table, or from the sealed archive, with the bytes that the provider
sent, and translated as webhooks are today: one that was unroutable is routed once config/fx.ts knows its currency. A day
as --from begins at 00:00 UTC, as --to it is included; both are about the first receipt.

What was completed and decided is left alone. What was completed and has no decision an hour after its receipt goes on the
bus again by itself, unless a person is asked about it or has given it up. --force puts completed events on the bus again,
with --by and --why on their record; every stage behind the bus takes an event once, so this makes up for what got lost
there. An event that was decided longer than 35 days ago is refused: no stage remembers it, and it would count twice.

A range is read hour by hour. Ctrl-C ends it after the event under way and says how to go on; the exit code is 130 then.
Run it again if it was cut off otherwise.`;

/** Whoever replays without force says nothing of himself, and what was found is the reason. */
const defaultBy = "npm run cli -- replay";

/** `cli replay`: recorded events go through the pipeline again. */
export const replayCommand = {
  describe: (command: Command): Command =>
    command
      .description("Send recorded events through the pipeline again, from their own bytes; a dry run without --go.")
      .argument("[eventId...]", "<provider>:<the provider's event id>")
      .option("--from <time>", "instead of ids: first received from then on, a day or a time in UTC", momentArgument)
      .option("--to <time>", "and before then (default: now)", momentArgument)
      .addOption(
        new Option("--tier <tier>", "only events of this tier").choices(["high", "medium", "low", "unroutable"]),
      )
      .option("--day <day>", "of the first receipt, for ids that processed-webhooks doesn't know any more", dayArgument)
      .option("--force", "put completed events on the bus again")
      .option("--by <who>", "who replays: kept with the event")
      .option("--why <text>", "the reason: kept with the event")
      .option("--rate <n>", "so many a second at the most", rateArgument, 10)
      .option("--log <file>", "write a line of JSON for each event to a new file: text and --json have the first 1,000")
      .option("--go", "do it")
      .option("--yes", "don't ask before doing it in AWS")
      .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)")
      .option("--cache <folder>", "where downloaded objects stay (default: .local/archive/<bucket>)")
      .addHelpText("after", details),
  examples: [
    "replay stripe:evt_123 --local",
    "replay --from 2026-11-20 --tier unroutable --env prod --go",
    'replay --from 2026-11-20T10:00Z --to 2026-11-20T11:00Z --force --by ada --why "rule was off" --env prod --rate 50 --go',
  ],
  async run(surroundings: Surroundings, options: ReplayOptions, ids: readonly string[]): Promise<CommandResult> {
    const selection = readSelection(ids.map(recordedId), options, surroundings.now());
    if (selection.kind === "usage") return selection;
    if (options.day !== undefined && selection.kind === "range") return usage("--day goes with ids of events.");
    const order = readOrder(options);
    if ("kind" in order) return order;
    return onTarget(surroundings, options, (connection) =>
      inWords(async () => {
        const { target } = connection;
        if (order.go) {
          const what =
            selection.kind === "ids"
              ? `${selection.ids.length} events`
              : `events from ${options.from?.text} ${options.to === undefined ? "on" : `to ${options.to.text}`}`;
          const isGiven = options.yes === true || target.isLocal;
          const deed = `Replay ${what}${order.force ? " by force" : ""}`;
          const obstacle = await consent(target.settings.name, deed, { ask: surroundings.ask, isGiven });
          if (obstacle !== undefined) return obstacle;
        }
        return perform(surroundings, options, { connection, selection, order });
      }),
    );
  },
};

function readOrder(options: ReplayOptions): ReplayOrder | ReturnType<typeof usage> {
  const [force, go] = [options.force === true, options.go === true];
  if (!force && options.by === undefined && options.why === undefined) return { force, go, by: defaultBy };
  const read = readByWhom(options, force ? "A replay by force" : "A replay");
  return "kind" in read ? read : { force, go, ...read };
}

interface Deed {
  readonly connection: Connection;
  readonly selection: Selection;
  readonly order: ReplayOrder;
}

async function perform(
  surroundings: Surroundings,
  options: ReplayOptions,
  { connection, selection, order }: Deed,
): Promise<CommandResult> {
  const log = openLog(options.log);
  if (log !== undefined && "kind" in log) return log;
  const tally = createTally();
  try {
    const stopped = await interruptible(surroundings, (isStopped) => {
      const sqs = new SQSClient(clientOptionsOf(connection.target));
      const pace = createPace(options.rate, { ...surroundings, isStopped });
      const ports = createReplayPorts(surroundings, connection, { sqs, pace });
      return withProgress(surroundings, options, {
        title: order.go ? "Replaying" : "Looking at what would be replayed",
        run: async (tell) => {
          const value = await replayAll(createEventFinder(options, connection), selection, {
            tier: options.tier,
            isStopped,
            replay: (event) => replayEvent(event, order, ports),
            told: (told) => {
              tally.add(told);
              log?.add(told);
            },
            reached: (hour) => tell(`${tally.total} events${hour === undefined ? "" : `, ${hourText(hour)}`}`),
          });
          return { text: `${tally.total} events`, value };
        },
      });
    });
    return replayResult(tally, { go: order.go, ...(stopped && { goOn: goOnText(stopped) }) });
  } finally {
    log?.close();
  }
}

function openLog(file: string | undefined): EventLog | undefined | CommandResult {
  try {
    return file === undefined ? undefined : openEventLog(file);
  } catch (error) {
    return failed(`${printable(String(file))} can't be made: ${error instanceof Error ? error.message : error}`);
  }
}

function hourText({ day, hour }: HourRange): string {
  return `received ${day}, hour ${hour}`;
}

function goOnText({ hour }: Stopped): string {
  if (hour === undefined) return "The same command goes on: what is sent twice takes effect once.";
  const from = new Date(hour.fromMs).toISOString();
  return `All that was received before ${from} is done: go on with --from ${from} and the same --to.`;
}
