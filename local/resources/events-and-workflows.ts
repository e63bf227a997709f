/** Buses, rules, targets, state machines, log groups and secrets: what Terraform says, in the services' words. */
import type { Principal } from "../aws/types.ts";
import type { Authorizer } from "../iam/authorizer.ts";
import type { EventBusConfig, RuleConfig, TargetConfig } from "../services/events/config.ts";
import type { QueryDefinition } from "../services/logs/describe-query-definitions.ts";
import type { MachineConfig } from "../services/states/machine.ts";
import { block } from "../terraform/block.ts";
import { blockText, type Inventory, number, optionalText, text } from "./inventory.ts";
import { requirePermission } from "./policies.ts";

export function busesOf(inventory: Inventory): EventBusConfig[] {
  return inventory.ofType("aws_cloudwatch_event_bus").map((bus) => ({
    name: text(bus, "name"),
    arn: text(bus, "arn"),
    description: optionalText(bus, "description"),
  }));
}

export function rulesOf(inventory: Inventory): RuleConfig[] {
  return inventory.ofType("aws_cloudwatch_event_rule").map((rule) => ({
    name: text(rule, "name"),
    arn: text(rule, "arn"),
    busName: optionalText(rule, "event_bus_name") ?? "default",
    pattern: text(rule, "event_pattern"),
    enabled: optionalText(rule, "state") !== "DISABLED",
    description: optionalText(rule, "description"),
  }));
}

export function targetsOf(inventory: Inventory): TargetConfig[] {
  return inventory.ofType("aws_cloudwatch_event_target").map((target) => {
    const retry = block(target.config, "retry_policy");
    const transformer = block(target.config, "input_transformer");
    return {
      id: text(target, "target_id"),
      busName: optionalText(target, "event_bus_name") ?? "default",
      ruleName: text(target, "rule"),
      arn: text(target, "arn"),
      roleArn: optionalText(target, "role_arn"),
      input: optionalText(target, "input"),
      inputPath: optionalText(target, "input_path"),
      inputTransformer:
        transformer === undefined
          ? undefined
          : {
              paths: (transformer.input_paths ?? {}) as Record<string, string>,
              template: String(transformer.input_template),
            },
      maximumRetryAttempts: retry === undefined ? undefined : number(retry, "maximum_retry_attempts", 185),
      maximumEventAgeSeconds: retry === undefined ? undefined : number(retry, "maximum_event_age_in_seconds", 86_400),
      deadLetterArn: blockText(target.config, "dead_letter_config", "arn"),
      messageGroupId: blockText(target.config, "sqs_target", "message_group_id"),
    };
  });
}

/**
 * What a role with logging needs. Source: Step Functions Developer Guide, "Using CloudWatch Logs to log execution
 * history", "IAM policies for logging to CloudWatch Logs".
 */
const logDeliveryOperations = [
  "CreateLogDelivery",
  "GetLogDelivery",
  "UpdateLogDelivery",
  "DeleteLogDelivery",
  "ListLogDeliveries",
  "PutResourcePolicy",
  "DescribeResourcePolicies",
  "DescribeLogGroups",
] as const;

/** @throws Error when a machine's role doesn't trust Step Functions, or may not have its logs delivered */
export function machinesOf(inventory: Inventory, authorizer: Authorizer): MachineConfig[] {
  return inventory.ofType("aws_sfn_state_machine").map((machine) => {
    const arn = text(machine, "arn");
    const roleArn = text(machine, "role_arn");
    const trusted = authorizer.mayAssume(roleArn, "states.amazonaws.com", arn);
    if (!trusted.allowed) throw new Error(`${machine.address}: ${trusted.reason}`);
    const logging = block(machine.config, "logging_configuration");
    for (const operation of logging === undefined || logging.level === "OFF" ? [] : logDeliveryOperations) {
      const principal: Principal = { kind: "service", service: "states.amazonaws.com", sourceArn: arn, roleArn };
      requirePermission(machine, () => authorizer.authorize(principal, "logs", operation, {}));
    }
    return {
      arn,
      name: text(machine, "name"),
      type: optionalText(machine, "type") === "EXPRESS" ? "EXPRESS" : "STANDARD",
      definition: text(machine, "definition"),
      roleArn,
      isTraced: block(machine.config, "tracing_configuration")?.enabled === true,
      ...(logging === undefined
        ? {}
        : {
            logging: {
              logGroupArn: String(logging.log_destination),
              level: logging.level as "ALL",
              includeExecutionData: logging.include_execution_data === true,
            },
          }),
    };
  });
}

export interface LogGroupConfig {
  readonly name: string;
  readonly retentionDays: number;
}

export function logGroupsOf(inventory: Inventory): LogGroupConfig[] {
  return inventory.ofType("aws_cloudwatch_log_group").map((group) => ({
    name: text(group, "name"),
    retentionDays: number(group.config, "retention_in_days", 0),
  }));
}

/** Saved queries of log lines; of no group where Terraform names none. */
export function queryDefinitionsOf(inventory: Inventory): QueryDefinition[] {
  return inventory.ofType("aws_cloudwatch_query_definition").map((definition) => {
    const { log_group_names: groups } = definition.config;
    return {
      id: text(definition, "query_definition_id"),
      name: text(definition, "name"),
      queryString: text(definition, "query_string"),
      logGroupNames: Array.isArray(groups) ? groups.map(String) : [],
    };
  });
}
