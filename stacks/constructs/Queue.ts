import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";
import type { Redrive } from "../../config/dead-letters.ts";
import { limits } from "../../config/limits.ts";
import { accountOf } from "./account.ts";
import type { EncryptionKey } from "./EncryptionKey.ts";
import { allow, denyInsecureTransport, onBehalfOf, policyDocument, type Statement } from "./policy.ts";
import { checkRules } from "./rules.ts";

export interface QueueProps {
  readonly queueName: string;
  readonly key: EncryptionKey;
  /** How long a received message stays hidden; see `visibilityTimeoutSeconds` in QueueConsumer.ts. SQS's own 30 by default. */
  readonly visibilityTimeoutSeconds?: number;
  /** Where a message goes that was received too often. Without it the queue is an end: people read it. */
  readonly deadLetters?: { readonly queue: Queue; readonly maxReceiveCount: number };
  /** Of an end: how its messages go on. Asked for when all is there, since what they go on to may need this queue. */
  readonly redrive?: () => Redrive;
  /** Rules and buses of EventBridge, by ARN, that send to it; roles of the account need only their own policy. */
  readonly eventSenders?: readonly string[];
  /** Topics, by ARN, that send to it what they could not deliver. */
  readonly topicSenders?: readonly string[];
}

/** An encrypted, TLS-only standard queue that keeps messages as long as SQS can. */
export class Queue extends Construct {
  readonly arn: string;
  readonly url: string;
  readonly queueName: string;
  readonly visibilityTimeoutSeconds: number;
  readonly deadLetterQueue: Queue | undefined;
  /** Of an end: how its messages go on. */
  readonly redrive: (() => Redrive) | undefined;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id);
    const { queueName, key, visibilityTimeoutSeconds = 30, deadLetters, redrive } = props;
    const { eventSenders = [], topicSenders = [] } = props;
    checkRules(this, [
      {
        broken: (deadLetters === undefined) === (redrive === undefined),
        message: "a queue has a dead-letter queue, or says how what ends in it goes on: one of the two",
      },
    ]);
    const queue = new SqsQueue(this, "queue", {
      name: queueName,
      kmsMasterKeyId: key.arn,
      messageRetentionSeconds: limits.dlqRetentionDays * 24 * 60 * 60,
      visibilityTimeoutSeconds,
      receiveWaitTimeSeconds: 20,
      ...(deadLetters && {
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: deadLetters.queue.arn,
          maxReceiveCount: deadLetters.maxReceiveCount,
        }),
      }),
    });
    this.arn = queue.arn;
    this.url = queue.url;
    this.queueName = queueName;
    this.visibilityTimeoutSeconds = visibilityTimeoutSeconds;
    this.deadLetterQueue = deadLetters?.queue;
    this.redrive = redrive;
    this.#key = key;
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: policyDocument([
        denyInsecureTransport(["sqs:*"], [queue.arn]),
        ...eventSenders.map((sourceArn) => allowEventBridge(queue.arn, sourceArn, accountOf(this))),
        ...topicSenders.map((sourceArn) => allowTopic(queue.arn, sourceArn)),
      ]),
    });
  }

  /** Allows to send messages, singly or in batches. */
  allowSend(): readonly Statement[] {
    return [allow(["sqs:SendMessage"], [this.arn]), this.#key.allow("sqs", "Decrypt", "GenerateDataKey")];
  }

  /** Allows to ask how many messages wait. */
  allowCount(): readonly Statement[] {
    return [allow(["sqs:GetQueueAttributes"], [this.arn])];
  }

  /** Allows to look at messages and to let others see them again at once; none to delete one. */
  allowLook(): readonly Statement[] {
    const actions = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"];
    return [allow(actions, [this.arn]), this.#key.allow("sqs", "Decrypt")];
  }

  /** Allows what an event-source mapping does with its function's role. */
  allowConsume(): readonly Statement[] {
    const actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    return [allow(actions, [this.arn]), this.#key.allow("sqs", "Decrypt")];
  }
}

function allowEventBridge(queueArn: string, sourceArn: string, account: string): Statement {
  return {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: ["sqs:SendMessage"],
    Resource: [queueArn],
    Condition: onBehalfOf({ sourceArn, account }),
  };
}

/** Source: SNS Developer Guide, "Configuring an Amazon SNS dead-letter queue for a subscription". */
function allowTopic(queueArn: string, topicArn: string): Statement {
  return {
    Effect: "Allow",
    Principal: { Service: "sns.amazonaws.com" },
    Action: ["sqs:SendMessage"],
    Resource: [queueArn],
    Condition: { ArnLike: { "aws:SourceArn": topicArn } },
  };
}
