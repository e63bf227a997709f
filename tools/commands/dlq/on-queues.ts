/** What the commands on dead letters have in common: the queues of the system, and errors in words. */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Command, InvalidArgumentError } from "commander";
import type { DeadLetterQueue } from "../../../config/dead-letters.ts";
import { clientOptionsOf } from "../../aws/clients.ts";
import { createLetterQueues, type LetterQueues } from "../../dead-letters/letter-queues.ts";
import { deadLetterQueues, queueNamed, queuesIn } from "../../dead-letters/queues.ts";
import type { RedrivePorts } from "../../dead-letters/redrive.ts";
import { createShipper } from "../../dead-letters/shipper.ts";
import { DeployError } from "../../deploy/deploy-error.ts";
import { type CommonOptions, type Connection, onTarget, type Surroundings } from "../context.ts";
import { type CommandResult, failed, failedAs } from "../result.ts";

export interface QueueOptions extends CommonOptions {
  readonly terraform: string;
  /** File with the stack's output. */
  readonly queues?: string;
}

/** The dead-letter queues of a system, with the means to act on them. */
export interface OpenedQueues {
  readonly connection: Connection;
  readonly queues: readonly DeadLetterQueue[];
  readonly letters: LetterQueues;
  readonly ship: RedrivePorts["ship"];
}

export function withQueueOptions(command: Command): Command {
  return command
    .option("--terraform <program>", "what reads the output DeadLetterQueues in AWS", "terraform")
    .option("--queues <file>", "read that output from a file: terraform output -raw DeadLetterQueues");
}

/** Finds the queues, and gives what `act` makes of them. A DeployError ends the command. */
export function onQueues(
  surroundings: Surroundings,
  options: QueueOptions,
  act: (opened: OpenedQueues) => Promise<CommandResult>,
): Promise<CommandResult> {
  return onTarget(surroundings, options, async (connection) => {
    const { target, clients } = connection;
    try {
      const { queues: file, terraform: program } = options;
      const { variables } = surroundings;
      const queues = file === undefined ? await deadLetterQueues(target, { program, variables }) : queuesIn(file);
      const clientOptions = clientOptionsOf(target);
      const sqs = new SQSClient({ ...clientOptions, ...longPoll });
      const ship = createShipper(
        {
          sqs,
          eventBridge: new EventBridgeClient(clientOptions),
          sns: new SNSClient(clientOptions),
          states: clients.states,
        },
        { thresholds: target.settings.routingThresholdsUsd, now: surroundings.now },
      );
      return await act({ connection, queues, letters: createLetterQueues(sqs), ship });
    } catch (error) {
      if (error instanceof DeployError) return failedAs(error);
      throw error;
    }
  });
}

/** A queue that is asked for letters answers after a second at the latest. */
const longPoll = {
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;

/** The same for a command that is about one queue. */
export function onQueue(
  surroundings: Surroundings,
  options: QueueOptions,
  name: string,
  act: (opened: OpenedQueues, queue: DeadLetterQueue) => Promise<CommandResult>,
): Promise<CommandResult> {
  return onQueues(surroundings, options, async (opened) => {
    const queue = queueNamed(opened.queues, name, opened.connection.target.settings.name);
    if (queue !== undefined) return act(opened, queue);
    return failed(
      `There is no dead-letter queue ${name}. There are: ${opened.queues.map((one) => one.name).join(", ")}.`,
    );
  });
}

/** `--rate`: how many a second. */
export function rateArgument(value: string): number {
  const rate = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && rate >= 0.1 && rate <= 1_000) return rate;
  throw new InvalidArgumentError("Give a number from 0.1 to 1000: so many a second.");
}
