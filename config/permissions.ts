/**
 * Exceptions from least privilege, each with its reason. The tests in test/rules and the demo fail on whatever is not
 * listed here, and on whatever is listed and no longer needed.
 */

/** Actions that AWS can't narrow to a resource, so that they are allowed on "*". */
export const actionsWithoutResource: readonly { readonly actions: readonly string[]; readonly why: string }[] = [
  {
    actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    why: "Functions and state machines send their traces; X-Ray's segments are no resources.",
  },
  {
    actions: ["xray:GetSamplingRules", "xray:GetSamplingTargets"],
    why: "Step Functions asks how much to trace; the rules it asks for are those of the account.",
  },
  {
    actions: [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ],
    why: "Step Functions has a machine's logs delivered by CloudWatch Logs, whose deliveries are no resources to IAM.",
  },
  {
    actions: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
    why: "Lambda looks at the network that a function is put into; EC2 describes all or nothing.",
  },
];

/** Resources with a wildcard in them that are as narrow as they can be. */
export const narrowestWildcards: readonly {
  readonly actions: readonly string[];
  /** What the resource ends in, after the reference to what it belongs to. */
  readonly resource: RegExp;
  readonly why: string;
}[] = [
  {
    actions: ["s3:GetObject", "s3:PutObject"],
    resource: /^\$\{[^}]*aws_s3_bucket[^}]*arn\}\/\*$/,
    why: "Keys of objects are made at run time.",
  },
  {
    actions: ["s3:GetObject", "s3:PutObject"],
    resource:
      /^\$\{[^}]*aws_s3_bucket[^}]*arn\}\/(chain|dead-letters|event-ids|lists|manifests|raw|(staging\/)?reconciliation|staging|tables|transactions)\/\*$/,
    why: "Keys in the archive have day, hour and part in them; each function has the prefixes that it works on.",
  },
  {
    actions: ["s3:PutObject"],
    resource: /^\$\{aws_s3_bucket\.[^}]*arn\}\/(access|inventory)\/\*$/,
    why: "S3 itself names the access logs and inventories that it writes.",
  },
  {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resource: /^\$\{aws_cloudwatch_log_group\.[^}]*\.arn\}:\*$/,
    why: "Lambda names the streams of the function's own group.",
  },
  {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resource: /:log-group:\/aws\/events\/(low-value|payment-events)-\*:\*$/,
    why: "An account takes ten log resource policies, so one covers the groups of each of its environments.",
  },
  {
    actions: [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:UnassignPrivateIpAddresses",
    ],
    resource: /:network-interface\/\*$/,
    why: "Lambda makes a function's network interfaces as it needs them; the function itself is refused all of it.",
  },
];

/** Policies of AWS's own that roles have. */
export const managedPolicies: readonly { readonly policy: string; readonly why: string }[] = [
  {
    policy: "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    why: "API Gateway refuses a role for its logs that may do less than this on all log groups.",
  },
];

/**
 * Condition keys that a statement for an AWS service has instead of both aws:SourceArn and aws:SourceAccount. A
 * condition on a key that the service doesn't send would shut it out, so each follows what AWS says that it sends.
 */
export const callerConditions: readonly {
  readonly services: readonly string[];
  readonly actions: readonly string[];
  /** None where AWS documents none. */
  readonly keys: readonly string[];
  readonly why: string;
  readonly source: string;
}[] = [
  {
    services: ["lambda.amazonaws.com"],
    actions: ["sts:AssumeRole"],
    keys: ["aws:SourceAccount"],
    why: "AWS's own examples name the account alone; a function takes a role of its own account only, and by iam:PassRole.",
    source:
      "https://github.com/aws/agent-toolkit-for-aws, deploying-custom-domain-rest-api/scripts/lambda-trust-policy.json",
  },
  {
    services: ["apigateway.amazonaws.com"],
    actions: ["sts:AssumeRole"],
    keys: [],
    why: "The role is the account's, not an API's, and AWS documents its trust without a condition.",
    source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
  },
  {
    services: ["apigateway.amazonaws.com"],
    actions: ["lambda:InvokeFunction"],
    keys: ["aws:SourceArn"],
    why: "The ARN of the API's method has the account in it, and is all that API Gateway is documented to send.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html",
  },
  {
    services: ["events.amazonaws.com", "delivery.logs.amazonaws.com"],
    actions: ["logs:CreateLogStream"],
    keys: [],
    why: "EventBridge makes the stream before it names a rule; the lines in it are bound to the rules of our bus.",
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
  },
  {
    services: ["events.amazonaws.com", "delivery.logs.amazonaws.com"],
    actions: ["logs:PutLogEvents"],
    keys: ["aws:SourceArn"],
    why: "The rule's ARN has the account in it, and is all that AWS documents for log groups.",
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
  },
  {
    services: ["events.amazonaws.com"],
    actions: ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey"],
    keys: ["aws:SourceAccount"],
    why: "The bus comes with its own ARN and the queues with their rules': what they have in common is the account.",
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html",
  },
  {
    services: ["sns.amazonaws.com"],
    actions: ["sqs:SendMessage"],
    keys: ["aws:SourceArn"],
    why: "The topic's ARN has the account in it, and is all that AWS documents for dead-letter queues.",
    source: "https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html",
  },
  {
    services: ["sns.amazonaws.com"],
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    keys: ["aws:SourceArn"],
    why: "Sending to an encrypted dead-letter queue carries the topic's ARN, as the queue's own policy asks for.",
    source: "https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
  },
  {
    services: ["logs.<region>.amazonaws.com"],
    actions: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:GenerateDataKey",
      "kms:DescribeKey",
    ],
    keys: ["kms:EncryptionContext:aws:logs:arn"],
    why: "CloudWatch Logs binds each use of the key to a log group, whose ARN has the account in it.",
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  },
];

