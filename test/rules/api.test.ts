/** The API calls its function for the paths that it has, and for nothing else. */
import { argumentsOf, change, lastOf } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { ofType, referred, type StackResource } from "./stacks.ts";

/** Stage, method and path of `<API>/<stage>/<method>/<path>`. */
function endpointOf({ config }: StackResource) {
  const [, stage = "", method = "", path = ""] =
    /^\$\{aws_api_gateway_rest_api\.[^}]*\.execution_arn\}\/([^/]+)\/([^/]+)(\/.+)$/.exec(String(config.source_arn)) ??
    [];
  return { stage, method, path };
}

describeRules("an API", {
  "calls its function from the stage and the paths that there are": {
    rule: (stacks) => {
      const stages = ofType(stacks, "aws_api_gateway_stage").map(({ config }) => config.stage_name);
      return ofType(stacks, "aws_lambda_permission")
        .filter((permission) => {
          const { stage, path } = endpointOf(permission);
          return !stages.includes(stage) || !/^\/[a-z]+(\/[a-z*]+)*$/.test(path);
        })
        .map(({ place }) => place);
    },
    broken: {
      "when any stage may": change("aws_lambda_permission", (config) => {
        config.source_arn = String(config.source_arn).replace("/v1/", "/*/");
      }),
      "when any path may": change("aws_lambda_permission", (config) => {
        config.source_arn = String(config.source_arn).replace(/\/v1\/.*/, "/v1/*/*");
      }),
    },
  },

  "calls its function by any method only where its method is ANY": {
    rule: (stacks) => {
      const methods = new Set(ofType(stacks, "aws_api_gateway_method").map(({ config }) => config.http_method));
      return ofType(stacks, "aws_lambda_permission")
        .filter((permission) => {
          const { method } = endpointOf(permission);
          return method === "*" ? !methods.has("ANY") : !methods.has(method);
        })
        .map(({ place }) => place);
    },
    broken: {
      "when the method is POST": (stacks) => {
        for (const { config } of ofType(stacks, "aws_api_gateway_method"))
          Object.assign(config, { http_method: "POST" });
        return "permission";
      },
    },
  },

  "may call what its integrations call: the function, or its alias alone": {
    rule: (stacks) => {
      const permitted = ofType(stacks, "aws_lambda_permission").map((permission) => {
        const alias = referred(stacks, permission, permission.config.qualifier);
        return (alias ?? referred(stacks, permission, permission.config.function_name))?.place;
      });
      return ofType(stacks, "aws_api_gateway_integration")
        .filter((integration) => !permitted.includes(referred(stacks, integration, integration.config.uri)?.place))
        .map(({ place }) => place);
    },
    broken: {
      "when the permission is for every version": (stacks) => {
        const isAlias = ({ config }: StackResource) => config.qualifier !== undefined;
        const { stack } = lastOf(stacks, "aws_lambda_permission", isAlias);
        for (const permission of ofType(stacks, "aws_lambda_permission")) {
          if (permission.stack === stack) delete argumentsOf(permission).qualifier;
        }
        return `${stack} aws_api_gateway_integration`;
      },
    },
  },
});
