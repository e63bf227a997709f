import { type EnvironmentSettings, environments } from "../../config/environments.ts";
import { lambdas } from "../../config/lambdas.ts";
import { statementsOf } from "./constructs/fixtures.ts";
import { all, named, pipeline, stacks } from "./pipeline/dev-pipeline.ts";
import { onlyResource, resourcesOf, synthesizeEnvironments, type TerraformJson } from "./synthesized.ts";

describe("PipelineStack", () => {
  it("tells where providers post", () => {
    expect(pipeline.output?.WebhookApiUrl?.value).toMatch(/^\$\{aws_api_gateway_stage\..*\.invoke_url\}$/);
  });

  it("has both paths of the webhooks", () => {
    expect(
      all("aws_api_gateway_resource")
        .map(({ path_part: part }) => part)
        .sort(),
    ).toEqual(["webhook", "webhooks", "{provider}"].sort());
  });

  it.each(Object.values(environments))("throttles $name as its settings say", ({ name, throttling }) => {
    expect(onlyResource(stacks[`pipeline-${name}`] as TerraformJson, "aws_api_gateway_method_settings")).toMatchObject({
      settings: { throttling_rate_limit: throttling.rateLimit, throttling_burst_limit: throttling.burstLimit },
    });
  });

  it("has every function of the manifest, with the digest of its image", () => {
    expect(all("aws_lambda_function").map((fn) => fn.function_name)).toEqual(
      expect.arrayContaining(Object.keys(lambdas).map((name) => `${name}-dev`)),
    );
    for (const fn of all("aws_lambda_function")) {
      expect(fn.image_uri).toMatch(/^\$\{data\.terraform_remote_state\..*repository_url\}@sha256:[0-9a-f]{64}$/);
    }
  });
});

describe("what the environment's settings turn on", () => {
  const withSettings = (settings: Partial<EnvironmentSettings>) =>
    synthesizeEnvironments([{ ...environments.dev, ...settings }])["pipeline-dev"] as TerraformJson;
  const functionsOf = (settings: Partial<EnvironmentSettings>) =>
    resourcesOf(withSettings(settings), "aws_lambda_function").map(({ config }) => config);

  it("a firewall before the API", () => {
    const json = withSettings({ webFirewall: { requestsPerFiveMinutes: 4711 } });
    expect(onlyResource(json, "aws_wafv2_web_acl")).toMatchObject({
      name: "payment-webhooks-dev",
      rule: [{ statement: { rate_based_statement: { limit: 4711 } } }, {}, {}, {}],
    });
    expect(onlyResource(json, "aws_wafv2_web_acl_association").resource_arn).toMatch(
      /aws_api_gateway_stage\..*\.arn\}$/,
    );
    expect(all("aws_wafv2_web_acl")).toEqual([]);
  });

  it("reserved and provisioned concurrency of just the functions that are named", () => {
    const json = withSettings({
      reservedConcurrency: { "fraud-detector": 30 },
      provisionedConcurrency: { "webhook-dedup": 4 },
    });
    const functions = resourcesOf(json, "aws_lambda_function").map(({ config }) => config);
    const having = (argument: string) => functions.filter((fn) => fn[argument] !== undefined);
    expect(having("reserved_concurrent_executions")).toMatchObject([
      { function_name: "fraud-detector-dev", reserved_concurrent_executions: 30 },
    ]);
    expect(having("publish")).toMatchObject([{ function_name: "webhook-dedup-dev", publish: true }]);
    expect(onlyResource(json, "aws_lambda_provisioned_concurrency_config")).toMatchObject({
      function_name: expect.stringContaining("webhook-dedup"),
      provisioned_concurrent_executions: 4,
    });
  });

  it("a network around every function, in this account", () => {
    const vpc = { subnetIds: ["subnet-12345678"], securityGroupIds: ["sg-12345678"] };
    for (const fn of functionsOf({ vpc })) {
      expect(fn.vpc_config).toEqual({ subnet_ids: ["subnet-12345678"], security_group_ids: ["sg-12345678"] });
    }
    expect(JSON.stringify(resourcesOf(withSettings({ vpc }), "aws_iam_role_policy"))).toContain(
      `arn:\${data.aws_partition.partition.partition}:ec2:\${data.aws_region.region.name}:\${data.aws_caller_identity.account.account_id}:subnet/subnet-12345678`,
    );
    for (const fn of functionsOf({})) expect(fn).not.toHaveProperty("vpc_config");
  });

  it("thresholds in the words of rules and alarms", () => {
    const json = withSettings({ routingThresholdsUsd: { mediumFrom: 250.5, highAbove: 99_000 } });
    const texts = (type: string, argument: string) =>
      resourcesOf(json, type)
        .map(({ config }) => config[argument])
        .join("\n");
    const descriptions = texts("aws_cloudwatch_event_rule", "description");
    for (const words of [
      "below 250.5 USD are",
      "above 99,000 USD start",
      "from 250.5 USD to 99,000 USD, both included",
    ]) {
      expect(descriptions).toContain(words);
    }
    expect(texts("aws_cloudwatch_metric_alarm", "alarm_description")).toMatch(/Payments from 250\.5 USD on stay/);
  });
});

describe("queues", () => {
  it.each([
    ["webhook-events", "webhook-dedup"],
    ["low-value-batch", "fraud-detector"],
  ] as const)("%s is taken by %s, five times at most", (queue, consumer) => {
    const { address } =
      resourcesOf(pipeline, "aws_sqs_queue").find(({ config }) => config.name === `${queue}-dev`) ?? {};
    const mapping = all("aws_lambda_event_source_mapping").find(
      (each) => each.event_source_arn === `\${${address}.arn}`,
    );
    expect(mapping).toMatchObject({
      function_name: expect.stringContaining(consumer),
      batch_size: 10,
      maximum_batching_window_in_seconds: 0,
    });
    expect(JSON.parse(String(named("aws_sqs_queue", `${queue}-dev`)?.redrive_policy))).toMatchObject({
      deadLetterTargetArn: expect.stringContaining(`${queue}-dlq`),
      maxReceiveCount: 5,
    });
  });
});

describe("topics", () => {
  const subscriptionsOf = (environment: string) =>
    resourcesOf(stacks[`pipeline-${environment}`] as TerraformJson, "aws_sns_topic_subscription").map(({ config }) => [
      /^\$\{aws_sns_topic\.(?:reconciliation_)?([a-z-]+)_topic/.exec(String(config.topic_arn))?.[1],
      config.protocol,
      config.endpoint,
    ]);

  it("have no subscriptions in dev", () => expect(subscriptionsOf("dev")).toEqual([]));

  it("tell prod's people", () => {
    const { alertRecipients, operatorEmails } = environments.prod;
    expect(subscriptionsOf("prod").sort()).toEqual(
      [
        ...alertRecipients.emails.map((email) => ["transaction-alerts", "email", email]),
        ...alertRecipients.phoneNumbers.map((number) => ["transaction-alerts", "sms", number]),
        ...["operations-alarms", "alerts", "critical-alerts"].flatMap((topic) =>
          operatorEmails.map((email) => [topic, "email", email]),
        ),
        ...alertRecipients.phoneNumbers.map((number) => ["critical-alerts", "sms", number]),
      ].sort(),
    );
  });

  it("let CloudWatch ring for this account's alarms", () => {
    const policy = resourcesOf(pipeline, "aws_sns_topic_policy").find(({ address }) => address.includes("operations"));
    expect(statementsOf(policy?.config.policy)[1]).toMatchObject({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": expect.stringMatching(/:alarm:\*$/) } },
    });
  });
});
