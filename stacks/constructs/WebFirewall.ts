import { Wafv2WebAcl, type Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl/index.js";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js";
import { Construct } from "constructs";
import { Alarm } from "./Alarm.ts";
import { gatewayResponses } from "./gatewayResponses.ts";
import type { Topic } from "./Topic.ts";

export interface WebFirewallProps {
  readonly firewallName: string;
  /** ARN of the API's stage that it stands before. */
  readonly stageArn: string;
  /** Most requests of one address in any five minutes; 10 to 2,000,000,000 (AWS). */
  readonly requestsPerFiveMinutes: number;
  readonly region: string;
  readonly alarmTopic: Topic;
}

/** Name of the rule that counts an address's requests, and of its metric. */
const rateRule = "too-many-requests";

/**
 * AWS WAF before a webhook API. It blocks by who sends: addresses that send too much, and addresses that Amazon knows to
 * attack. It never blocks by what is sent, since the signature decides on that, and the common rule set would refuse
 * every body above 8 KB: the rules that look into requests only count. Lists of hosting providers are left out, because
 * payment providers are hosted there.
 */
export class WebFirewall extends Construct {
  constructor(scope: Construct, id: string, props: WebFirewallProps) {
    super(scope, id);
    const { firewallName, stageArn, requestsPerFiveMinutes, region, alarmTopic } = props;
    const acl = new Wafv2WebAcl(this, "acl", {
      name: firewallName,
      description: "Keeps single addresses from using up the webhook API.",
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      customResponseBody: [{ key: throttledBody, contentType: "APPLICATION_JSON", content: throttled.body }],
      rule: [
        tooManyRequests(requestsPerFiveMinutes),
        managed("AWSManagedRulesAmazonIpReputationList", 1, { none: {} }),
        managed("AWSManagedRulesCommonRuleSet", 2, { count: {} }),
        managed("AWSManagedRulesKnownBadInputsRuleSet", 3, { count: {} }),
      ],
      visibilityConfig: visibility(firewallName),
    });
    new Wafv2WebAclAssociation(this, "association", { resourceArn: stageArn, webAclArn: acl.arn });
    new Alarm(this, "blocked", {
      alarmName: `${firewallName}-${rateRule}`,
      errorImpact: "An address gets 503 for a while; if a provider has it, its payments are recorded late.",
      firstSteps: [
        "List the addresses that are blocked at the moment, with the runbook's command.",
        "Compare them with the addresses that your providers publish. If none is theirs, there is nothing to do.",
        "If one is a provider's, raise requestsPerFiveMinutes in config/environments.ts and deploy.",
      ],
      namespace: "AWS/WAFV2",
      metricName: "BlockedRequests",
      dimensions: { WebACL: firewallName, Rule: rateRule, Region: region },
      statistic: "Sum",
      periodSeconds: 300,
      above: 0,
      topic: alarmTopic,
    });
  }
}

/** The API's own answer to too much, so that a provider sends again (WEBHOOK_RULES 4). */
const throttledBody = "throttled";
const throttled = answerOf("THROTTLED");

function answerOf(responseType: string) {
  const response = gatewayResponses.find((each) => each.responseType === responseType);
  if (response?.statusCode === undefined) throw new Error(`there is no gateway response ${responseType} with a status`);
  return { ...response, statusCode: response.statusCode, body: JSON.stringify({ error: response.error }) };
}

/** `statement` has no type in CDKTF, so it is in Terraform's own words. */
function tooManyRequests(limit: number): Wafv2WebAclRule {
  return {
    name: rateRule,
    priority: 0,
    statement: { rate_based_statement: { limit, aggregate_key_type: "IP", evaluation_window_sec: 300 } },
    action: {
      block: {
        customResponse: {
          responseCode: throttled.statusCode,
          customResponseBodyKey: throttledBody,
          // What it sent in the last five minutes counts, so it takes that long to be let in again.
          responseHeader: [{ name: "Retry-After", value: "300" }],
        },
      },
    },
    visibilityConfig: visibility(rateRule),
  };
}

/** A rule set that AWS keeps up: with its own actions, or counting alone. */
function managed(name: string, priority: number, overrideAction: Wafv2WebAclRule["overrideAction"]): Wafv2WebAclRule {
  return {
    name,
    priority,
    statement: { managed_rule_group_statement: { name, vendor_name: "AWS" } },
    ...(overrideAction && { overrideAction }),
    visibilityConfig: visibility(name),
  };
}

/** Counted, but without samples: they would show signatures to whoever may look at metrics (WEBHOOK_RULES 19). */
function visibility(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
