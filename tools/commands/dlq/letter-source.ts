import type { Command } from "commander";
import type { DeadLetterQueue } from "../../../config/dead-letters.ts";
import { createArchiveObjects } from "../../../lambdas/shared/aws/archive-objects.ts";
import { createCopiesSource } from "../../dead-letters/copies.ts";
import type { RedrivePorts } from "../../dead-letters/redrive.ts";
import { bucketOf, s3Of } from "../archive/on-archive.ts";
import { dayArgument } from "../times.ts";
import type { OpenedQueues, QueueOptions } from "./on-queues.ts";

export interface SourceOptions extends QueueOptions {
  readonly copies?: string;
  readonly bucket?: string;
}

export function withSourceOptions(command: Command): Command {
  return command
    .option("--copies <day>", "instead of the queue, the daily copies of messages first sent that day", dayArgument)
    .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)");
}

/** Where the letters of a queue are taken from: SQS, or their copies. */
export async function letterSource(
  { connection: { target }, letters }: OpenedQueues,
  { name: queue }: DeadLetterQueue,
  { copies: day, bucket }: SourceOptions,
): Promise<RedrivePorts["source"]> {
  if (day === undefined) return letters.source;
  return createCopiesSource(createArchiveObjects(s3Of(target), await bucketOf(target, bucket)), { queue, day });
}
