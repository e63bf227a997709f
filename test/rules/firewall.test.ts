/** A firewall refuses by who sends, never by what is sent: a signature decides on that. */
import { environmentOf, everyEnvironment, ofType, referred } from "./everyStack.ts";

interface Rule {
  readonly name: string;
  readonly action?: Readonly<Record<string, unknown>>;
  readonly override_action?: Readonly<Record<string, unknown>>;
  readonly statement: {
    readonly rate_based_statement?: { readonly limit: number };
    readonly managed_rule_group_statement?: { readonly name: string; readonly vendor_name: string };
  };
}

const firewalls = ofType("aws_wafv2_web_acl");
const rules = firewalls.flatMap(({ config, stack }) => (config.rule as Rule[]).map((rule) => ({ ...rule, stack })));

/** Rule groups of AWS that look at the sender's address alone. */
const byAddress = ["AWSManagedRulesAmazonIpReputationList"];

describe("firewalls", () => {
  it("stand before the API of just those environments that say so", () => {
    const guarded = ofType("aws_wafv2_web_acl_association").map((association) => {
      expect(referred(association, association.config.web_acl_arn)?.type).toBe("aws_wafv2_web_acl");
      expect(referred(association, association.config.resource_arn)?.type).toBe("aws_api_gateway_stage");
      return association.stack;
    });
    const wanted = everyEnvironment.filter(({ webFirewall }) => webFirewall !== undefined);
    expect(guarded).toEqual(wanted.map(({ name }) => `pipeline-${name}`));
    expect(firewalls).toHaveLength(wanted.length);
  });

  it("let in what no rule refuses", () => {
    for (const { config } of firewalls) expect(config.default_action).toEqual({ allow: {} });
  });

  it("refuse addresses that send more than the environment's limit", () => {
    const rates = rules.filter(({ statement }) => statement.rate_based_statement !== undefined);
    expect(rates).toHaveLength(firewalls.length);
    for (const { action, statement, stack } of rates) {
      expect(Object.keys(action ?? {})).toEqual(["block"]);
      const { requestsPerFiveMinutes } = environmentOf(stack).webFirewall ?? {};
      expect(statement.rate_based_statement?.limit).toBe(requestsPerFiveMinutes);
    }
  });

  it("refuse addresses of ill repute", () => {
    const refusing = rules.filter(({ override_action: override }) => override?.none !== undefined);
    expect(refusing.map(({ statement }) => statement.managed_rule_group_statement?.name)).toEqual(
      firewalls.flatMap(() => byAddress),
    );
  });

  it("only count by whatever else there is, such as the common rule set, which refuses bodies above 8 KB", () => {
    const others = rules.filter(
      ({ statement: { rate_based_statement: rate, managed_rule_group_statement: group } }) =>
        rate === undefined && !byAddress.includes(group?.name ?? ""),
    );
    expect(others.map(({ name }) => name)).toContain("AWSManagedRulesCommonRuleSet");
    for (const { name, action, override_action: override } of others) {
      expect([name, action, override]).toEqual([name, undefined, { count: {} }]);
    }
  });

  it("rule 19: keep no samples of requests, which would hold signatures", () => {
    const visibilities = firewalls.flatMap(({ config }) => [
      config.visibility_config,
      ...(config.rule as { visibility_config: unknown }[]).map(({ visibility_config: each }) => each),
    ]);
    for (const visibility of visibilities) expect(visibility).toMatchObject({ sampled_requests_enabled: false });
  });
});
