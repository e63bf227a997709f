/** Functions have the concurrency that their environment asks for, kept warm and reserved, and no other. */
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { change, remove, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { anyOfType, breaking, environmentOf, referred, type StackResource, type Stacks } from "./stacks.ts";

const warm = "aws_lambda_provisioned_concurrency_config";

/** What the environment asks for, by the manifest's name of a function. */
function asked({ stack, config }: StackResource, kind: "provisionedConcurrency" | "reservedConcurrency") {
  const names = Object.keys(lambdas) as LambdaName[];
  const name = names.find((each) => lambdas[each].description === config.description);
  return name === undefined ? undefined : environmentOf(stack)[kind][name];
}

/** Execution environments that are kept warm where callers call: at the function's alias. */
function keptWarm(stacks: Stacks, fn: StackResource): number {
  return anyOfType(stacks, warm)
    .filter((each) => referred(stacks, each, each.config.function_name)?.place === fn.place)
    .filter((each) => {
      const alias = referred(stacks, each, each.config.qualifier);
      const isAlias = alias?.type === "aws_lambda_alias";
      return isAlias && referred(stacks, alias, alias.config.function_name)?.place === fn.place;
    })
    .reduce((sum, { config }) => sum + Number(config.provisioned_concurrent_executions), 0);
}

const isProd = ({ stack }: StackResource) => stack === "pipeline-prod";

describeRules("functions", {
  "are kept warm as often as their environment asks for": {
    rule: (stacks) =>
      breaking(stacks, "aws_lambda_function", (fn) => {
        return keptWarm(stacks, fn) !== (asked(fn, "provisionedConcurrency") ?? 0);
      }),
    broken: {
      "when one isn't any more": remove(warm, "function_name"),
      "when prod's isn't any more": remove(warm, "function_name", isProd),
      "when one is kept warm less often": (stacks) => {
        set(warm, { provisioned_concurrent_executions: 1 }, isProd)(stacks);
        return "pipeline-prod aws_lambda_function.intake_webhook-validator";
      },
      "when what is warm is nothing that is called": (stacks) => {
        set(warm, { qualifier: "1" }, isProd)(stacks);
        return "pipeline-prod aws_lambda_function.intake_webhook-validator";
      },
    },
  },

  "have the concurrency to themselves that their environment asks for": {
    rule: (stacks) =>
      breaking(stacks, "aws_lambda_function", (fn) => {
        return fn.config.reserved_concurrent_executions !== asked(fn, "reservedConcurrency");
      }),
    broken: {
      "when one may not run at all": set("aws_lambda_function", { reserved_concurrent_executions: 0 }),
      "when one is none of the manifest, and has some": change("aws_lambda_function", (config) => {
        Object.assign(config, { description: "Something else.", reserved_concurrent_executions: 1 });
      }),
    },
  },
});
