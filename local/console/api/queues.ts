/** Queues, and the messages that nobody could handle: what `cli dlq` lists, shows and redrives. */
import * as v from "valibot";
import { names } from "../../../config/names.ts";
import type { Done, EndQueue, Letters, Queues, Redriven, WorkingQueue } from "../answers.ts";
import { doneOf, line, read, resultOf } from "./done.ts";
import type { Context, Route } from "./route.ts";

/** Messages that are shown; the terminal shows more. */
const mostShown = 50;

export const queues: Route = async (context): Promise<Queues> => {
  const { queues: ends } = resultOf<{ readonly queues: readonly EndQueue[] }>(
    await context.commands.run(["dlq", "list"]),
  );
  return {
    working: workingQueues(context),
    ends: ends.map(({ name, waiting, held, redrive }) => ({ name, waiting, held, redrive })),
  };
};

function workingQueues({ runtime, environment, now }: Context): readonly WorkingQueue[] {
  const { webhookEvents, lowValueBatch } = names(environment).queues;
  return [...runtime.fauxqs.sqs.allQueues()]
    .filter(({ name }) => name === webhookEvents || name === lowValueBatch)
    .map(({ name, messages, delayedMessages, inflightMessages }) => {
      const sent = messages.flatMap(sentAtMs);
      return {
        name,
        waiting: messages.length + delayedMessages.length,
        held: inflightMessages.size,
        ...(sent.length > 0 && { oldestMs: Math.max(0, now() - Math.min(...sent)) }),
      };
    });
}

/** The emulator's messages have no type of their own here. */
function sentAtMs(message: unknown): readonly number[] {
  const { sentTimestamp } = message as { readonly sentTimestamp?: unknown };
  return typeof sentTimestamp === "number" ? [sentTimestamp] : [];
}

const letters = v.object({
  queue: v.string(),
  hasMore: v.boolean(),
  // Bodies and attributes aren't named, so they are left behind.
  messages: v.array(
    v.object({
      messageId: v.string(),
      eventId: v.optional(v.string()),
      reason: v.optional(v.string()),
      detail: v.optional(v.string()),
      firstSentAt: v.string(),
    }),
  ),
});

/** Looking hides the messages from others for a moment, so a page asks when a person does. */
export const queue: Route = async ({ commands }, { query }): Promise<Letters> => {
  const name = read(line, query.get("name"));
  const end = await commands.run(["dlq", "show", name, "--limit", String(mostShown)]);
  const { queue: found, hasMore, messages } = v.parse(letters, resultOf(end));
  // Who books it, and why, is for a person to say.
  const ownId = ["--under-own-id", "--by", "<who>", "--why", "<reason>", "--go"];
  return {
    queue: found,
    hasMore,
    command: end.command,
    messages: messages.map((letter) => ({
      ...withoutAbsent(letter),
      ...(letter.reason === "event-id-reused" && {
        ownIdCommand: commands.lineOf(["dlq", "redrive", found, "--message", letter.messageId, ...ownId]),
      }),
    })),
  };
};

function withoutAbsent<T extends object>(value: T): { [name in keyof T]: Exclude<T[name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [name in keyof T]: Exclude<T[name], undefined>;
  };
}

const order = v.strictObject({ queue: line, messageId: v.optional(line), go: v.boolean() });

export const redrive: Route = async ({ commands }, { body }): Promise<Done<Redriven>> => {
  const { queue: name, messageId, go } = read(order, body);
  const which = messageId === undefined ? [] : ["--message", messageId];
  return doneOf<Redriven>(await commands.run(["dlq", "redrive", name, ...which, ...(go ? ["--go"] : [])]));
};
