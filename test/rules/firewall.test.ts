/** A firewall refuses by who sends, never by what is sent: a signature decides on that. */
import { add, argumentsOf, blockIn, change, lastOf, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { anyOfType, environmentOf, everyEnvironment, referred, type Stacks } from "./stacks.ts";

interface FirewallRule {
  readonly name: string;
  readonly action?: Readonly<Record<string, unknown>>;
  readonly override_action?: Readonly<Record<string, unknown>>;
  readonly visibility_config: { readonly sampled_requests_enabled: boolean };
  readonly statement: {
    readonly rate_based_statement?: { readonly limit: number };
    readonly managed_rule_group_statement?: { readonly name: string };
  };
}

const firewall = "aws_wafv2_web_acl";
const association = "aws_wafv2_web_acl_association";

/** Rule groups of AWS that look at the sender's address alone. */
const byAddress = ["AWSManagedRulesAmazonIpReputationList"];

const firewalls = (stacks: Stacks) =>
  anyOfType(stacks, firewall).map((resource) => ({
    ...resource,
    rules: (resource.config.rule ?? []) as FirewallRule[],
  }));

const keysOf = (action: object | undefined) => Object.keys(action ?? {}).join();

/** Edits the rules of the last firewall. */
function editRules(edit: (rule: Record<string, unknown>) => unknown, which: (rule: FirewallRule) => boolean) {
  return (stacks: Stacks) => {
    const last = lastOf(stacks, firewall);
    for (const rule of (last.config.rule as FirewallRule[]).filter(which))
      edit(rule as unknown as Record<string, unknown>);
    return last.place;
  };
}

const isRate = ({ statement }: FirewallRule) => statement.rate_based_statement !== undefined;
const groupOf = ({ statement }: FirewallRule) => statement.managed_rule_group_statement?.name ?? "";
const isReputation = (rule: FirewallRule) => byAddress.includes(groupOf(rule));

describeRules("firewalls", {
  "stand before the API of just those environments that say so": {
    rule: (stacks) => {
      const guarded = anyOfType(stacks, association)
        .filter((each) => referred(stacks, each, each.config.web_acl_arn)?.type === firewall)
        .filter((each) => referred(stacks, each, each.config.resource_arn)?.type === "aws_api_gateway_stage")
        .map(({ stack }) => environmentOf(stack).name);
      return everyEnvironment
        .filter(({ name, webFirewall }) => guarded.includes(name) !== (webFirewall !== undefined))
        .map(({ name }) => name);
    },
    broken: {
      "when one guards nothing": (stacks) => {
        argumentsOf(lastOf(stacks, association)).resource_arn = "arn:aws:elasticloadbalancing:us-east-1:1:a";
        return "prod";
      },
    },
  },

  "let in what no rule refuses": {
    rule: (stacks) =>
      firewalls(stacks)
        .filter(({ config }) => keysOf(config.default_action as object | undefined) !== "allow")
        .map(({ place }) => place),
    broken: { "when one refuses the rest": set(firewall, { default_action: { block: {} } }) },
  },

  "refuse addresses that send more than the environment's limit": {
    rule: (stacks) =>
      firewalls(stacks)
        .filter(({ stack, rules }) => {
          const [rate, ...more] = rules.filter(isRate);
          const { requestsPerFiveMinutes } = environmentOf(stack).webFirewall ?? {};
          const isLimit = rate?.statement.rate_based_statement?.limit === requestsPerFiveMinutes;
          return more.length > 0 || keysOf(rate?.action) !== "block" || !isLimit;
        })
        .map(({ place }) => place),
    broken: {
      "when one has no rules": change(firewall, (config) => delete config.rule),
      "when one only counts them": editRules((rule) => Object.assign(rule, { action: { count: {} } }), isRate),
      "when the limit is another": editRules((rule) => {
        blockIn(blockIn(rule, "statement"), "rate_based_statement").limit = 100;
      }, isRate),
    },
  },

  "refuse addresses of ill repute": {
    rule: (stacks) =>
      firewalls(stacks)
        .filter(({ rules }) => {
          const refusing = rules.filter((rule) => keysOf(rule.override_action) === "none").map(groupOf);
          return refusing.join() !== byAddress.join();
        })
        .map(({ place }) => place),
    broken: {
      "when one only counts them": editRules(
        (rule) => Object.assign(rule, { override_action: { count: {} } }),
        isReputation,
      ),
    },
  },

  "only count by whatever else there is, such as the common rule set, which refuses bodies above 8 KB": {
    rule: (stacks) =>
      firewalls(stacks)
        .filter(({ rules }) => {
          const others = rules.filter((rule) => !isRate(rule) && !isReputation(rule));
          const isRefusing = others.some(
            (rule) => rule.action !== undefined || keysOf(rule.override_action) !== "count",
          );
          return isRefusing || !others.map(groupOf).includes("AWSManagedRulesCommonRuleSet");
        })
        .map(({ place }) => place),
    broken: {
      "when the common rules refuse": editRules(
        (rule) => Object.assign(rule, { override_action: { none: {} } }),
        (rule) => groupOf(rule) === "AWSManagedRulesCommonRuleSet",
      ),
      "when there are no common rules": (stacks) => {
        const last = lastOf(stacks, firewall);
        const rules = last.config.rule as FirewallRule[];
        argumentsOf(last).rule = rules.filter((rule) => groupOf(rule) !== "AWSManagedRulesCommonRuleSet");
        return last.place;
      },
    },
  },

  "keep no samples of requests, which would hold signatures (rule 19)": {
    rule: (stacks) =>
      firewalls(stacks)
        .filter(({ config, rules }) =>
          [config as unknown as FirewallRule, ...rules].some(
            ({ visibility_config: visibility }) => visibility.sampled_requests_enabled !== false,
          ),
        )
        .map(({ place }) => place),
    broken: {
      "when one does": editRules((rule) => {
        blockIn(rule, "visibility_config").sampled_requests_enabled = true;
      }, isRate),
      "when a new one does": add("pipeline-prod", firewall, {
        visibility_config: { sampled_requests_enabled: true },
        rule: [],
      }),
    },
  },
});
