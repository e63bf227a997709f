import type { Command } from "commander";
import type { DeadLetterQueue } from "../../../config/dead-letters.ts";
import type { Letter } from "../../../lambdas/shared/domain/dead-letters.ts";
import { explainError } from "../../aws/explain-error.ts";
import { tooOld } from "../../dead-letters/copies.ts";
import { redriveText, reusedIdAdvice, type Shipping, shippingOf } from "../../dead-letters/delivery.ts";
import { underOwnId } from "../../dead-letters/own-id.ts";
import { createPace } from "../../dead-letters/pace.ts";
import { type LetterOutcome, type RedriveOrder, redrive } from "../../dead-letters/redrive.ts";
import { type ByWhom, readByWhom } from "../by-whom.ts";
import { consent, type Surroundings } from "../context.ts";
import { hintFor } from "../hint.ts";
import { interruptible } from "../interruptible.ts";
import { type CommandResult, failed, usage } from "../result.ts";
import { printable } from "../text/table.ts";
import { withProgress } from "../with-progress.ts";
import { letterSource, withSourceOptions } from "./letter-source.ts";
import { type OpenedQueues, onQueue, rateArgument, withQueueOptions } from "./on-queues.ts";
import { summaryLines } from "./redrive-text.ts";
import { defaultRate, type RedriveOptions, saidAgain } from "./said-again.ts";

const details = `
Without --go nothing is sent. A message is sent first and deleted then: cut off in between it is sent twice, and takes
effect once. One that comes back while this runs is left where it is. Ctrl-C ends it after the message under way, gives back
what it holds, and says what was done; the exit code is 130 then.

--copies is for messages that SQS has forgotten after 14 days. Copies stay; sent twice, they take effect once.

--under-own-id is for a message that was refused because its event id is taken by another event (event-id-reused). It is
booked as a fact of its own, under <its id>~<12 digits of its body's SHA-256>, with --by and --why on record.`;

/** `cli dlq redrive <queue>`: messages go where they should have gone. */
export const dlqRedriveCommand = {
  describe: (command: Command): Command =>
    withSourceOptions(
      withQueueOptions(command)
        .description("Send the messages of a dead-letter queue where they should have gone; a dry run without --go.")
        .argument("<queue>", "as dlq list names it, with or without the environment")
        .option("--message <id...>", "these alone")
        .option("--rate <n>", "so many a second at the most", rateArgument, defaultRate)
        .option("--under-own-id", "book a message whose event id is taken under an id of its own")
        .option("--by <who>", "who books it: kept with the event")
        .option("--why <text>", "the reason: kept with the event")
        .option("--go", "do it")
        .option("--yes", "don't ask before doing it in AWS"),
    ).addHelpText("after", details),
  examples: [
    "dlq redrive webhook-events-dlq --local",
    "dlq redrive webhook-events-dlq --env prod --rate 50 --go",
    'dlq redrive webhook-events-dlq --message 5fd1… --under-own-id --by ada --why "two payments, says Stripe" --env prod --go',
  ],
  async run(
    surroundings: Surroundings,
    options: RedriveOptions,
    [name = ""]: readonly string[],
  ): Promise<CommandResult> {
    const note = options.underOwnId === true ? readByWhom(options, "A booking under an own id") : undefined;
    if (note !== undefined && "kind" in note) return note;
    if (note !== undefined && options.message?.length !== 1) {
      return usage("--under-own-id is about one message: name it with --message.");
    }
    return onQueue(surroundings, options, name, async (opened, queue) => {
      const { target } = opened.connection;
      if (note !== undefined && queue.name !== target.names.dlq("webhook-events")) {
        return usage(`--under-own-id is for ${target.names.dlq("webhook-events")}: no other queue has such messages.`);
      }
      const go = options.go === true;
      if (go) {
        const which = options.message === undefined ? "all messages" : `${options.message.length} messages`;
        const deed = `Redrive ${which} of ${queue.name} ${redriveText(queue.redrive)}`;
        const isGiven = options.yes === true || target.isLocal;
        const obstacle = await consent(target.settings.name, deed, { ask: surroundings.ask, isGiven });
        if (obstacle !== undefined) return obstacle;
      }
      return perform(surroundings, options, { opened, queue, note });
    });
  },
};

