/** What AWS would answer after `terraform apply`, per resource type: ARNs, ids and URLs of this machine. */
import { createHash } from "node:crypto";
import { localAccount, localRegion } from "../aws/types.ts";
import type { ComputedAttributes, ConfiguredResource } from "../terraform/resolve.ts";

export interface LocalUrls {
  /** The AWS endpoint, `http://127.0.0.1:4566`. */
  readonly aws: string;
  /** Where the REST API listens, `http://127.0.0.1:4000`. */
  readonly api: string;
}

const arn = (service: string, resource: string) => `arn:aws:${service}:${localRegion}:${localAccount}:${resource}`;
const named = (resource: ConfiguredResource, key = "name") => String(resource.config[key]);
/** Ids that AWS draws by chance are derived from the address, so that they stay the same between starts. */
const idOf = (resource: ConfiguredResource, length: number) =>
  createHash("sha256").update(`${resource.stack} ${resource.address}`).digest("hex").slice(0, length);

export function computedAttributes(urls: LocalUrls): ComputedAttributes {
  const executionArn = (id: string) => arn("execute-api", id);
  return {
    "data.aws_caller_identity": () => ({
      account_id: localAccount,
      id: localAccount,
      arn: `arn:aws:iam::${localAccount}:root`,
    }),
    "data.aws_region": () => ({ name: localRegion, id: localRegion, region: localRegion }),
    "data.aws_partition": () => ({ partition: "aws", dns_suffix: "amazonaws.com" }),
    aws_sqs_queue: (r) => ({
      arn: arn("sqs", named(r)),
      url: `${urls.aws}/${localAccount}/${named(r)}`,
      id: `${urls.aws}/${localAccount}/${named(r)}`,
    }),
    aws_sns_topic: (r) => ({ arn: arn("sns", named(r)), id: arn("sns", named(r)) }),
    aws_dynamodb_table: (r) => ({ arn: arn("dynamodb", `table/${named(r)}`), id: named(r) }),
    aws_s3_bucket: (r) => ({ arn: `arn:aws:s3:::${named(r, "bucket")}`, id: named(r, "bucket") }),
    aws_kms_key: (r) => ({ arn: arn("kms", `key/${idOf(r, 32)}`), key_id: idOf(r, 32), id: idOf(r, 32) }),
    aws_kms_alias: (r) => ({ arn: arn("kms", named(r)), id: named(r) }),
    aws_secretsmanager_secret: (r) => {
      const secret = arn("secretsmanager", `secret:${named(r)}-${idOf(r, 6)}`);
      return { arn: secret, id: secret };
    },
    aws_iam_role: (r) => ({
      arn: `arn:aws:iam::${localAccount}:role/${named(r)}`,
      id: named(r),
      unique_id: idOf(r, 20),
    }),
    aws_iam_role_policy: (r) => ({ id: `${r.config.role}:${r.config.name}` }),
    aws_ecr_repository: (r) => ({
      arn: arn("ecr", `repository/${named(r)}`),
      id: named(r),
      repository_url: `${localAccount}.dkr.ecr.${localRegion}.amazonaws.com/${named(r)}`,
    }),
    aws_lambda_function: (r) => {
      const functionArn = arn("lambda", `function:${named(r, "function_name")}`);
      const invokeArn = `arn:aws:apigateway:${localRegion}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
      return {
        arn: functionArn,
        id: named(r, "function_name"),
        invoke_arn: invokeArn,
        qualified_arn: `${functionArn}:1`,
        version: r.config.publish === true ? "1" : "$LATEST",
      };
    },
    aws_lambda_alias: (r) => {
      const aliasArn = `${arn("lambda", `function:${named(r, "function_name")}`)}:${named(r)}`;
      const invokeArn = `arn:aws:apigateway:${localRegion}:lambda:path/2015-03-31/functions/${aliasArn}/invocations`;
      return { arn: aliasArn, id: aliasArn, invoke_arn: invokeArn };
    },
    aws_wafv2_web_acl: (r) => ({
      arn: arn("wafv2", `regional/webacl/${named(r)}/${idOf(r, 32)}`),
      id: idOf(r, 32),
    }),
    aws_lambda_event_source_mapping: (r) => ({ id: idOf(r, 32), uuid: idOf(r, 32) }),
    aws_cloudwatch_log_group: (r) => ({ arn: arn("logs", `log-group:${named(r)}`), id: named(r) }),
    aws_cloudwatch_query_definition: (r) => ({ id: idOf(r, 32), query_definition_id: idOf(r, 32) }),
    aws_cloudwatch_event_bus: (r) => ({ arn: arn("events", `event-bus/${named(r)}`), id: named(r) }),
    aws_cloudwatch_event_rule: (r) => ({
      arn: arn("events", `rule/${r.config.event_bus_name ?? "default"}/${named(r)}`),
      id: named(r),
    }),
    aws_cloudwatch_metric_alarm: (r) => ({
      arn: arn("cloudwatch", `alarm:${named(r, "alarm_name")}`),
      id: named(r, "alarm_name"),
    }),
    aws_cloudwatch_composite_alarm: (r) => ({
      arn: arn("cloudwatch", `alarm:${named(r, "alarm_name")}`),
      id: named(r, "alarm_name"),
    }),
    aws_cloudwatch_dashboard: (r) => ({
      dashboard_arn: `arn:aws:cloudwatch::${localAccount}:dashboard/${named(r, "dashboard_name")}`,
      id: named(r, "dashboard_name"),
    }),
    aws_scheduler_schedule_group: (r) => ({ arn: arn("scheduler", `schedule-group/${named(r)}`), id: named(r) }),
    aws_scheduler_schedule: (r) => {
      const path = `${r.config.group_name ?? "default"}/${named(r)}`;
      return { arn: arn("scheduler", `schedule/${path}`), id: path };
    },
    aws_glue_catalog_database: (r) => ({ arn: arn("glue", `database/${named(r)}`), id: `${localAccount}:${named(r)}` }),
    aws_athena_workgroup: (r) => ({ arn: arn("athena", `workgroup/${named(r)}`), id: named(r) }),
    aws_sfn_state_machine: (r) => ({
      arn: arn("states", `stateMachine:${named(r)}`),
      id: arn("states", `stateMachine:${named(r)}`),
    }),
    aws_api_gateway_rest_api: (r) => ({
      id: idOf(r, 10),
      arn: `arn:aws:apigateway:${localRegion}::/restapis/${idOf(r, 10)}`,
      execution_arn: executionArn(idOf(r, 10)),
      root_resource_id: `${idOf(r, 10)}-root`,
    }),
    aws_api_gateway_resource: (r) => ({ id: idOf(r, 6) }),
    aws_api_gateway_method: (r) => ({ id: idOf(r, 12) }),
    aws_api_gateway_deployment: (r) => ({ id: idOf(r, 6) }),
    aws_api_gateway_stage: (r) => ({
      id: idOf(r, 12),
      arn: `arn:aws:apigateway:${localRegion}::/restapis/${r.config.rest_api_id}/stages/${named(r, "stage_name")}`,
      execution_arn: `${executionArn(String(r.config.rest_api_id))}/${named(r, "stage_name")}`,
      invoke_url: urls.api,
    }),
  };
}
