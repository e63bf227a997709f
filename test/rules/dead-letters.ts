/** Where a resource's dead letters go. */
import { referred, type StackResource, type Stacks } from "./stacks.ts";

type Redrive = { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };

export const redriveOf = ({ config }: StackResource): Redrive | undefined =>
  config.redrive_policy === undefined ? undefined : JSON.parse(String(config.redrive_policy));

const deadLetterArn = ({ config }: StackResource) => (config.dead_letter_config as { arn?: string } | undefined)?.arn;

/** The queue that a resource's dead letters go to. */
export function deadLettersOf(stacks: Stacks, resource: StackResource): StackResource | undefined {
  const queue = referred(stacks, resource, deadLetterArn(resource) ?? redriveOf(resource)?.deadLetterTargetArn);
  return queue?.type === "aws_sqs_queue" ? queue : undefined;
}
