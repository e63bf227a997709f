/** The REST API's routes, gateway responses and throttling, read from Terraform. */

import { type Inventory, number, optionalText, text } from "../resources/inventory.ts";
import { block } from "../terraform/block.ts";

export interface Route {
  /** `/webhooks/{provider}` */
  readonly resourcePath: string;
  /** `ANY` or one method. */
  readonly method: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
}

interface GatewayResponse {
  /** Absent: the status that API Gateway itself gives the response type. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RestApi {
  readonly routes: readonly Route[];
  readonly name: string;
  readonly executionArn: string;
  readonly stage: string;
  /** By response type, such as `THROTTLED`. */
  readonly responses: ReadonlyMap<string, GatewayResponse>;
  /** Requests a second, and how many at once. */
  readonly throttling: { readonly rate: number; readonly burst: number } | undefined;
  /** Bodies arrive as bytes. */
  readonly binary: boolean;
  /** Of API Gateway, where requests come in: whether it tells X-Ray of them. */
  readonly isTraced: boolean;
  readonly accessLog: { readonly group: string; readonly format: string } | undefined;
}

/** The first REST API of the stacks; undefined without one. */
export function restApiOf(inventory: Inventory): RestApi | undefined {
  const api = inventory.ofType("aws_api_gateway_rest_api")[0];
  const stage = inventory.ofType("aws_api_gateway_stage")[0];
  if (api === undefined || stage === undefined) return undefined;
  const settings = inventory
    .ofType("aws_api_gateway_method_settings")
    .find(({ config }) => config.method_path === "*/*");
  const limits = settings === undefined ? undefined : block(settings.config, "settings");
  const logs = block(stage.config, "access_log_settings");
  const mediaTypes = api.config.binary_media_types;
  return {
    routes: routesOf(inventory, text(api, "root_resource_id")),
    name: text(api, "name"),
    executionArn: text(api, "execution_arn"),
    stage: text(stage, "stage_name"),
    responses: responsesOf(inventory),
    throttling:
      limits?.throttling_rate_limit === undefined
        ? undefined
        : { rate: number(limits, "throttling_rate_limit", 0), burst: number(limits, "throttling_burst_limit", 0) },
    binary: Array.isArray(mediaTypes) && mediaTypes.includes("*/*"),
    isTraced: stage.config.xray_tracing_enabled === true,
    accessLog:
      logs === undefined
        ? undefined
        : { group: String(logs.destination_arn).split(":").slice(6, 7).join(""), format: String(logs.format) },
  };
}

function routesOf(inventory: Inventory, rootId: string): Route[] {
  const paths = new Map([[rootId, ""]]);
  let waiting = [...inventory.ofType("aws_api_gateway_resource")];
  while (waiting.length > 0) {
    const known = waiting.filter((resource) => paths.has(text(resource, "parent_id")));
    if (known.length === 0) throw new Error("aws_api_gateway_resource: a parent_id names no resource.");
    for (const resource of known) {
      paths.set(text(resource, "id"), `${paths.get(text(resource, "parent_id"))}/${text(resource, "path_part")}`);
    }
    waiting = waiting.filter((resource) => !known.includes(resource));
  }
  return inventory.ofType("aws_api_gateway_integration").map((integration) => {
    if (optionalText(integration, "type") !== "AWS_PROXY") {
      throw new Error(`${integration.address}: only AWS_PROXY integrations are covered locally.`);
    }
    return {
      resourcePath: paths.get(text(integration, "resource_id")) || "/",
      method: text(integration, "http_method"),
      functionArn: /functions\/(.+)\/invocations/.exec(text(integration, "uri"))?.[1] ?? "",
      timeoutMs: number(integration.config, "timeout_milliseconds", 29_000),
    };
  });
}

function responsesOf(inventory: Inventory): Map<string, GatewayResponse> {
  return new Map(
    inventory.ofType("aws_api_gateway_gateway_response").map((resource) => {
      const type = text(resource, "response_type");
      const status = optionalText(resource, "status_code");
      const templates = (resource.config.response_templates ?? {}) as Record<string, string>;
      const parameters = Object.entries((resource.config.response_parameters ?? {}) as Record<string, string>);
      const headers = parameters.flatMap(([name, value]) => {
        const header = /^gatewayresponse\.header\.(.+)$/.exec(name)?.[1];
        // Constants stand in single quotes.
        return header === undefined ? [] : [[header, value.replace(/^'(.*)'$/, "$1")] as const];
      });
      return [
        type,
        {
          ...(status === undefined ? {} : { status: Number(status) }),
          headers: { "content-type": "application/json", ...Object.fromEntries(headers) },
          body: templates["application/json"] ?? `{"message":"${type}"}`,
        },
      ] as const;
    }),
  );
}

export interface MatchedRoute {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The route of a path: of the resources that have it the most exact one (a part as it is before a parameter before the
 * greedy rest), and of its methods the request's own before ANY.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): MatchedRoute | undefined {
  const parts = partsOf(path);
  const matches = routes
    .flatMap((route) => {
      const template = partsOf(route.resourcePath);
      const parameters = matchParts(template, parts);
      return parameters === undefined ? [] : [{ route, parameters, looseness: template.map(loosenessOf).join("") }];
    })
    .sort((a, b) => a.looseness.localeCompare(b.looseness));
  const methods = matches.filter(({ looseness }) => looseness === matches[0]?.looseness);
  const match =
    methods.find(({ route }) => route.method === method) ?? methods.find(({ route }) => route.method === "ANY");
  return match && { route: match.route, parameters: match.parameters };
}

const partsOf = (path: string) => path.split("/").filter((part) => part !== "");
const greedyName = (part: string) => /^\{(.+)\+\}$/.exec(part)?.[1];
const parameterName = (part: string) => /^\{(.+)\}$/.exec(part)?.[1];

/** 0 for a part that stands for itself, 1 for a parameter, 2 for the rest of the path. */
function loosenessOf(part: string): number {
  if (greedyName(part) !== undefined) return 2;
  return parameterName(part) === undefined ? 0 : 1;
}

function matchParts(template: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const [index, expected] of template.entries()) {
    const actual = parts[index];
    if (actual === undefined) return undefined;
    const greedy = greedyName(expected);
    if (greedy !== undefined) {
      parameters.set(greedy, parts.slice(index).map(decode).join("/"));
      return Object.fromEntries(parameters);
    }
    const name = parameterName(expected);
    if (name !== undefined) parameters.set(name, decode(actual));
    else if (expected !== actual) return undefined;
  }
  return template.length === parts.length ? Object.fromEntries(parameters) : undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A broken percent sign is part of the name, as API Gateway passes it on.
    return part;
  }
}
