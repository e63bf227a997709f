import type { Principal } from "../../../local/aws/types.ts";
import { machinesOf } from "../../../local/resources/events-and-workflows.ts";
import { authorizerOf } from "../../../local/resources/policies.ts";
import { arnOf, inventoryOf, resource } from "./fixtures.ts";

const roleArn = "arn:aws:iam::000000000000:role/sender";
const queueArn = arnOf("sqs", "events");
const keyArn = arnOf("kms", "key/1");
const functionArn = arnOf("lambda", "function:f");
const queueUrl = "http://127.0.0.1:4566/000000000000/events";

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: string | string[], Resource: string, more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const trusting = (Service: string) => policy({ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" });

const role = resource(
  "aws_iam_role.sender",
  { name: "sender", assume_role_policy: trusting("lambda.amazonaws.com") },
  { arn: roleArn },
);
const queue = (config: object = {}) =>
  resource("aws_sqs_queue.q", { name: "events", ...config }, { arn: queueArn, url: queueUrl });
const rolePolicy = (text: string) => resource("aws_iam_role_policy.p", { role: "sender", policy: text });
const sender: Principal = { kind: "function", functionName: "f", roleArn };
const gateway = (path: string): Principal => ({
  kind: "service",
  service: "apigateway.amazonaws.com",
  sourceArn: arnOf("execute-api", `api/v1/POST${path}`),
});

const authorizer = (...resources: Parameters<typeof inventoryOf>) => authorizerOf(inventoryOf(...resources), Date.now);
const send = (of: ReturnType<typeof authorizer>) => () =>
  of.authorize(sender, "sqs", "SendMessage", { QueueUrl: queueUrl });

describe("authorizerOf", () => {
  it("allows what a role's policies allow, and nothing without one", () => {
    expect(send(authorizer(role, queue(), rolePolicy(policy(allow("sqs:SendMessage", queueArn)))))).not.toThrow();
    expect(send(authorizer(role, queue()))).toThrow(/sqs:SendMessage/);
  });

  it("judges a secret that is asked for by name by its full ARN", () => {
    const secretArn = arnOf("secretsmanager", "secret:provider-api-keys/stripe-dev-a1b2c3");
    const secret = resource(
      "aws_secretsmanager_secret.s",
      { name: "provider-api-keys/stripe-dev" },
      { arn: secretArn },
    );
    const reading = authorizer(role, secret, rolePolicy(policy(allow("secretsmanager:GetSecretValue", secretArn))));
    const read = (SecretId: string) => () =>
      reading.authorize(sender, "secretsmanager", "GetSecretValue", { SecretId });
    expect(read(secretArn)).not.toThrow();
    expect(read("provider-api-keys/stripe-dev")).not.toThrow();
    expect(read("provider-api-keys/stripe-prod")).toThrow(/secretsmanager:GetSecretValue/);
  });

  it("asks for the key of an encrypted queue too", () => {
    const encrypted = queue({ kms_master_key_id: keyArn });
    const key = resource(
      "aws_kms_key.k",
      {
        policy: policy({
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::000000000000:root" },
          Action: "kms:*",
          Resource: "*",
        }),
      },
      { arn: keyArn },
    );
    const onQueue = allow("sqs:SendMessage", queueArn);
    expect(send(authorizer(role, encrypted, key, rolePolicy(policy(onQueue))))).toThrow(/kms:/);
    const onKey = allow(["kms:GenerateDataKey", "kms:Decrypt"], keyArn);
    expect(send(authorizer(role, encrypted, key, rolePolicy(policy(onQueue, onKey))))).not.toThrow();
  });

  it("lets API Gateway call a function from where its permission says", () => {
    const permission = resource("aws_lambda_permission.p", {
      function_name: "f",
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      source_arn: arnOf("execute-api", "api/v1/*/webhook"),
    });
    const invoke = (path: string) => () =>
      authorizer(permission).authorize(gateway(path), "lambda", "Invoke", { FunctionName: functionArn });
    expect(invoke("/webhook")).not.toThrow();
    expect(invoke("/elsewhere")).toThrow(/lambda:InvokeFunction/);
  });

  it("lets API Gateway call an alias when the permission is the alias's", () => {
    const permission = (qualifier: object) =>
      resource("aws_lambda_permission.p", {
        function_name: "f",
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        source_arn: arnOf("execute-api", "api/v1/*/webhook"),
        ...qualifier,
      });
    const invoke = (qualifier: object, called: string) => () =>
      authorizer(permission(qualifier)).authorize(gateway("/webhook"), "lambda", "Invoke", { FunctionName: called });
    expect(invoke({ qualifier: "live" }, `${functionArn}:live`)).not.toThrow();
    expect(invoke({ qualifier: "live" }, functionArn)).toThrow(/lambda:InvokeFunction/);
    expect(invoke({}, `${functionArn}:live`)).toThrow(/lambda:InvokeFunction/);
  });

  it("lets a service send where the queue's policy says", () => {
    const rule: Principal = {
      kind: "service",
      service: "events.amazonaws.com",
      sourceArn: arnOf("events", "rule/bus/r"),
    };
    const statement = { ...allow("sqs:SendMessage", queueArn), Principal: { Service: "events.amazonaws.com" } };
    const queuePolicy = resource("aws_sqs_queue_policy.p", { queue_url: queueUrl, policy: policy(statement) });
    const deliver = (of: ReturnType<typeof authorizer>) => () =>
      of.authorize(rule, "sqs", "SendMessage", { QueueUrl: queueUrl });
    expect(deliver(authorizer(queue(), queuePolicy))).not.toThrow();
    expect(deliver(authorizer(queue()))).toThrow();
  });
});

describe("machinesOf", () => {
  const logActions = [
    "CreateLogDelivery",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
  ]
    .concat(["PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"])
    .map((action) => `logs:${action}`);
  const machineRole = (service = "states.amazonaws.com") =>
    resource("aws_iam_role.sender", { name: "sender", assume_role_policy: trusting(service) }, { arn: roleArn });
  const machine = (logging: object | undefined) =>
    resource(
      "aws_sfn_state_machine.m",
      {
        name: "m",
        type: "EXPRESS",
        definition: "{}",
        role_arn: roleArn,
        ...(logging && { logging_configuration: logging }),
      },
      { arn: arnOf("states", "stateMachine:m") },
    );
  const logging = { level: "ALL", include_execution_data: true, log_destination: "arn:group:*" };
  const read = (...resources: Parameters<typeof inventoryOf>) => {
    const inventory = inventoryOf(...resources);
    return machinesOf(inventory, authorizerOf(inventory, Date.now));
  };

  it("reads a machine whose role may have its logs delivered", () => {
    expect(read(machineRole(), rolePolicy(policy(allow(logActions, "*"))), machine(logging))).toEqual([
      {
        arn: arnOf("states", "stateMachine:m"),
        name: "m",
        isTraced: false,
        type: "EXPRESS",
        definition: "{}",
        roleArn,
        logging: { logGroupArn: "arn:group:*", level: "ALL", includeExecutionData: true },
      },
    ]);
  });

  it.each(logActions)("refuses one whose role may not %s", (missing) => {
    const rest = logActions.filter((action) => action !== missing);
    expect(() => read(machineRole(), rolePolicy(policy(allow(rest, "*"))), machine(logging))).toThrow(
      new RegExp(`^aws_sfn_state_machine\\.m: .*${missing}`),
    );
  });

  it("asks for nothing where nothing is logged", () => {
    expect(read(machineRole(), machine(undefined))).toHaveLength(1);
    expect(read(machineRole(), machine({ ...logging, level: "OFF" }))).toHaveLength(1);
  });

  it("refuses a role that doesn't trust Step Functions", () => {
    expect(() => read(machineRole("lambda.amazonaws.com"), machine(undefined))).toThrow(/^aws_sfn_state_machine\.m: /);
  });
});
