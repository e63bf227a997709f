import { onBehalfOf, type Statement } from "./constructs/policy.ts";

/**
 * What AWS services that act by themselves may do with the messaging key: EventBridge stores events of the bus and
 * sends them to encrypted queues; CloudWatch publishes alarms to an encrypted topic, and SNS sends to an encrypted queue
 * what it can't deliver; CloudWatch Logs encrypts lines.
 * Everybody else comes with a role, to whose policy the key delegates. In a key's policy "*" is the key itself.
 */
export function messagingKeyStatements(options: {
  readonly account: string;
  readonly region: string;
  /** ARN patterns of the account's alarms, and of the environment's topics and log groups. */
  readonly alarmArns: string;
  readonly topicArns: readonly string[];
  readonly logGroupArns: string;
}): readonly Statement[] {
  const { account, region, alarmArns, topicArns, logGroupArns } = options;
  return [
    {
      Sid: "EventBridge",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
    {
      Sid: "Alarms",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: onBehalfOf({ sourceArn: alarmArns, account }),
    },
    {
      Sid: "Topics",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: { ArnLike: { "aws:SourceArn": topicArns } },
    },
    {
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:DescribeKey",
      ],
      Resource: ["*"],
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroupArns } },
    },
  ];
}
