/** The finders behind the rules about secrets, each with what it has to find and what it has to leave alone. */
import type { TerraformJson } from "../stacks/synthesized.ts";
import { namedSecrets, statefulSecrets, writtenSecrets } from "./secretsIn.ts";

function withResource(type: string, config: Readonly<Record<string, unknown>>): TerraformJson {
  return { resource: { [type]: { planted: config } } };
}

describe("a stack that keeps a secret in the state", () => {
  it.each<[string, TerraformJson, string]>([
    [
      "a secret's value",
      withResource("aws_secretsmanager_secret_version", { secret_id: "x", secret_string: `\${var.secret}` }),
      "aws_secretsmanager_secret_version.planted: puts secret_string into the state",
    ],
    [
      "a parameter",
      withResource("aws_ssm_parameter", { type: "SecureString" }),
      "aws_ssm_parameter.planted: has value in the state",
    ],
    [
      "an access key",
      withResource("aws_iam_access_key", { user: "x" }),
      "aws_iam_access_key.planted: has secret in the state",
    ],
    [
      "an argument of a nested block",
      withResource("aws_cloudwatch_event_connection", {
        auth_parameters: [{ basic: { password: `\${var.password}` } }],
      }),
      "aws_cloudwatch_event_connection.planted: puts auth_parameters.basic.password into the state",
    ],
    [
      "another provider's random password",
      withResource("random_password", { length: 32 }),
      "random_password.planted: is of a provider whose secrets this rule doesn't know",
    ],
    [
      "a secret that is read",
      { data: { aws_secretsmanager_secret_version: { planted: { secret_id: "x" } } } },
      "data.aws_secretsmanager_secret_version.planted: reads secret_string into the state",
    ],
  ])("is found by %s", (_by, json, finding) => {
    expect(statefulSecrets(json)).toContain(finding);
  });

  it("isn't one that has such a resource without the argument, or with the write-only one", () => {
    expect(statefulSecrets(withResource("aws_cloudwatch_event_connection", { name: "x" }))).toEqual([]);
    expect(statefulSecrets(withResource("aws_secretsmanager_secret_version", { secret_string_wo: "x" }))).toEqual([]);
  });
});

describe("a text that is called a secret", () => {
  const variables = (values: Readonly<Record<string, string>>) => ({ environment: { variables: values } });

  it.each([
    ["a function's variable", variables({ STRIPE_SECRET: "abc" }), "environment variables STRIPE_SECRET"],
    ["an argument", { master_password: "abc" }, "master_password"],
    ["a member of JSON in a text", { definition: '{"Parameters":{"ApiKey":"abc"}}' }, "definition Parameters ApiKey"],
    ["an item of a list", { auth: [{ client_secret: "abc" }] }, "auth 0 client_secret"],
  ])("is found: %s", (_what, json, finding) => {
    expect(namedSecrets(json)).toEqual([finding]);
  });

  it.each([
    ["a reference", { client_secret: `\${aws_x.y.z}` }],
    ["an ARN", variables({ STRIPE_SECRET: "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe" })],
    ["the name of a secret", { secret_name: "webhook-secrets/stripe-dev" }],
    ["a JSONPath", { definition: '{"TaskToken.$": "$$.Task.Token"}' }],
  ])("isn't %s", (_what, json) => {
    expect(namedSecrets(json)).toEqual([]);
  });
});

describe("a text that looks like a secret", () => {
  // In two parts, so that no scanner of repositories takes the examples for real ones.
  it.each([
    ["webhook signing secret", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["payment provider's key", "sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"],
    ["Shopify token", "shpss_", "0123456789abcdef0123456789abcdef"],
    ["AWS access key", "AKIA", "IOSFODNN7EXAMPLE"],
    ["GitHub token", "ghp_", "0123456789abcdefghijABCDEFGHIJ012345"],
    ["npm token", "npm_", "0123456789abcdefghijABCDEFGHIJ012345"],
    ["Slack token", "xoxb-", "012345678901-abcdefghij"],
    ["private key", "-----BEGIN RSA ", "PRIVATE KEY-----"],
    ["JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"],
    ["password in a URL", "https://ci:", "hunter2@git.example.com/shop.git"],
  ])("is found: %s", (form, start, rest) => {
    expect(writtenSecrets(`{"tags": {"Note": "${start}${rest}"}}`)).toEqual([form]);
  });

  it("is found by its value, plain or in base64", () => {
    const known = { STRIPE: "a secret" };
    expect(writtenSecrets('{"x": "see a secret here"}', known)).toEqual(["STRIPE"]);
    expect(writtenSecrets(`{"x": "${Buffer.from("a secret").toString("base64")}"}`, known)).toEqual(["STRIPE"]);
    expect(writtenSecrets('{"x": "nothing"}', known)).toEqual([]);
  });
});
