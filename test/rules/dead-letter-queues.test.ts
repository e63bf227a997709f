/** Whatever ends in a queue can be found and sent on: the output `DeadLetterQueues` tells of every such queue. */
import * as v from "valibot";
import { type DeadLetterQueue, deadLetterQueuesSchema } from "../../config/dead-letters.ts";
import { argumentsOf, lastOf } from "./broken.ts";
import { redriveOf } from "./dead-letters.ts";
import { describeRules } from "./rule.ts";
import { functionOf, ofType, referredIn, type StackResource, type Stacks } from "./stacks.ts";

const stacksWithQueues = (stacks: Stacks) => [...new Set(ofType(stacks, "aws_sqs_queue").map(({ stack }) => stack))];

function toldOf(stacks: Stacks, stack: string): readonly DeadLetterQueue[] {
  return v.parse(deadLetterQueuesSchema, stacks[stack]?.output?.DeadLetterQueues?.value);
}

const endsOf = (stacks: Stacks, stack: string) =>
  ofType(stacks, "aws_sqs_queue").filter((queue) => queue.stack === stack && redriveOf(queue) === undefined);

/** What a way on has to lead to. */
const leadsTo: Readonly<Record<string, string>> = {
  queue: "aws_sqs_queue",
  bus: "aws_cloudwatch_event_bus",
  topic: "aws_sns_topic",
  "state-machine": "aws_sfn_state_machine",
};

function endOf(stacks: Stacks, stack: string, { redrive }: DeadLetterQueue): StackResource | undefined {
  const [found] = referredIn(stacks, stack, JSON.stringify(redrive));
  if (found !== undefined || redrive.kind !== "bus") return found;
  return ofType(stacks, "aws_cloudwatch_event_bus").find((bus) => {
    return bus.stack === stack && bus.config.name === redrive.name;
  });
}

describeRules("dead letters", {
  "are told of in the output, each queue of a stack in which messages end": {
    rule: (stacks) =>
      stacksWithQueues(stacks).flatMap((stack) => {
        const told = toldOf(stacks, stack);
        return endsOf(stacks, stack)
          .filter((queue) => {
            const entry = told.find(({ url }) => referredIn(stacks, stack, url)[0]?.place === queue.place);
            return entry?.name !== queue.config.name;
          })
          .map(({ place }) => place);
      }),
    broken: {
      "when one is forgotten": (stacks) => {
        const queue = lastOf(stacks, "aws_sqs_queue", (each) => redriveOf(each) === undefined);
        const { output } = stacks[queue.stack] as { output: Record<string, { value: unknown }> };
        const left = toldOf(stacks, queue.stack).filter(({ name }) => name !== queue.config.name);
        output.DeadLetterQueues = { value: JSON.stringify(left) };
        return queue.place;
      },
      "when one that had dead letters has none any more": (stacks) => {
        const queue = lastOf(stacks, "aws_sqs_queue", (each) => redriveOf(each) !== undefined);
        delete argumentsOf(queue).redrive_policy;
        return queue.place;
      },
    },
  },

  "lead to something that there is, or say what to do instead": {
    rule: (stacks) =>
      stacksWithQueues(stacks).flatMap((stack) =>
        toldOf(stacks, stack)
          .filter((each) => each.redrive.kind !== "none")
          .filter((each) => endOf(stacks, stack, each)?.type !== leadsTo[each.redrive.kind])
          .map(({ name }) => name),
      ),
    broken: {
      "when a queue is none of ours": (stacks) => {
        const stack = stacksWithQueues(stacks).at(-1) ?? "";
        const { output } = stacks[stack] as { output: Record<string, { value: unknown }> };
        const redrive = { kind: "queue", url: "https://sqs.us-east-1.amazonaws.com/111122223333/x" };
        output.DeadLetterQueues = { value: JSON.stringify([{ name: "letters", url: "x", redrive }]) };
        return "letters";
      },
    },
  },

  "of a consumed queue go back to that queue": {
    rule: (stacks) =>
      ofType(stacks, "aws_lambda_event_source_mapping")
        .filter((mapping) => functionOf(stacks, mapping, mapping.config.function_name) !== undefined)
        .filter((mapping) => {
          const [queue] = referredIn(stacks, mapping.stack, String(mapping.config.event_source_arn));
          const letters = referredIn(stacks, mapping.stack, String(queue?.config.redrive_policy))[0];
          const told = toldOf(stacks, mapping.stack).find(({ name }) => name === letters?.config.name);
          return told?.redrive.kind !== "queue" || endOf(stacks, mapping.stack, told)?.place !== queue?.place;
        })
        .map(({ place }) => place),
    broken: {
      "when they go to another": (stacks) => {
        const mapping = lastOf(stacks, "aws_lambda_event_source_mapping");
        const { output } = stacks[mapping.stack] as { output: Record<string, { value: unknown }> };
        const urls = toldOf(stacks, mapping.stack).map((each) => ({
          ...each,
          redrive: each.redrive.kind === "queue" ? { kind: "queue", url: each.url } : each.redrive,
        }));
        output.DeadLetterQueues = { value: JSON.stringify(urls) };
        return mapping.place;
      },
    },
  },
});
