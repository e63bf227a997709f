import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { ContainerFunctionProps } from "../../../stacks/constructs/ContainerFunction.ts";
import { gatewayResponses } from "../../../stacks/constructs/gatewayResponses.ts";
import { WebhookApi, type WebhookApiProps } from "../../../stacks/constructs/WebhookApi.ts";
import { onlyResource, resourcesOf, synthesize } from "../synthesized.ts";
import { functionIn, logsIn } from "./fixtures.ts";

const props = (scope: Construct, fn: Partial<ContainerFunctionProps> = {}): WebhookApiProps => ({
  apiName: "an-api",
  description: "For tests.",
  stageName: "v9",
  paths: ["/webhook", "/webhooks/{provider}"],
  handler: functionIn(scope, fn),
  throttling: { rateLimit: 11, burstLimit: 22 },
  logs: logsIn(scope),
  tracing: true,
});

function api(changed: Partial<WebhookApiProps> = {}) {
  return synthesize((scope) => {
    new WebhookApi(scope, "api", { ...props(scope), ...changed });
  });
}

const all = (type: string, props: Partial<WebhookApiProps> = {}) =>
  resourcesOf(api(props), type).map(({ config }) => config);
const contentHash = (props: Partial<WebhookApiProps> = {}) =>
  onlyResource(api(props), "aws_api_gateway_deployment").triggers;

describe("WebhookApi", () => {
  it("has its name and description", () => {
    expect(onlyResource(api(), "aws_api_gateway_rest_api")).toMatchObject({
      name: "an-api",
      description: "For tests.",
    });
  });

  it("is regional", () => {
    expect(onlyResource(api(), "aws_api_gateway_rest_api").endpoint_configuration).toEqual({ types: ["REGIONAL"] });
  });

  it("rule 1: takes bodies as bytes", () => {
    expect(onlyResource(api(), "aws_api_gateway_rest_api").binary_media_types).toEqual(["*/*"]);
  });

  it("has a resource for each part of the paths, once", () => {
    expect(all("aws_api_gateway_resource").map((resource) => resource.path_part)).toEqual([
      "webhook",
      "{provider}",
      "webhooks",
    ]);
  });

  it("puts a path's parts below one another", () => {
    const resources = resourcesOf(api(), "aws_api_gateway_resource");
    const provider = resources.find(({ config }) => config.path_part === "{provider}");
    const webhooks = resources.find(({ config }) => config.path_part === "webhooks");
    expect(provider?.config.parent_id).toBe(`\${${webhooks?.address}.id}`);
  });

  it("rule 4: hands every method of every path to the function", () => {
    expect(all("aws_api_gateway_method")).toMatchObject([{ http_method: "ANY" }, { http_method: "ANY" }]);
    expect(all("aws_api_gateway_integration")).toMatchObject(
      Array(2).fill({
        type: "AWS_PROXY",
        integration_http_method: "POST",
        uri: expect.stringMatching(/^\$\{aws_lambda_function\.fn_.*\.invoke_arn\}$/),
        timeout_milliseconds: 29_000,
      }),
    );
  });

  it("may call the function for its own stage and paths alone", () => {
    expect(all("aws_lambda_permission")).toMatchObject([
      {
        principal: "apigateway.amazonaws.com",
        function_name: expect.stringMatching(/^\$\{aws_lambda_function\.fn_.*\.function_name\}$/),
        source_arn: expect.stringMatching(/\.execution_arn\}\/v9\/\*\/webhook$/),
      },
      { source_arn: expect.stringMatching(/\.execution_arn\}\/v9\/\*\/webhooks\/\*$/) },
    ]);
  });

  it("may call the alias of a function that is kept warm, and calls it", () => {
    const json = synthesize((scope) => {
      new WebhookApi(scope, "api", props(scope, { provisionedConcurrency: 1 }));
    });
    for (const { config } of resourcesOf(json, "aws_lambda_permission")) {
      expect(config.qualifier).toMatch(/^\$\{aws_lambda_alias\.fn_live_.*\.name\}$/);
    }
    for (const { config } of resourcesOf(json, "aws_api_gateway_integration")) {
      expect(config.uri).toMatch(/^\$\{aws_lambda_alias\.fn_live_.*\.invoke_arn\}$/);
    }
    for (const permission of all("aws_lambda_permission")) expect(permission).not.toHaveProperty("qualifier");
  });

  it("tells its stage's ARN and URL", () => {
    const json = synthesize((scope) => {
      const { stageArn, url } = new WebhookApi(scope, "api", props(scope));
      for (const [name, value] of Object.entries({ stageArn, url })) new TerraformOutput(scope, name, { value });
    });
    expect(json.output).toMatchObject({
      stageArn: { value: expect.stringMatching(/^\$\{aws_api_gateway_stage\..*\.arn\}$/) },
      url: { value: expect.stringMatching(/^\$\{aws_api_gateway_stage\..*\.invoke_url\}$/) },
    });
  });

  it("has a stage that isn't traced where that is said", () => {
    expect(onlyResource(api({ tracing: false }), "aws_api_gateway_stage").xray_tracing_enabled).toBe(false);
  });

  it("has its stage, traced", () => {
    expect(onlyResource(api(), "aws_api_gateway_stage")).toMatchObject({
      stage_name: "v9",
      xray_tracing_enabled: true,
    });
  });

  it("throttles every method", () => {
    expect(onlyResource(api(), "aws_api_gateway_method_settings")).toMatchObject({
      method_path: "*/*",
      settings: { throttling_rate_limit: 11, throttling_burst_limit: 22, metrics_enabled: true },
    });
  });

  it("rule 19: writes no execution logs, and an access log without headers, bodies and queries", () => {
    expect(onlyResource(api(), "aws_api_gateway_method_settings").settings).toMatchObject({
      logging_level: "OFF",
      data_trace_enabled: false,
    });
    const { format } = onlyResource(api(), "aws_api_gateway_stage").access_log_settings as { format: string };
    expect(Object.values(JSON.parse(format)).join()).not.toMatch(
      /header|body|query|context\.path\b|sourceIp|userAgent/i,
    );
    expect(JSON.parse(format)).toHaveProperty("status");
  });

  it("logs to its own group, for as long as said", () => {
    const groups = resourcesOf(api(), "aws_cloudwatch_log_group").map(({ config }) => config);
    expect(groups.find((group) => group.name === "/aws/apigateway/an-api")).toMatchObject({ retention_in_days: 30 });
    expect(onlyResource(api(), "aws_api_gateway_stage").access_log_settings).toHaveProperty(
      "destination_arn",
      expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.api_access-logs/),
    );
  });

  it("deploys all that it holds", () => {
    const { depends_on: dependsOn, lifecycle } = onlyResource(api(), "aws_api_gateway_deployment");
    const held = ["resource", "method", "integration", "gateway_response"].flatMap((type) =>
      resourcesOf(api(), `aws_api_gateway_${type}`).map(({ address }) => address),
    );
    expect([...(dependsOn as string[])].sort()).toEqual(held.sort());
    expect(lifecycle).toEqual({ create_before_destroy: true });
  });

  it("deploys again when what it holds has changed, and only then", () => {
    expect(contentHash()).toEqual(contentHash({ throttling: { rateLimit: 1, burstLimit: 1 } }));
    expect(contentHash()).not.toEqual(contentHash({ paths: ["/webhook"] }));
    expect(contentHash()).not.toEqual(contentHash({ description: "Changed." }));
  });
});

