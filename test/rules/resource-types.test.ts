/** The stacks have resources of the types that somebody has thought about (resource-types.ts), and of no other. */
import { existsSync } from "node:fs";
import { add } from "./broken.ts";
import { dataSources, resourceClasses } from "./resource-types.ts";
import { describeRules } from "./rule.ts";
import { everyResource, type Stacks } from "./stacks.ts";

const reasons: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(resourceClasses).map(({ types }) => types),
);

const dataSourcesIn = (stacks: Stacks) =>
  Object.entries(stacks).flatMap(([stack, { data = {} }]) =>
    Object.keys(data).map((type) => ({ type, place: `${stack} data.${type}` })),
  );

/** What opens a door without a policy, each as a careless change would add it. */
const careless: Readonly<Record<string, Record<string, unknown>>> = {
  aws_lambda_function_url: { function_name: "webhook-validator-prod", authorization_type: "NONE" },
  aws_security_group: { ingress: [{ from_port: 0, to_port: 0, protocol: "-1", cidr_blocks: ["0.0.0.0/0"] }] },
  aws_iam_user: { name: "somebody" },
  aws_s3_bucket_acl: { acl: "public-read" },
  aws_apigatewayv2_api: { name: "another", protocol_type: "HTTP" },
  terraform_data: { input: "anything" },
};

describeRules("the stacks", {
  "have resources of listed types alone": {
    rule: (stacks) =>
      everyResource(stacks)
        .filter(({ type }) => reasons[type] === undefined)
        .map(({ place, type }) => `${place}: put ${type} into its class in test/rules/resource-types.ts`),
    broken: Object.fromEntries(
      Object.entries(careless).map(([type, config]) => [`when there is ${type}`, add("pipeline-prod", type, config)]),
    ),
  },

  "have every type that is listed": {
    rule: (stacks) => {
      const found = new Set(everyResource(stacks).map(({ type }) => type));
      return Object.keys(reasons).filter((type) => !found.has(type));
    },
    broken: {
      "when the last of a type is gone": (stacks) => {
        for (const { resource = {} } of Object.values(stacks)) {
          delete (resource as Record<string, unknown>).aws_wafv2_web_acl;
        }
        return "aws_wafv2_web_acl";
      },
    },
  },

  "read what is listed, and all of it": {
    rule: (stacks) => {
      const found = dataSourcesIn(stacks);
      return [
        ...found.filter(({ type }) => !dataSources.includes(type)).map(({ place }) => place),
        ...dataSources.filter((listed) => !found.some(({ type }) => type === listed)),
      ];
    },
    broken: {
      "when a policy is read": (stacks) => {
        Object.assign(stacks["data-prod"]?.data ?? {}, { aws_iam_policy_document: { all: {} } });
        return "data-prod data.aws_iam_policy_document";
      },
      "when nothing asks for the region any more": (stacks) => {
        for (const { data = {} } of Object.values(stacks)) delete (data as Record<string, unknown>).aws_region;
        return "aws_region";
      },
    },
  },
});

describe("the classes of resources", () => {
  it("have each type once", () => {
    const types = Object.values(resourceClasses).flatMap((each) => Object.keys(each.types));
    expect(types).toEqual([...new Set(types)]);
  });

  it("name rules that there are", () => {
    const files = Object.values(reasons).flatMap((reason) => reason.match(/[\w-]+\.test\.ts/g) ?? []);
    expect(files.filter((file) => !existsSync(`test/rules/${file}`))).toEqual([]);
  });
});
