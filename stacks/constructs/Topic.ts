import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { Construct } from "constructs";
import type { EncryptionKey } from "./EncryptionKey.ts";
import { allow, type Condition, denyInsecureTransport, policyDocument, type Statement } from "./policy.ts";
import { Queue } from "./Queue.ts";

export interface TopicProps {
  readonly topicName: string;
  /** Sender's name in text messages; at most 11 characters show. */
  readonly displayName: string;
  readonly key: EncryptionKey;
  /** Of the queue for what could not be delivered to a subscriber. */
  readonly deadLetterQueueName: string;
  readonly emails: readonly string[];
  /** In E.164: `+12025550100`. */
  readonly phoneNumbers: readonly string[];
  /** AWS services that publish by themselves; roles of the account need only their own policy. */
  readonly publishers: readonly { readonly service: string; readonly condition: Condition }[];
}

/**
 * An encrypted, TLS-only topic with its subscriptions. What it can't deliver is kept in a queue, since SNS would discard
 * it after some hours of trying.
 */
export class Topic extends Construct {
  readonly arn: string;
  readonly deadLetters: Queue;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, props: TopicProps) {
    super(scope, id);
    const { topicName, displayName, key, deadLetterQueueName, emails, phoneNumbers, publishers } = props;
    const topic = new SnsTopic(this, "topic", { name: topicName, displayName, kmsMasterKeyId: key.arn });
    this.arn = topic.arn;
    this.#key = key;
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyDocument([
        denyInsecureTransport(["sns:Publish"], [topic.arn]),
        ...publishers.map(
          ({ service, condition }): Statement => ({
            Effect: "Allow",
            Principal: { Service: service },
            Action: ["sns:Publish"],
            Resource: [topic.arn],
            Condition: condition,
          }),
        ),
      ]),
    });
    this.deadLetters = new Queue(this, "dlq", {
      queueName: deadLetterQueueName,
      key,
      topicSenders: [topic.arn],
      redrive: () => ({ kind: "topic", arn: this.arn }),
    });
    for (const endpoint of emails) this.#subscribe("email", endpoint);
    for (const endpoint of phoneNumbers) this.#subscribe("sms", endpoint);
  }

  #subscribe(protocol: "email" | "sms", endpoint: string): void {
    new SnsTopicSubscription(this, `${protocol}-${endpoint}`, {
      topicArn: this.arn,
      protocol,
      endpoint,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: this.deadLetters.arn }),
    });
  }

  /** Allows to publish. */
  allowPublish(): readonly Statement[] {
    return [allow(["sns:Publish"], [this.arn]), this.#key.allow("sns", "Decrypt", "GenerateDataKey")];
  }
}