interface Deed {
  readonly opened: OpenedQueues;
  readonly queue: DeadLetterQueue;
  /** Of a booking under an own id. */
  readonly note: ByWhom | undefined;
}

async function perform(
  surroundings: Surroundings,
  options: RedriveOptions,
  { opened, queue, note }: Deed,
): Promise<CommandResult> {
  const { rate } = options;
  const go = options.go === true;
  const told: { readonly messageId: string; readonly outcome: LetterOutcome["kind"]; readonly why?: string }[] = [];
  const order: RedriveOrder = {
    queue,
    go,
    ...(options.message && { messageIds: new Set(options.message) }),
    // Ten letters, and room for calls that are repeated.
    holdSeconds: Math.ceil(10 / rate) + 60,
    shippingOf: (letter) => {
      const nowMs = surroundings.now();
      const why = options.copies === undefined ? undefined : tooOld(letter, nowMs);
      if (why !== undefined) return { kind: "stays", why };
      return shipping(queue, letter, note && { ...note, at: new Date(nowMs).toISOString() });
    },
  };
  const source = await letterSource(opened, queue, options);
  const redriven = await interruptible(surroundings, (isStopped) =>
    withProgress(surroundings, options, {
      title: `${go ? "Redriving" : "Looking through"} ${queue.name}`,
      run: async (tell) => {
        const value = await redrive(order, {
          source,
          ship: opened.ship,
          pace: createPace(rate, { ...surroundings, isStopped }),
          isStopped,
          tell: ({ messageId }, outcome) => {
            const why = wordsOf(outcome, opened);
            told.push({ messageId, outcome: outcome.kind, ...(why !== undefined && { why }) });
            tell(`${told.length} messages`);
          },
        });
        return { text: `${told.length} messages`, value };
      },
    }),
  );
  if (redriven === undefined) return failed(`${queue.name} wasn't looked through.`);
  const json = {
    queue: queue.name,
    isDryRun: !go,
    ...redriven,
    messages: told,
  };
  const stays = told.flatMap(({ messageId, why }) => (why === undefined ? [] : [`${messageId}: ${why}`]));
  const { holdSeconds } = order;
  const summary = summaryLines(redriven, { queue, go, holdSeconds });
  if (redriven.isStopped) return { kind: "interrupted", message: [...firstOf(stays), ...summary].join("\n"), json };
  const missing = redriven.missing.map((id) => `${printable(id)}: not there, or held by somebody else for a moment.`);
  const lines = [...firstOf([...stays, ...missing]), ...summary];
  const reused = told.find(({ why }) => why === reusedIdAdvice)?.messageId;
  if (reused !== undefined) {
    const own = ["--message", reused, "--under-own-id", "--by", "<who>", "--why", "<reason>", "--go"];
    lines.push(`Under an id of its own: ${hintFor(options)("dlq", "redrive", queue.name, ...own)}`);
  }
  if (redriven.failed + redriven.missing.length > 0) return failed(lines.join("\n"), json);
  if (!go && redriven.sent > 0)
    lines.push(
      `Nothing was done: ${hintFor(options)("dlq", "redrive", queue.name, ...saidAgain(options, note), "--go")}`,
    );
  return { kind: "done", text: lines.join("\n"), json };
}

function shipping(
  queue: DeadLetterQueue,
  letter: Letter,
  note: (ByWhom & { readonly at: string }) | undefined,
): Shipping {
  if (note === undefined) return shippingOf(queue, letter);
  const own = underOwnId(letter, note);
  if (own.kind === "refused") return { kind: "stays", why: own.why };
  const { reason: _, detail: __, ...attributes } = letter.attributes;
  return shippingOf(queue, { ...letter, body: own.body, attributes });
}

function wordsOf(outcome: LetterOutcome, { connection }: OpenedQueues): string | undefined {
  if (outcome.kind === "stays" || outcome.kind === "came-back") return outcome.why;
  return outcome.kind === "failed" ? explainError(outcome.error, connection.target) : undefined;
}

const mostLines = 20;

/** As many as a person reads; `--json` has all. */
function firstOf(lines: readonly string[]): string[] {
  const rest = lines.length - mostLines;
  return [...lines.slice(0, mostLines), ...(rest > 0 ? [`… and ${rest} more: --json has all.`] : [])];
}
