/**
 * SQS, SNS and EventBridge. Batches need the action of the single call. Source: Service Authorization Reference,
 * "Actions, resources, and condition keys" of Amazon SQS, Amazon SNS and Amazon EventBridge.
 */
import {
  everything,
  type Input,
  itself,
  needs,
  type OperationTable,
  objects,
  optionalText,
  type Scope,
  text,
} from "./operation.ts";

/** `https://<host>/<account>/<queue>`: the ARN has the URL's account. */
function queue(input: Input, { region }: Scope) {
  const url = text(input, "QueueUrl");
  const nameAt = url.lastIndexOf("/");
  const account = url.slice(url.lastIndexOf("/", nameAt - 1) + 1, nameAt);
  return itself(`arn:aws:sqs:${region}:${account}:${url.slice(nameAt + 1)}`);
}

function queueByName(input: Input, { account, region }: Scope) {
  const owner = optionalText(input, "QueueOwnerAWSAccountId") ?? account;
  return itself(`arn:aws:sqs:${region}:${owner}:${text(input, "QueueName")}`);
}

export const sqs: OperationTable = {
  SendMessage: needs("sqs:SendMessage", queue),
  SendMessageBatch: needs("sqs:SendMessage", queue),
  ReceiveMessage: needs("sqs:ReceiveMessage", queue),
  DeleteMessage: needs("sqs:DeleteMessage", queue),
  DeleteMessageBatch: needs("sqs:DeleteMessage", queue),
  ChangeMessageVisibility: needs("sqs:ChangeMessageVisibility", queue),
  ChangeMessageVisibilityBatch: needs("sqs:ChangeMessageVisibility", queue),
  GetQueueAttributes: needs("sqs:GetQueueAttributes", queue),
  GetQueueUrl: needs("sqs:GetQueueUrl", queueByName),
  PurgeQueue: needs("sqs:PurgeQueue", queue),
  ListDeadLetterSourceQueues: needs("sqs:ListDeadLetterSourceQueues", queue),
  ListQueues: needs("sqs:ListQueues", everything),
};

const topic = (input: Input) => itself(text(input, "TopicArn"));

/** A text message to a phone number names no topic. */
function topicOrPhone(input: Input) {
  const arn = optionalText(input, "TopicArn") ?? optionalText(input, "TargetArn");
  return itself(arn ?? (input.PhoneNumber === undefined ? text(input, "TopicArn") : "*"));
}

export const sns: OperationTable = {
  Publish: needs("sns:Publish", topicOrPhone),
  PublishBatch: needs("sns:Publish", topic),
  Subscribe: needs("sns:Subscribe", topic),
  GetTopicAttributes: needs("sns:GetTopicAttributes", topic),
  ListSubscriptionsByTopic: needs("sns:ListSubscriptionsByTopic", topic),
  ListTopics: needs("sns:ListTopics", everything),
};

function busArn(name: string, { account, region }: Scope): string {
  return name.startsWith("arn:") ? name : `arn:aws:events:${region}:${account}:event-bus/${name}`;
}

export const events: OperationTable = {
  PutEvents: {
    actions: ["events:PutEvents"],
    requires: (input, scope) =>
      objects(input, "Entries").map((entry) => ({
        action: "events:PutEvents",
        ...itself(busArn(optionalText(entry, "EventBusName") ?? "default", scope)),
        context: {
          "events:source": optionalText(entry, "Source") ?? "",
          "events:detail-type": optionalText(entry, "DetailType") ?? "",
        },
      })),
  },
};
