/** The flow of webhooks through the stages, as it is now. */
import { indexes, names } from "../../../config/names.ts";
import type { Flow, FlowQueue } from "../answers.ts";
import { createFlowLog, type FlowSource } from "../flow/flow-log.ts";
import { operator } from "../flow/log-tail.ts";
import { newestOf, refusalsOf, stagesOf } from "../flow/stages.ts";
import type { Context, Route } from "./route.ts";

const shown = 25;
const windows: readonly number[] = [5, 15, 60];

/** One per running system: it goes on from what it has read. */
const sources = new WeakMap<Context, FlowSource>();

function sourceOf(context: Context): FlowSource {
  const known = sources.get(context);
  if (known !== undefined) return known;
  const { lambda } = names(context.environment);
  const source = createFlowLog({
    call: context.runtime.endpoint.call,
    logGroupOf: (teller) => `/aws/lambda/${lambda(teller)}`,
    now: context.now,
  });
  sources.set(context, source);
  return source;
}

export const flow: Route = async (context, { query }): Promise<Flow> => {
  const asked = Number(query.get("minutes"));
  const windowMinutes = windows.includes(asked) ? asked : 15;
  const [{ happenings, isBehind }, openReviews] = await Promise.all([sourceOf(context).look(), countReviews(context)]);
  const { queues } = names(context.environment);
  return {
    windowMinutes,
    stages: stagesOf(happenings, { nowMs: context.now(), windowMs: windowMinutes * 60_000 }),
    queues: queuesOf(context, [queues.webhookEvents, queues.lowValueBatch]),
    newest: newestOf(happenings, shown),
    refusals: refusalsOf(happenings, shown),
    deadLetters: deadLettersOf(context),
    openReviews,
    isBehind,
  };
};

/** Straight from the emulator: asked every second or two, SQS's API would be asked once per queue. */
function queuesOf({ runtime }: Context, wanted: readonly string[]): readonly FlowQueue[] {
  return [...runtime.fauxqs.sqs.allQueues()]
    .filter(({ name }) => wanted.includes(name))
    .map(({ name, messages, delayedMessages, inflightMessages }) => ({
      name,
      waiting: messages.length + delayedMessages.length,
      held: inflightMessages.size,
    }));
}

function deadLettersOf({ runtime, environment }: Context): number {
  const { queues } = names(environment);
  const ends: readonly string[] = [queues.unroutable, queues.workflowFailed];
  return [...runtime.fauxqs.sqs.allQueues()]
    .filter(({ name }) => name.includes("-dlq-") || ends.includes(name))
    .reduce((sum, { messages, inflightMessages }) => sum + messages.length + inflightMessages.size, 0);
}

async function countReviews({ runtime, environment }: Context): Promise<number> {
  const { Count } = await runtime.endpoint.call(operator, "dynamodb", "Query", {
    TableName: names(environment).tables.processedWebhooks,
    IndexName: indexes.openReviews,
    KeyConditionExpression: "reviewStatus = :open",
    ExpressionAttributeValues: { ":open": { S: "OPEN" } },
    Select: "COUNT",
  });
  return Number(Count);
}
