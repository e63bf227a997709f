import { TraceGroup } from "../../../stacks/constructs/TraceGroup.ts";
import { TraceSampling } from "../../../stacks/constructs/TraceSampling.ts";
import { onlyResource, synthesize } from "../synthesized.ts";

it("TraceSampling samples one stage of one API, so many a second and a share of the others", () => {
  const json = synthesize((scope) => {
    new TraceSampling(scope, "rule", { ruleName: "a-rule", apiStage: "an-api/v1", perSecond: 2, share: 0.1 });
  });
  expect(onlyResource(json, "aws_xray_sampling_rule")).toMatchObject({
    rule_name: "a-rule",
    service_name: "an-api/v1",
    service_type: "AWS::ApiGateway::Stage",
    reservoir_size: 2,
    fixed_rate: 0.1,
    priority: 1_000,
    ...Object.fromEntries(["host", "http_method", "url_path", "resource_arn"].map((every) => [every, "*"])),
  });
});

it("TraceGroup has name and expression, and looks for nothing by itself", () => {
  const json = synthesize((scope) => {
    new TraceGroup(scope, "group", { groupName: "a-group", filterExpression: "fault" });
  });
  expect(onlyResource(json, "aws_xray_group")).toMatchObject({
    group_name: "a-group",
    filter_expression: "fault",
    insights_configuration: { insights_enabled: false, notifications_enabled: false },
  });
});
