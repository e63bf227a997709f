/** What dashboards may name: metrics by the sets of dimensions that they are told by, and values of dimensions. */
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { dimensionValues, type MetricSpec, metricNamespace, metrics } from "../../config/metrics.ts";
import { awsMetrics } from "../../dashboards/aws-metrics.ts";
import { anyOfType, environmentOf, type StackResource, type Stacks } from "./stacks.ts";

/** What dimensions may say, by the argument that names a resource of the environment. */
export const named: Readonly<Record<string, readonly [type: string, argument: string]>> = {
  ApiName: ["aws_api_gateway_rest_api", "name"],
  FunctionName: ["aws_lambda_function", "function_name"],
  QueueName: ["aws_sqs_queue", "name"],
  EventBusName: ["aws_cloudwatch_event_bus", "name"],
  RuleName: ["aws_cloudwatch_event_rule", "name"],
  TableName: ["aws_dynamodb_table", "name"],
  TopicName: ["aws_sns_topic", "name"],
  ScheduleGroup: ["aws_scheduler_schedule_group", "name"],
  LogGroupName: ["aws_cloudwatch_log_group", "name"],
};

/** Closed lists of the business metrics' dimensions. */
const listed: Readonly<Record<string, readonly string[]>> = {
  ...dimensionValues,
  service: Object.keys(lambdas),
};

/** Resources of an environment, whatever their stack. */
function ofEnvironment(stacks: Stacks, { stack }: StackResource, type: string): readonly StackResource[] {
  const { name } = environmentOf(stack);
  return anyOfType(stacks, type).filter((resource) => environmentOf(resource.stack).name === name);
}

export function isKnownValue(stacks: Stacks, from: StackResource, name: string, value: string): boolean {
  const [type, argument = ""] = named[name] ?? [];
  if (type !== undefined) return ofEnvironment(stacks, from, type).some(({ config }) => config[argument] === value);
  switch (name) {
    case "environment":
      return value === environmentOf(from.stack).name;
    case "StateMachineArn": {
      const machines = ofEnvironment(stacks, from, "aws_sfn_state_machine").map(({ config }) => config.name);
      return (
        /^arn:\$\{.+\}:states:\$\{.+\}:\$\{.+\}:stateMachine:/.test(value) && machines.includes(value.split(":").at(-1))
      );
    }
    case "Operation": {
      const policies = ofEnvironment(stacks, from, "aws_iam_role_policy").map(({ config }) => String(config.policy));
      return policies.some((policy) => policy.includes(`"dynamodb:${value}"`));
    }
    default:
      return listed[name]?.includes(value) ?? false;
  }
}

/** Sets of dimensions that a metric is told by, as sorted texts. */
export function setsOf(namespace: string, metricName: string): readonly string[] {
  const sorted = (names: readonly string[]) => [...names].sort().join();
  if (namespace === metricNamespace) {
    const spec = (metrics as Readonly<Record<string, MetricSpec>>)[metricName];
    return spec === undefined ? [] : [[], ...spec.also].map((set) => sorted(["service", "environment", ...set]));
  }
  const known: Readonly<Record<string, Readonly<Record<string, readonly (readonly string[])[]>>>> = awsMetrics;
  return (known[namespace]?.[metricName] ?? []).map(sorted);
}

/** Whether a metric is told by the function that its dimension `service` names. */
export function isTold(metricName: string, service: string | undefined): boolean {
  const spec = (metrics as Readonly<Record<string, MetricSpec>>)[metricName];
  return spec === undefined || spec.by.includes(service as LambdaName);
}
