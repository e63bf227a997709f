import type { PlannedChange } from "./terraform/messages.ts";

/** Types of resources that hold what can't be made again, and what that is. */
const holders: Readonly<Record<string, string>> = {
  aws_api_gateway_rest_api: "its URL: all providers have to be given a new one",
  aws_cloudwatch_log_group: "its logs",
  aws_cognito_user_pool: "its users",
  aws_dynamodb_table: "its items",
  aws_ecr_repository: "its images",
  aws_kms_key: "everything that it encrypted",
  aws_s3_bucket: "its objects",
  aws_secretsmanager_secret: "its value",
  aws_sfn_state_machine: "its executions: reviews that wait for an answer end",
  aws_sqs_queue: "its messages",
};

/** Resources that a plan destroys, or replaces by empty ones, with what goes with them: "aws_sqs_queue.x: its messages". */
export function lossesOf(changes: readonly PlannedChange[]): readonly string[] {
  return changes.flatMap(({ action, address, type, reason }) => {
    const held = holders[type];
    if (held === undefined || (action !== "delete" && action !== "replace")) return [];
    // Somebody may have used it all the same, or have tainted it by hand.
    const note = reason === "tainted" ? ", if it holds any: its creation was cut off" : "";
    return [`${address}: ${held}${note}`];
  });
}
