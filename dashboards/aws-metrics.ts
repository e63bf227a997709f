/**
 * The metrics of AWS's services that dashboards show, each with the sets of dimensions that it can be looked at by. A
 * metric that isn't here doesn't compile: CloudWatch takes any name, and shows an empty chart for a wrong one.
 *
 * Source: the services' own lists: "Amazon API Gateway dimensions and metrics", "Types of metrics for Lambda functions",
 * "Available CloudWatch metrics for Amazon SQS", "Monitoring Amazon EventBridge" (a custom bus's rules have both
 * dimensions), "Monitoring Step Functions metrics using Amazon CloudWatch", "DynamoDB metrics and dimensions",
 * "Monitoring Amazon SNS topics using CloudWatch", "Monitoring EventBridge Scheduler with CloudWatch", "Monitoring usage
 * with CloudWatch Logs metrics".
 */
import type { MetricReference } from "./widgets.ts";

const ofApi = [["ApiName"]] as const;
const ofFunction = [["FunctionName"]] as const;
const ofQueue = [["QueueName"]] as const;
const ofRule = [["EventBusName", "RuleName"]] as const;
const ofMachine = [["StateMachineArn"]] as const;
const ofTable = [["TableName"]] as const;
const ofOperation = [["TableName", "Operation"]] as const;
const ofTopic = [["TopicName"]] as const;
const ofScheduleGroup = [["ScheduleGroup"]] as const;

export const awsMetrics = {
  "AWS/ApiGateway": { Count: ofApi, "4XXError": ofApi, "5XXError": ofApi, Latency: ofApi, IntegrationLatency: ofApi },
  "AWS/Lambda": {
    Invocations: ofFunction,
    Errors: ofFunction,
    Throttles: ofFunction,
    Duration: ofFunction,
    ConcurrentExecutions: ofFunction,
  },
  "AWS/SQS": {
    ApproximateNumberOfMessagesVisible: ofQueue,
    ApproximateAgeOfOldestMessage: ofQueue,
    NumberOfMessagesSent: ofQueue,
    NumberOfMessagesReceived: ofQueue,
    NumberOfMessagesDeleted: ofQueue,
  },
  "AWS/Events": { MatchedEvents: ofRule, Invocations: ofRule, FailedInvocations: ofRule, InvocationsSentToDlq: ofRule },
  "AWS/States": {
    ExecutionsStarted: ofMachine,
    ExecutionsSucceeded: ofMachine,
    ExecutionsFailed: ofMachine,
    ExecutionsTimedOut: ofMachine,
    ExecutionsAborted: ofMachine,
    ExecutionThrottled: ofMachine,
    ExecutionTime: ofMachine,
  },
  "AWS/DynamoDB": {
    ConsumedReadCapacityUnits: ofTable,
    ConsumedWriteCapacityUnits: ofTable,
    ThrottledRequests: ofOperation,
    SuccessfulRequestLatency: ofOperation,
    SystemErrors: ofOperation,
  },
  "AWS/SNS": {
    NumberOfMessagesPublished: ofTopic,
    NumberOfNotificationsDelivered: ofTopic,
    NumberOfNotificationsFailed: ofTopic,
  },
  "AWS/Scheduler": {
    InvocationAttemptCount: ofScheduleGroup,
    TargetErrorCount: ofScheduleGroup,
    InvocationDroppedCount: ofScheduleGroup,
  },
  "AWS/Logs": { IncomingBytes: [["LogGroupName"]] },
} as const satisfies Record<string, Record<string, readonly (readonly string[])[]>>;

type AwsMetrics = typeof awsMetrics;

/** The dimensions of a metric, one of its sets. */
type DimensionsOf<Sets> = Sets extends readonly (infer Set)[]
  ? Set extends readonly string[]
    ? Readonly<Record<Set[number], string>>
    : never
  : never;

/** A metric of a service of AWS. */
export function aws<Namespace extends keyof AwsMetrics, Name extends keyof AwsMetrics[Namespace] & string>(
  namespace: Namespace,
  metricName: Name,
  dimensions: DimensionsOf<AwsMetrics[Namespace][Name]>,
): MetricReference {
  return { namespace, metricName, dimensions };
}
