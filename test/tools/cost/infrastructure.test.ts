import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../../config/environments.ts";
import { lambdas } from "../../../config/lambdas.ts";
import { infrastructureOf, withAlertSubscribers } from "../../../tools/cost/infrastructure.ts";
import { notPriced, resourceTypes } from "../../../tools/cost/resource-types.ts";
import { readStacks, type StackResource } from "../../../tools/cost/stacks.ts";
import { everyStack as stacks } from "../../rules/stacks.ts";
import { nothingDeployed } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "stacks-"));
for (const [name, json] of Object.entries(stacks)) {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "cdk.tf.json"), JSON.stringify(json));
}
afterAll(() => rmSync(folder, { recursive: true }));

function stacksOf(environment: string) {
  const found = readStacks(folder, environment);
  if (found === undefined) throw new Error(`There are no stacks of ${environment}.`);
  return found;
}

describe("the synthesized stacks", () => {
  it("are found by environment, each with its region", () => {
    expect(stacksOf("prod").names).toEqual(
      Object.keys(stacks)
        .filter((name) => name.endsWith("-prod"))
        .sort(),
    );
    expect(stacksOf("prod").region).toBe(environments.prod.region);
    expect(readStacks(folder, "pro")).toBeUndefined();
    expect(readStacks(join(folder, "nowhere"), "prod")).toBeUndefined();
  });

  it("say what can't be read", () => {
    const broken = mkdtempSync(join(tmpdir(), "stacks-"));
    mkdirSync(join(broken, "data-dev"));
    writeFileSync(join(broken, "data-dev", "cdk.tf.json"), "{");
    expect(() => readStacks(broken, "dev")).toThrow(/data-dev.cdk\.tf\.json can't be read/);
    rmSync(broken, { recursive: true });
  });

  it("tell of everything that has a price", () => {
    const found = infrastructureOf(stacksOf("prod"));
    const memory = Object.fromEntries(Object.entries(lambdas).map(([name, { memoryMb }]) => [name, memoryMb]));
    expect(Object.fromEntries(found.functions.map((fn) => [fn.name, fn.memoryMb]))).toEqual(memory);
    for (const fn of found.functions)
      expect(fn).toMatchObject({ architecture: "arm64", logLevel: "INFO", isTraced: true });
    expect(found.consumers).toEqual(
      expect.arrayContaining([
        { queue: "webhook-events", function: "webhook-dedup", batchSize: 10 },
        { queue: "low-value-batch", function: "fraud-detector", batchSize: 10 },
      ]),
    );
    expect(found.tables.map(({ name }) => name).sort()).toEqual([
      "fraud-counters",
      "processed-webhooks",
      "reconciliation",
      "transactions",
    ]);
    expect(found.machines).toEqual(
      expect.arrayContaining([
        { name: "high-value-review", type: "STANDARD", logsEverything: true },
        { name: "transaction-workflow", type: "EXPRESS", logsEverything: true },
      ]),
    );
    expect(found.buckets).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "webhook-payloads", expireAfterDays: 45, hasBucketKey: true }),
        expect.objectContaining({
          name: "transaction-audit-logs",
          infrequentAccessAfterDays: 30,
          glacierAfterDays: 90,
          expireAfterDays: 365,
        }),
      ]),
    );
    expect(found.subscriptions).toContainEqual({ topic: "transaction-alerts", protocol: "email" });
    expect(found.logGroups).toContainEqual({ name: "/aws/lambda/webhook-dedup", retentionDays: 30 });
    expect(found).toMatchObject({
      metricFilters: 2,
      measuredMethods: 2,
      isBusEncrypted: true,
      repositories: Object.keys(lambdas).length,
    });
    expect(found.alarmMetrics).toBeGreaterThan(10);
    expect(Math.min(found.secrets, found.keys)).toBeGreaterThan(0);
  });
});

describe("the alerts' subscribers", () => {
  const subscriptions = ["transaction-alerts", "operations-alarms"].map((topic) => ({ topic, protocol: "sms" }));
  const deployed = { ...nothingDeployed, subscriptions };

  it("are the stacks' unless a shape says otherwise", () => {
    expect(withAlertSubscribers(deployed, undefined)).toBe(deployed);
    expect(withAlertSubscribers(deployed, { emails: 2, phoneNumbers: 0 }).subscriptions).toEqual([
      { topic: "operations-alarms", protocol: "sms" },
      { topic: "transaction-alerts", protocol: "email" },
      { topic: "transaction-alerts", protocol: "email" },
    ]);
  });
});

describe("a stack with more than ours have", () => {
  const resource = (type: string, name: string, config: StackResource["config"]): StackResource => ({
    ...{ stack: "pipeline-pr-7", type, name, config },
  });
  const reference = (address: string) => `$\{${address}.function_name}`;
  const more = infrastructureOf({
    ...{ environment: "pr-7", region: "us-east-1", synthesizedAt: new Date(0), names: ["pipeline-pr-7"] },
    resources: [
      resource("aws_lambda_function", "fn", { function_name: "validator-pr-7" }),
      resource("aws_lambda_alias", "live", { function_name: reference("aws_lambda_function.fn") }),
      resource("aws_lambda_provisioned_concurrency_config", "ready", {
        function_name: reference("aws_lambda_alias.live"),
        provisioned_concurrent_executions: 3,
      }),
      resource("aws_wafv2_web_acl", "wall", { rule: [{}, {}] }),
      resource("aws_cloudwatch_metric_alarm", "sum", {
        metric_query: [{ metric: {} }, { metric: {} }, { expression: "a + b" }],
      }),
      resource("aws_cloudwatch_metric_alarm", "unusual", {
        threshold_metric_id: "band",
        metric_query: [{ metric: {} }, { id: "band", expression: "ANOMALY_DETECTION_BAND(m, 2)" }],
      }),
      resource("aws_cloudwatch_composite_alarm", "any", { alarm_rule: "ALARM(a) OR ALARM(b)" }),
    ],
  });

  it("has its provisioned concurrency found, through an alias, too", () => {
    expect(more.functions).toMatchObject([
      { name: "validator", provisioned: 3, memoryMb: 128, architecture: "x86_64" },
    ]);
  });

  it("has its firewall's rules and its alarms' metrics counted, those of a band with its edges", () => {
    expect(more).toMatchObject({ webFirewalls: [{ rules: 2 }], alarmMetrics: 2 + 3, compositeAlarms: 1 });
  });
});

describe("resource types", () => {
  const types = [...new Set(Object.values(stacks).flatMap((json) => Object.keys(json.resource ?? {})))];

  it.each(types)("%s is priced, or free for a reason", (type) => {
    const treatment = resourceTypes[type];
    expect(treatment).toBeDefined();
    expect(Object.values(treatment ?? {}).join("")).not.toBe("");
  });

  it("that nobody has looked at are counted", () => {
    const resources = ["aws_sqs_queue", "aws_nat_gateway", "aws_nat_gateway"].map((type) => ({ type }));
    expect([...notPriced(resources)]).toEqual([["aws_nat_gateway", 2]]);
  });
});
