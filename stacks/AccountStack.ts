import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account/index.js";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import type { App } from "cdktf";
import { policyDocument } from "./constructs/policy.ts";
import { type EnvironmentContext, EnvironmentStack } from "./EnvironmentStack.ts";

/**
 * What exists once per account and region: API Gateway's log role, and EventBridge's permission to write logs. One
 * policy covers the log groups of every environment of the account, since it takes ten log resource policies at most.
 * The environments that share account and region share the stack of one of them
 * (docs/adr/0012-one-account-stack-per-account-and-region.md).
 */
export class AccountStack extends EnvironmentStack {
  constructor(app: App, context: EnvironmentContext) {
    super(app, "account", context);
    this.#logRole();
    this.#logPolicy();
  }

  #logRole(): void {
    const role = new IamRole(this, "api-gateway-logs", {
      name: this.names.role("api-gateway-logs"),
      description: "Lets API Gateway write the access logs of this account's APIs.",
      assumeRolePolicy: policyDocument([
        { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ]),
    });
    // API Gateway checks the role for just these permissions on all log groups, so AWS's own policy it is.
    const permissions = new IamRolePolicyAttachment(this, "api-gateway-logs-permissions", {
      role: role.name,
      policyArn: `arn:${this.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    });
    new ApiGatewayAccount(this, "api-gateway", { cloudwatchRoleArn: role.arn, dependsOn: [permissions] });
  }

  #logPolicy(): void {
    const logStreams = ["low-value-*", "payment-events-*"].map((group) =>
      this.arn("logs", `log-group:/aws/events/${group}:*`),
    );
    const principal = { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] };
    new CloudwatchLogResourcePolicy(this, "events-to-logs", {
      policyName: `events-to-logs-${this.settings.name}`,
      policyDocument: policyDocument([
        { Effect: "Allow", Principal: principal, Action: ["logs:CreateLogStream"], Resource: logStreams },
        {
          Effect: "Allow",
          Principal: principal,
          Action: ["logs:PutLogEvents"],
          Resource: logStreams,
          Condition: { ArnLike: { "aws:SourceArn": this.arn("events", "rule/payment-events-*/*") } },
        },
      ]),
    });
  }
}
