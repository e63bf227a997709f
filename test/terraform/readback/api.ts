import {
  APIGatewayClient,
  GetAccountCommand,
  GetGatewayResponsesCommand,
  GetIntegrationCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  GetStageCommand,
} from "@aws-sdk/client-api-gateway";
import { GetPolicyCommand, LambdaClient, ListAliasesCommand } from "@aws-sdk/client-lambda";
import { arn, type Deployed, statementsOf } from "../support/deployed.ts";
import { moto } from "../support/terraform-run.ts";

/** What providers post to. */
export function readBackApi(deployed: () => Deployed): void {
  const gateway = () => new APIGatewayClient(deployed().client);

  async function theApi() {
    const { items = [] } = await gateway().send(new GetRestApisCommand({}));
    const [api] = items;
    if (items.length !== 1 || api?.id === undefined) throw new Error(`there are ${items.length} APIs`);
    return { ...api, id: api.id };
  }

  test("the API is regional and hands over bytes as bytes", async () => {
    expect(await theApi()).toMatchObject({
      name: deployed().named.restApi,
      binaryMediaTypes: ["*/*"],
      endpointConfiguration: { types: ["REGIONAL"] },
    });
  });

  test("every method of both paths goes to the validator, and no other path does", async () => {
    const { id } = await theApi();
    const { items = [] } = await gateway().send(new GetResourcesCommand({ restApiId: id, embed: ["methods"] }));
    const routes = items.filter(({ resourceMethods }) => resourceMethods !== undefined);
    expect(routes.map(({ path, resourceMethods }) => [path, Object.keys(resourceMethods ?? {})]).sort()).toEqual([
      ["/webhook", ["ANY"]],
      ["/webhooks/{provider}", ["ANY"]],
    ]);
    for (const { id: resourceId } of routes) {
      const integration = await gateway().send(
        new GetIntegrationCommand({ restApiId: id, resourceId, httpMethod: "ANY" }),
      );
      expect(integration).toMatchObject({ type: "AWS_PROXY", httpMethod: "POST", timeoutInMillis: 29_000 });
      expect(integration.uri).toContain(`:function:${deployed().named.lambda("webhook-validator")}`);
    }
  });

  test("API Gateway's own answers make a provider send again, or tell it what is wrong", async () => {
    const { id } = await theApi();
    const { items = [] } = await gateway().send(new GetGatewayResponsesCommand({ restApiId: id }));
    const answers = items.map(({ responseType = "", statusCode, responseParameters }) => [
      responseType,
      [statusCode, responseParameters?.["gatewayresponse.header.Retry-After"]],
    ]);
    const again = ["503", "'5'"];
    expect(Object.fromEntries(answers)).toMatchObject({
      THROTTLED: again,
      QUOTA_EXCEEDED: again,
      INTEGRATION_FAILURE: again,
      INTEGRATION_TIMEOUT: again,
      DEFAULT_5XX: again,
      REQUEST_TOO_LARGE: ["413", undefined],
      MISSING_AUTHENTICATION_TOKEN: ["404", undefined],
      RESOURCE_NOT_FOUND: ["404", undefined],
    });
    for (const { responseTemplates } of items) {
      expect(JSON.parse(responseTemplates?.["application/json"] ?? "")).toHaveProperty("error.code");
    }
  });

  test("the stage is deployed, throttled, traced, and logs to a group that API Gateway may write", async () => {
    const { settings, named } = deployed();
    const { id } = await theApi();
    const stage = await gateway().send(new GetStageCommand({ restApiId: id, stageName: "v1" }));
    expect(stage).toMatchObject({
      tracingEnabled: true,
      accessLogSettings: { destinationArn: arn("logs", `log-group:/aws/apigateway/${named.restApi}`) },
      methodSettings: {
        "*/*": {
          throttlingRateLimit: settings.throttling.rateLimit,
          throttlingBurstLimit: settings.throttling.burstLimit,
          loggingLevel: "OFF",
          dataTraceEnabled: false,
        },
      },
    });
    const { cloudwatchRoleArn } = await gateway().send(new GetAccountCommand({}));
    expect(cloudwatchRoleArn).toBe(`arn:aws:iam::${moto.account}:role/${named.role("api-gateway-logs")}`);
  });

  test("only this API's paths may call the validator", async () => {
    const { id } = await theApi();
    const lambda = new LambdaClient(deployed().client);
    const FunctionName = deployed().named.lambda("webhook-validator");
    // An alias has a policy of its own, and then it is the alias that the API calls.
    const { Aliases = [] } = await lambda.send(new ListAliasesCommand({ FunctionName }));
    const Qualifier = Aliases[0]?.Name;
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName, ...(Qualifier && { Qualifier }) }));
    const statements = statementsOf(Policy);
    const sources = statements.map(
      ({ Condition }) => (Condition?.ArnLike as Record<string, string>)?.["AWS:SourceArn"],
    );
    expect(sources.sort()).toEqual([
      arn("execute-api", `${id}/v1/*/webhook`),
      arn("execute-api", `${id}/v1/*/webhooks/*`),
    ]);
    for (const statement of statements) {
      expect(statement).toMatchObject({
        Effect: "Allow",
        Principal: { Service: "apigateway.amazonaws.com" },
        Action: "lambda:InvokeFunction",
      });
    }
  });
}
