/** Schedules and KMS keys. */
import { localAccount, localRegion } from "../aws/types.ts";
import type { Authorizer } from "../iam/authorizer.ts";
import type { KmsKeyConfig } from "../services/kms/keys.ts";
import type { ScheduleConfig } from "../services/scheduler/config.ts";
import { block } from "../terraform/block.ts";
import { blockText, type Inventory, number, optionalText, text } from "./inventory.ts";

/** @throws Error when a schedule's role doesn't trust Scheduler for its group, or it waits in a flexible window */
export function schedulesOf(inventory: Inventory, authorizer: Authorizer): ScheduleConfig[] {
  return inventory.ofType("aws_scheduler_schedule").map((schedule) => {
    const target = block(schedule.config, "target") ?? {};
    const retry = block(target, "retry_policy");
    const roleArn = String(target.role_arn);
    const group = optionalText(schedule, "group_name") ?? "default";
    const groupArn = `arn:aws:scheduler:${localRegion}:${localAccount}:schedule-group/${group}`;
    const trusted = authorizer.mayAssume(roleArn, "scheduler.amazonaws.com", groupArn);
    if (!trusted.allowed) throw new Error(`${schedule.address}: ${trusted.reason}`);
    if (blockText(schedule.config, "flexible_time_window", "mode") !== "OFF") {
      throw new Error(`${schedule.address}: a flexible time window isn't covered locally.`);
    }
    return {
      name: text(schedule, "name"),
      arn: text(schedule, "arn"),
      groupArn,
      expression: text(schedule, "schedule_expression"),
      timezone: optionalText(schedule, "schedule_expression_timezone") ?? "UTC",
      enabled: optionalText(schedule, "state") !== "DISABLED",
      target: {
        arn: String(target.arn),
        roleArn,
        input: target.input === undefined ? "{}" : String(target.input),
        maximumRetryAttempts: retry === undefined ? undefined : number(retry, "maximum_retry_attempts", 185),
        maximumEventAgeSeconds: retry === undefined ? undefined : number(retry, "maximum_event_age_in_seconds", 86_400),
        deadLetterArn: blockText(target, "dead_letter_config", "arn"),
      },
    };
  });
}

export function kmsKeysOf(inventory: Inventory): KmsKeyConfig[] {
  const aliases = inventory.ofType("aws_kms_alias");
  return inventory.ofType("aws_kms_key").map((key) => ({
    arn: text(key, "arn"),
    keyId: text(key, "key_id"),
    description: optionalText(key, "description") ?? "",
    usage: optionalText(key, "key_usage") === "SIGN_VERIFY" ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT",
    spec: optionalText(key, "customer_master_key_spec") ?? "SYMMETRIC_DEFAULT",
    aliases: aliases
      .filter((alias) => text(alias, "target_key_id") === text(key, "key_id"))
      .map((alias) => text(alias, "name")),
  }));
}