/** Permissions that no run on one machine uses, so that the demo can't prove them needed. */
export interface UnprovenPermission {
  /** Roles and services that have it; whoever has it, when absent. */
  readonly principal?: RegExp;
  readonly actions: readonly string[];
  readonly resource?: RegExp;
  /** Granted only where a setting of the environment asks for it, so that it may be missing. */
  readonly optional?: boolean;
  /** Needed only when something goes wrong, which a run with faults may bring about: it may be used after all. */
  readonly byAccident?: boolean;
  readonly why: string;
}

export const usedOnlyOnAws: readonly UnprovenPermission[] = [
  {
    actions: ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords"],
    why: "Step Functions asks how much to trace, and the daemon says how it is: X-Ray's own business, not played locally.",
  },
  {
    actions: ["xray:PutTraceSegments"],
    byAccident: true,
    why: "Lambda and Step Functions send their own segments with it, which the local runtime doesn't ask; functions add theirs.",
  },
  {
    actions: [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ],
    optional: true,
    why: "Lambda connects functions to a VPC where the environment names one; locally there are no networks.",
  },
  {
    principal: /^events\.amazonaws\.com$/,
    actions: ["sqs:SendMessage"],
    resource: /-dlq-[\w-]+$/,
    why: "EventBridge sends there what it could not deliver within six hours, or not encrypt.",
  },
  {
    principal: /^events\.amazonaws\.com$/,
    actions: ["kms:DescribeKey"],
    why: "EventBridge looks at the key when the bus gets it.",
  },
  {
    principal: /^delivery\.logs\.amazonaws\.com$/,
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    why: "AWS may write EventBridge's lines in this name as well; the local runtime knows EventBridge's own alone.",
  },
  {
    principal: /^cloudwatch\.amazonaws\.com$/,
    actions: ["sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"],
    byAccident: true,
    why: "Which alarms ring depends on what goes wrong while the demo runs.",
  },
  {
    principal: /^sns\.amazonaws\.com$/,
    actions: ["sqs:SendMessage", "kms:Decrypt", "kms:GenerateDataKey"],
    why: "SNS sends there what it could not deliver to people, and locally nobody is sent e-mail or text messages.",
  },
  {
    principal: /^(logging\.)?s3\.amazonaws\.com$/,
    actions: ["s3:PutObject"],
    why: "Locally S3 writes neither access logs nor inventories.",
  },
  {
    principal: /^start-/,
    actions: ["sqs:SendMessage", "kms:Decrypt", "kms:GenerateDataKey"],
    why: "Scheduler sends there what it could not start within six hours.",
  },
  {
    principal: /^daily-archive-/,
    actions: ["states:StartExecution"],
    byAccident: true,
    why: "An execution that has no room for all days starts the next one; the demo has few days.",
  },
  {
    principal: /^transaction-archival-/,
    actions: ["s3:GetObject"],
    resource: /\/(manifests|event-ids)\/\*$/,
    byAccident: true,
    why: "Records that come after their day's seal are held against what it sealed; the demo's all come before.",
  },
  {
    principal: /^transaction-archival-/,
    actions: ["s3:ListBucket"],
    resource: /webhook-payloads/,
    byAccident: true,
    why: "Only with it does S3 say of a body that is missing that it is; none is.",
  },
  {
    principal: /^(transaction-archival|archive-seal)-/,
    actions: ["s3:GetObject"],
    resource: /\/(raw|transactions)\/\*$/,
    byAccident: true,
    why: "Objects of attempts that crashed before they told of them are read again; only faults make such attempts.",
  },
  {
    principal: /^archive-seal-/,
    actions: ["s3:GetObject"],
    resource: /\/chain\/\*$/,
    byAccident: true,
    why: "A manifest follows the one before it in the chain; the demo seals one day, unless midnight comes in between.",
  },
  {
    principal: /^archive-seal-/,
    actions: ["s3:GetObject", "s3:PutObject"],
    resource: /\/lists\/\*$/,
    byAccident: true,
    why: "Hundreds of unfinished events are more than a manifest lists itself; the demo's are all finished.",
  },
  {
    principal: /^webhook-reconciliation-/,
    actions: ["s3:PutObject"],
    resource: /webhook-payloads/,
    byAccident: true,
    why: "An event that is re-entered goes there when it is too large for a message; providers list few such.",
  },
  {
    principal: /^webhook-validator-/,
    actions: ["secretsmanager:GetSecretValue"],
    resource: /webhook-secrets\/(?!stripe|github|shopify|standard-webhooks|hmac)/,
    why: "The demo plays these five providers. The others' secrets are read in the same way, and by nobody else.",
  },
  {
    principal: /^dead-letter-copy-[\w-]+$/,
    actions: ["sqs:ChangeMessageVisibility"],
    resource: /-dlq-[\w-]+$/,
    byAccident: true,
    why: "Letters are given back when they are copied; most dead-letter queues of the demo have none.",
  },
  {
    principal: /^logs\.[\w-]+\.amazonaws\.com$/,
    actions: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:GenerateDataKey",
      "kms:DescribeKey",
    ],
    why: "CloudWatch Logs encrypts lines with the key; the local runtime keeps them in plain files.",
  },
];
