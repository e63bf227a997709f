/** Terraform knows where secrets are, never what they are. */
import type { TerraformJson } from "../stacks/synthesized.ts";
import { add, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { namedSecrets, statefulSecrets, writtenSecrets } from "./secretsIn.ts";
import { breaking, everyResource, referred } from "./stacks.ts";

/** What a variable may name: a secret, or a key that KMS never gives out. */
const references = ["aws_secretsmanager_secret", "aws_kms_key"];

describeRules("secrets:", {
  "no secret's value stands in Terraform": {
    rule: (stacks) =>
      everyResource(stacks).flatMap(({ place, config }) =>
        [...namedSecrets(config), ...writtenSecrets(JSON.stringify(config))].map((found) => `${place}: ${found}`),
      ),
    broken: {
      "when an argument is one": add("data-prod", "aws_db_instance", { password: "x" }),
      "when a variable holds a key": set("aws_lambda_function", {
        environment: { variables: { KEY: ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"].join("") } },
      }),
    },
  },

  "no resource or data source keeps a secret in the state": {
    rule: (stacks) => {
      const places = new Set(everyResource(stacks).map(({ stack }) => stack));
      return [...places].flatMap((stack) =>
        statefulSecrets(stacks[stack] as TerraformJson).map((found) => `${stack} ${found}`),
      );
    },
    broken: {
      "when a secret is given its value": add("data-prod", "aws_secretsmanager_secret_version", { secret_string: "x" }),
    },
  },

  "functions know the references of secrets alone": {
    rule: (stacks) =>
      breaking(stacks, "aws_lambda_function", (fn) => {
        const { variables = {} } = (fn.config.environment ?? {}) as { variables?: Record<string, string> };
        return Object.entries(variables)
          .filter(([name]) => /SECRET|TOKEN|PASSWORD|KEY/.test(name))
          .flatMap(([name, value]) => (name.endsWith("_ARN") ? [value] : Object.values(JSON.parse(value) as object)))
          .some((value) => !references.includes(String(referred(stacks, fn, value)?.type)));
      }),
    broken: {
      "when one is in a variable": set("aws_lambda_function", {
        environment: { variables: { PROVIDER_SECRETS: '{"stripe":"hunter2"}' } },
      }),
      "when a key's own bytes are in one": set("aws_lambda_function", {
        environment: { variables: { SIGNING_KEY_ARN: "MIGHAgEAMBMGByqGSM49" } },
      }),
    },
  },
});