describe("gatewayResponses", () => {
  const rendered = all("aws_api_gateway_gateway_response");
  const responseOf = (type: string) => rendered.find((response) => response.response_type === type);

  it.each(["THROTTLED", "QUOTA_EXCEEDED", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "DEFAULT_5XX"])(
    "rule 4: %s is a 503 with Retry-After",
    (type) => {
      expect(responseOf(type)).toMatchObject({
        status_code: "503",
        response_parameters: { "gatewayresponse.header.Retry-After": "'5'" },
      });
    },
  );

  it.each([
    ["REQUEST_TOO_LARGE", "413"],
    ["MISSING_AUTHENTICATION_TOKEN", "404"],
    ["RESOURCE_NOT_FOUND", "404"],
  ])("rule 4: %s is a %s", (type, status) => expect(responseOf(type)?.status_code).toBe(status));

  it("leaves other refusals their status", () => expect(responseOf("DEFAULT_4XX")).not.toHaveProperty("status_code"));

  it("answers in the shape of the function's own answers", () => {
    expect(rendered).toHaveLength(gatewayResponses.length);
    for (const { response_templates: templates } of rendered) {
      const { error } = JSON.parse((templates as Record<string, string>)["application/json"] ?? "");
      expect(error).toEqual({ type: expect.any(String), code: expect.any(String), message: expect.any(String) });
    }
  });
});
