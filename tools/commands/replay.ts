import { SQSClient } from "@aws-sdk/client-sqs";
import { type Command, Option } from "commander";
import { clientOptionsOf } from "../aws/clients.ts";
import { createPace } from "../dead-letters/pace.ts";
import type { RecordedEvent } from "../replay/recorded.ts";
import { type ReplayOrder, type ReplayOutcome, replayEvent } from "../replay/replay.ts";
import { inWords } from "./archive/on-archive.ts";
import { readByWhom } from "./by-whom.ts";
import { type Connection, consent, onTarget, type Surroundings } from "./context.ts";
import { rateArgument } from "./dlq/on-queues.ts";
import type { Moment } from "./moment.ts";
import { createEventFinder, type FindOptions, type NotFound } from "./replay/find-events.ts";
import { readSelection, type Selection } from "./replay/range-options.ts";
import { createReplayPorts } from "./replay/replay-ports.ts";
import { replayResult, type Told } from "./replay/replay-text.ts";
import { type CommandResult, failed, usage } from "./result.ts";
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
  readonly go?: boolean;
  readonly yes?: boolean;
}

const details = `
Without --go nothing is sent. Events are read from the table, or from the sealed archive, with the bytes that the provider
sent, and translated as webhooks are today: one that was unroutable is routed once config/fx.ts knows its currency. A day
as --from begins at 00:00 UTC, as --to it is included; both are about the first receipt.

What was completed is left alone. --force puts it on the bus again, with --by and --why on its record; every stage behind
the bus takes an event once, so this makes up for what got lost there. An event that was decided longer than 35 days ago is
refused: no stage remembers it, and it would count twice. Run it again if it was cut off.`;

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
    const selection = readSelection(ids, options, surroundings.now());
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

async function perform(surroundings: Surroundings, options: ReplayOptions, { connection, selection, order }: Deed) {
  const { target } = connection;
  const finder = createEventFinder(surroundings, options, connection);
  const sqs = new SQSClient(clientOptionsOf(target));
  const ports = createReplayPorts(surroundings, connection, {
    sqs,
    pace: createPace(options.rate, { ...surroundings, isStopped: () => false }),
  });
  const events: AsyncIterable<RecordedEvent | NotFound> =
    selection.kind === "ids" ? finder.byIds(selection.ids) : finder.within(selection.range, options.tier);
  const told = await withProgress(surroundings, options, {
    title: order.go ? "Replaying" : "Looking at what would be replayed",
    run: async (tell) => {
      const value: Told[] = [];
      for await (const event of events) {
        value.push({ event, outcome: await outcomeOf(event) });
        tell(`${value.length} events`);
      }
      return { text: `${value.length} events`, value };
    },
  });
  return told === undefined ? failed("Nothing was looked at.") : replayResult(told, order);

  async function outcomeOf(event: RecordedEvent | NotFound): Promise<ReplayOutcome> {
    return "bytes" in event ? replayEvent(event, order, ports) : { kind: "not-found", why: event.why };
  }
}
