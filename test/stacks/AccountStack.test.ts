import { environments } from "../../config/environments.ts";
import { statementsOf } from "./constructs/fixtures.ts";
import { onlyResource, synthesizeEnvironments, type TerraformJson } from "./synthesized.ts";

const account = synthesizeEnvironments([environments.dev])["account-dev"] as TerraformJson;

describe("AccountStack", () => {
  it("gives API Gateway a role that may write logs", () => {
    expect(onlyResource(account, "aws_api_gateway_account")).toMatchObject({
      cloudwatch_role_arn: expect.stringMatching(/^\$\{aws_iam_role\..*\.arn\}$/),
      depends_on: [expect.stringMatching(/^aws_iam_role_policy_attachment\./)],
    });
    expect(onlyResource(account, "aws_iam_role_policy_attachment").policy_arn).toMatch(
      /:iam::aws:policy\/service-role\/AmazonAPIGatewayPushToCloudWatchLogs$/,
    );
  });

  it("lets API Gateway alone take the role", () => {
    expect(statementsOf(onlyResource(account, "aws_iam_role").assume_role_policy)).toMatchObject([
      { Principal: { Service: "apigateway.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ]);
  });

  it("lets EventBridge write to the groups of the low tier and of the bus, lines only for rules of our buses", () => {
    const { policy_document: document } = onlyResource(account, "aws_cloudwatch_log_resource_policy");
    const [streams, lines] = statementsOf(document);
    expect(streams).toMatchObject({
      Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
      Action: ["logs:CreateLogStream"],
      Resource: [
        expect.stringMatching(/:log-group:\/aws\/events\/low-value-\*:\*$/),
        expect.stringMatching(/:log-group:\/aws\/events\/payment-events-\*:\*$/),
      ],
    });
    expect(lines).toMatchObject({
      Action: ["logs:PutLogEvents"],
      Condition: { ArnLike: { "aws:SourceArn": expect.stringMatching(/:rule\/payment-events-\*\/\*$/) } },
    });
  });
});
