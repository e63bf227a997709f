import { gatewayResponses } from "../../../stacks/constructs/gatewayResponses.ts";
import { WebFirewall, type WebFirewallProps } from "../../../stacks/constructs/WebFirewall.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { topicIn } from "./fixtures.ts";

const firewall = (props: Partial<WebFirewallProps> = {}) =>
  synthesize((scope) => {
    new WebFirewall(scope, "firewall", {
      firewallName: "a-firewall",
      stageArn: "arn:stage",
      requestsPerFiveMinutes: 1234,
      region: "eu-west-1",
      alarmTopic: topicIn(scope),
      ...props,
    });
  });

const acl = () => onlyResource(firewall(), "aws_wafv2_web_acl");
const rules = () => acl().rule as Record<string, unknown>[];
const ruleOf = (name: string) => rules().find((rule) => rule.name === name);

describe("WebFirewall", () => {
  it("has its name, is regional, and lets in what no rule blocks", () => {
    expect(acl()).toMatchObject({ name: "a-firewall", scope: "REGIONAL", default_action: { allow: {} } });
  });

  it("stands before the stage", () => {
    expect(onlyResource(firewall(), "aws_wafv2_web_acl_association")).toMatchObject({
      resource_arn: "arn:stage",
      web_acl_arn: expect.stringMatching(/^\$\{aws_wafv2_web_acl\..*\.arn\}$/),
    });
  });

  it("counts the requests of each address over five minutes", () => {
    expect(ruleOf("too-many-requests")?.statement).toEqual({
      rate_based_statement: { limit: 1234, aggregate_key_type: "IP", evaluation_window_sec: 300 },
    });
  });

  it("rule 4: answers too many as the API itself does: 503 with Retry-After", () => {
    expect(ruleOf("too-many-requests")?.action).toEqual({
      block: {
        custom_response: {
          response_code: 503,
          custom_response_body_key: "throttled",
          response_header: [{ name: "Retry-After", value: "300" }],
        },
      },
    });
    const { error } = gatewayResponses.find(({ responseType }) => responseType === "THROTTLED") ?? {};
    expect(acl().custom_response_body).toEqual([
      { key: "throttled", content_type: "APPLICATION_JSON", content: JSON.stringify({ error }) },
    ]);
  });

  it.each([
    ["AWSManagedRulesAmazonIpReputationList", "none"],
    ["AWSManagedRulesCommonRuleSet", "count"],
    ["AWSManagedRulesKnownBadInputsRuleSet", "count"],
  ])("has %s with the action %s", (name, action) => {
    expect(ruleOf(name)).toMatchObject({
      override_action: { [action]: {} },
      statement: { managed_rule_group_statement: { name, vendor_name: "AWS" } },
    });
  });

  it("has each rule once, in an order", () => {
    expect(rules().map(({ priority }) => priority)).toEqual([0, 1, 2, 3]);
  });

  it("rule 19: counts everything, and keeps samples of nothing", () => {
    const visibilities = [acl(), ...rules()].map(({ visibility_config: config }) => config);
    expect(visibilities).toEqual(
      ["a-firewall", ...rules().map(({ name }) => name)].map((name) => ({
        metric_name: name,
        cloudwatch_metrics_enabled: true,
        sampled_requests_enabled: false,
      })),
    );
  });

  it("rings when an address is blocked", () => {
    expect(onlyResource(firewall(), "aws_cloudwatch_metric_alarm")).toMatchObject({
      alarm_name: "a-firewall-too-many-requests",
      namespace: "AWS/WAFV2",
      metric_name: "BlockedRequests",
      dimensions: { WebACL: "a-firewall", Rule: "too-many-requests", Region: "eu-west-1" },
      alarm_actions: [expect.stringMatching(/aws_sns_topic\.a-topic/)],
    });
  });
});
