import { matchRoute, type Route, restApiOf } from "../../../local/gateway/routes.ts";
import { inventoryOf, resource } from "../resources/fixtures.ts";

function route(resourcePath: string, method = "ANY"): Route {
  return { resourcePath, method, functionArn: "arn", timeoutMs: 29_000 };
}

describe("matchRoute", () => {
  const routes = [
    route("/{proxy+}"),
    route("/webhooks/{provider}"),
    route("/webhooks/health"),
    route("/webhooks/health", "GET"),
    route("/webhooks/{provider}/{id}"),
    route("/webhooks/{provider}/{rest+}"),
    route("/only", "GET"),
  ];

  it.each([
    ["POST", "/webhooks/stripe", "ANY /webhooks/{provider}", { provider: "stripe" }],
    ["POST", "/webhooks/stripe/", "ANY /webhooks/{provider}", { provider: "stripe" }],
    ["POST", "/webhooks/health", "ANY /webhooks/health", {}],
    ["GET", "/webhooks/health", "GET /webhooks/health", {}],
    ["POST", "/webhooks/stripe/7", "ANY /webhooks/{provider}/{id}", { provider: "stripe", id: "7" }],
    ["POST", "/webhooks/stripe/7/8", "ANY /webhooks/{provider}/{rest+}", { provider: "stripe", rest: "7/8" }],
    ["POST", "/webhooks", "ANY /{proxy+}", { proxy: "webhooks" }],
    ["POST", "/a/b%20c", "ANY /{proxy+}", { proxy: "a/b c" }],
    ["POST", "/webhooks/a%2Fb", "ANY /webhooks/{provider}", { provider: "a/b" }],
    ["POST", "/webhooks/%zz", "ANY /webhooks/{provider}", { provider: "%zz" }],
    ["POST", "/webhooks/__proto__", "ANY /webhooks/{provider}", { provider: "__proto__" }],
    ["POST", "/webhooks/constructor", "ANY /webhooks/{provider}", { provider: "constructor" }],
  ])("%s %s goes to %s", (method, path, expected, parameters) => {
    const matched = matchRoute(routes, method, path);
    expect(`${matched?.route.method} ${matched?.route.resourcePath}`).toBe(expected);
    expect(matched?.parameters).toEqual(parameters);
  });

  it.each([
    ["POST", "/only"],
    ["POST", "/"],
    ["POST", "//"],
  ])("%s %s goes nowhere: the most exact resource counts, and a greedy part takes at least one", (method, path) => {
    expect(matchRoute(routes, method, path)).toBeUndefined();
  });

  it("keeps a parameter that is named like a member of every object", () => {
    const matched = matchRoute([route("/{__proto__}/{constructor}")], "GET", "/a/b");
    expect(Object.entries(matched?.parameters ?? {})).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
  });
});

const uri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:0:function:f/invocations";

function apiResources() {
  return [
    // Children come before their parents.
    resource("aws_api_gateway_resource.provider", { parent_id: "hooks", path_part: "{provider}" }, { id: "provider" }),
    resource("aws_api_gateway_resource.hooks", { parent_id: "root", path_part: "webhooks" }, { id: "hooks" }),
    resource(
      "aws_api_gateway_rest_api.api",
      { name: "payment-webhooks-dev", binary_media_types: ["*/*"] },
      { root_resource_id: "root", execution_arn: "exec" },
    ),
    resource("aws_api_gateway_integration.i", {
      resource_id: "provider",
      http_method: "ANY",
      type: "AWS_PROXY",
      uri,
      timeout_milliseconds: 5_000,
    }),
    resource("aws_api_gateway_integration.root", { resource_id: "root", http_method: "GET", type: "AWS_PROXY", uri }),
    resource("aws_api_gateway_gateway_response.t", {
      response_type: "THROTTLED",
      status_code: "503",
      response_parameters: { "gatewayresponse.header.Retry-After": "'5'", "gatewayresponse.path.x": "'y'" },
      response_templates: { "application/json": '{"error":1}' },
    }),
    resource("aws_api_gateway_gateway_response.d", { response_type: "DEFAULT_4XX" }),
    resource("aws_api_gateway_method_settings.s", {
      method_path: "*/*",
      settings: [{ throttling_rate_limit: 100, throttling_burst_limit: 200 }],
    }),
    resource("aws_api_gateway_stage.stage", {
      stage_name: "v1",
      access_log_settings: [
        { destination_arn: "arn:aws:logs:us-east-1:0:log-group:/aws/apigateway/x", format: "$context.status" },
      ],
    }),
  ];
}

describe("restApiOf", () => {
  it("reads routes, responses, throttling and the access log from Terraform", () => {
    expect(restApiOf(inventoryOf(...apiResources()))).toEqual({
      routes: [
        {
          resourcePath: "/webhooks/{provider}",
          method: "ANY",
          functionArn: "arn:aws:lambda:us-east-1:0:function:f",
          timeoutMs: 5_000,
        },
        { resourcePath: "/", method: "GET", functionArn: "arn:aws:lambda:us-east-1:0:function:f", timeoutMs: 29_000 },
      ],
      name: "payment-webhooks-dev",
      executionArn: "exec",
      isTraced: false,
      stage: "v1",
      responses: new Map([
        [
          "THROTTLED",
          { status: 503, headers: { "content-type": "application/json", "Retry-After": "5" }, body: '{"error":1}' },
        ],
        ["DEFAULT_4XX", { headers: { "content-type": "application/json" }, body: '{"message":"DEFAULT_4XX"}' }],
      ]),
      throttling: { rate: 100, burst: 200 },
      binary: true,
      accessLog: { group: "/aws/apigateway/x", format: "$context.status" },
    });
  });

  it("is none without an API", () => {
    expect(restApiOf(inventoryOf())).toBeUndefined();
  });

  it("refuses an integration that isn't a function's", () => {
    const [, , api, , , , , , stage] = apiResources();
    const http = resource("aws_api_gateway_integration.http", {
      resource_id: "root",
      http_method: "GET",
      type: "HTTP",
    });
    expect(() => restApiOf(inventoryOf(...[api, stage].flatMap((one) => one ?? []), http))).toThrow(
      "aws_api_gateway_integration.http: only AWS_PROXY integrations are covered locally.",
    );
  });

  it("refuses a resource without a parent", () => {
    const orphan = resource("aws_api_gateway_resource.x", { parent_id: "gone", path_part: "x" }, { id: "x" });
    expect(() => restApiOf(inventoryOf(...apiResources(), orphan))).toThrow(/parent_id names no resource/);
  });
});
