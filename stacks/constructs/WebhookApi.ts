import { createHash } from "node:crypto";
import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment/index.js";
import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response/index.js";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration/index.js";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method/index.js";
import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings/index.js";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource/index.js";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api/index.js";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { DefaultTokenResolver, StringConcat, type TerraformResource, Tokenization } from "cdktf";
import { Construct } from "constructs";
import { limits } from "../../config/limits.ts";
import { accessLogFormat } from "./accessLogFormat.ts";
import type { ContainerFunction } from "./ContainerFunction.ts";
import { type GatewayResponse, gatewayResponses } from "./gatewayResponses.ts";
import { LogGroup, type LogSettings } from "./LogGroup.ts";

export interface WebhookApiProps {
  readonly apiName: string;
  readonly description: string;
  /** Last part of the API's URL. */
  readonly stageName: string;
  /** Paths such as `/webhooks/{provider}`, all of them answered by the handler, whatever the method. */
  readonly paths: readonly string[];
  readonly handler: ContainerFunction;
  readonly throttling: { readonly rateLimit: number; readonly burstLimit: number };
  readonly logs: LogSettings;
  /** Whether X-Ray decides here which requests are traced, and gets a part of those. */
  readonly tracing: boolean;
}

/**
 * A regional REST API that hands whole requests to one function, bytes as bytes (`*`/`*` is binary, WEBHOOK_RULES 1).
 * The method is ANY, so that the function and not API Gateway answers wrong ones (405 instead of 403, WEBHOOK_RULES 4).
 */
export class WebhookApi extends Construct {
  /** Without a slash at its end: append a path. */
  readonly url: string;
  /** ARN of the stage, which a firewall stands before. */
  readonly stageArn: string;
  /** A line for each request (accessLogFormat.ts). */
  readonly accessLogs: LogGroup;
  readonly #api: ApiGatewayRestApi;
  /** What a deployment is a snapshot of. */
  readonly #content: TerraformResource[] = [];
  readonly #resources = new Map<string, string>();

  constructor(scope: Construct, id: string, props: WebhookApiProps) {
    super(scope, id);
    const { apiName, description, stageName, paths, handler, throttling, logs, tracing } = props;
    this.#api = new ApiGatewayRestApi(this, "api", {
      name: apiName,
      description,
      endpointConfiguration: { types: ["REGIONAL"] },
      binaryMediaTypes: ["*/*"],
    });
    for (const path of paths) {
      this.#addPath(path, stageName, handler);
    }
    for (const response of gatewayResponses) {
      this.#addGatewayResponse(response);
    }
    this.accessLogs = new LogGroup(this, "access-logs", { logGroupName: `/aws/apigateway/${apiName}`, logs });
    const stage = this.#deploy(stageName, { tracing });
    new ApiGatewayMethodSettings(this, "settings", {
      restApiId: this.#api.id,
      stageName: stage.stageName,
      methodPath: "*/*",
      settings: {
        throttlingRateLimit: throttling.rateLimit,
        throttlingBurstLimit: throttling.burstLimit,
        metricsEnabled: true,
        // Execution logs can hold bodies and headers (WEBHOOK_RULES 19); the access log says what there is to know.
        loggingLevel: "OFF",
        dataTraceEnabled: false,
      },
    });
    this.url = stage.invokeUrl;
    this.stageArn = stage.arn;
  }

  #addPath(path: string, stageName: string, handler: ContainerFunction): void {
    const resourceId = this.#resourceOf(path);
    const name = idOf(path);
    const method = new ApiGatewayMethod(this, `${name}-method`, {
      restApiId: this.#api.id,
      resourceId,
      httpMethod: "ANY",
      authorization: "NONE",
    });
    const integration = new ApiGatewayIntegration(this, `${name}-integration`, {
      restApiId: this.#api.id,
      resourceId,
      httpMethod: method.httpMethod,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: handler.invokeArn,
      timeoutMilliseconds: limits.apiGatewayTimeoutSeconds * 1000,
    });
    new LambdaPermission(this, `${name}-permission`, {
      functionName: handler.functionName,
      ...(handler.qualifier !== undefined && { qualifier: handler.qualifier }),
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn: `${this.#api.executionArn}/${stageName}/*${path.replaceAll(/\{\w+\}/g, "*")}`,
    });
    this.#content.push(method, integration);
  }

  /** The resource of a path; those of its parents are made on the way, once. */
  #resourceOf(path: string): string {
    const cut = path.lastIndexOf("/");
    if (cut < 0) {
      return this.#api.rootResourceId;
    }
    const known = this.#resources.get(path);
    if (known !== undefined) {
      return known;
    }
    const resource = new ApiGatewayResource(this, `${idOf(path)}-resource`, {
      restApiId: this.#api.id,
      parentId: this.#resourceOf(path.slice(0, cut)),
      pathPart: path.slice(cut + 1),
    });
    this.#content.push(resource);
    this.#resources.set(path, resource.id);
    return resource.id;
  }

  #addGatewayResponse({ responseType, statusCode, retryAfterSeconds, error }: GatewayResponse): void {
    const response = new ApiGatewayGatewayResponse(this, responseType, {
      restApiId: this.#api.id,
      responseType,
      ...(statusCode !== undefined && { statusCode: String(statusCode) }),
      ...(retryAfterSeconds !== undefined && {
        // API Gateway's static values stand in single quotes.
        responseParameters: { "gatewayresponse.header.Retry-After": `'${retryAfterSeconds}'` },
      }),
      responseTemplates: { "application/json": JSON.stringify({ error }) },
    });
    this.#content.push(response);
  }

  #deploy(stageName: string, { tracing }: Pick<WebhookApiProps, "tracing">): ApiGatewayStage {
    const deployment = new ApiGatewayDeployment(this, "deployment", {
      restApiId: this.#api.id,
      triggers: { content: this.#contentHash() },
      dependsOn: this.#content,
      lifecycle: { createBeforeDestroy: true },
    });
    return new ApiGatewayStage(this, "stage", {
      restApiId: this.#api.id,
      deploymentId: deployment.id,
      stageName,
      accessLogSettings: { destinationArn: this.accessLogs.arn, format: accessLogFormat },
      xrayTracingEnabled: tracing,
    });
  }

  /** Changes whenever anything changes that a deployment holds, so that Terraform deploys again, and only then. */
  #contentHash(): string {
    const content = [this.#api, ...this.#content].map((resource) =>
      Tokenization.resolve(resource.toTerraform(), {
        scope: resource,
        resolver: new DefaultTokenResolver(new StringConcat()),
        preparing: false,
      }),
    );
    return createHash("sha256").update(JSON.stringify(content)).digest("hex");
  }
}

/** `/webhooks/{provider}` as the name of a construct: `webhooks-provider`. */
function idOf(path: string): string {
  return path
    .split(/[/{}]+/)
    .filter((part) => part !== "")
    .join("-");
}
