import type { ListRulesResponse } from "@aws-sdk/client-eventbridge";
import type { RuleConfig } from "./config.ts";

/** ListRules of one bus, optionally by the beginning of the name. Answers in one page. */
export function listRules(rules: readonly RuleConfig[], namePrefix = ""): ListRulesResponse {
  const Rules = rules
    .filter(({ name }) => name.startsWith(namePrefix))
    .map(({ name, arn, busName, pattern, enabled, description }) => ({
      Name: name,
      Arn: arn,
      EventPattern: pattern,
      State: enabled ? ("ENABLED" as const) : ("DISABLED" as const),
      Description: description,
      EventBusName: busName,
    }));
  return { Rules };
}
