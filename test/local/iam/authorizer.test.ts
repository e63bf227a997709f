import { AwsError, type Principal, type ServiceName } from "../../../local/aws/types.ts";
import { type AuthorizerOptions, createAuthorizer } from "../../../local/iam/authorizer.ts";
import { MalformedPolicyError } from "../../../local/iam/errors.ts";
import { denyOverwriting } from "../../../stacks/constructs/policy.ts";

const account = "000000000000";
const roleArn = `arn:aws:iam::${account}:role/webhook-dedup-dev-role`;
const queue = `arn:aws:sqs:us-east-1:${account}:orders`;
const otherQueue = `arn:aws:sqs:us-east-1:${account}:refunds`;
const topic = `arn:aws:sns:us-east-1:${account}:alerts`;
const rule = `arn:aws:events:us-east-1:${account}:rule/low`;
const key = `arn:aws:kms:us-east-1:${account}:key/1`;
const send = { QueueUrl: `http://localhost:4566/${account}/orders` };

const dedup: Principal = { kind: "function", functionName: "webhook-dedup-dev", roleArn };
const bus: Principal = { kind: "service", service: "events.amazonaws.com", sourceArn: rule };
const machine: Principal = { kind: "service", service: "states.amazonaws.com", sourceArn: "arn:machine", roleArn };
const operator: Principal = { kind: "operator" };

type Json = Record<string, unknown>;
const policy = (...Statement: Json[]) => ({ Version: "2012-10-17", Statement });
const allow = (Action: string | string[], Resource: string | string[], more: Json = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const forRole = (...statements: Json[]) => ({ rolePolicies: new Map([[roleArn, [policy(...statements)]]]) });
const byEvents = { Principal: { Service: "events.amazonaws.com" } };

function authorizer(options: Partial<AuthorizerOptions> = {}) {
  return createAuthorizer({
    rolePolicies: new Map(),
    trustPolicies: new Map(),
    resourcePolicies: new Map(),
    keyPolicies: new Map(),
    kmsKeyOf: () => undefined,
    account,
    now: () => Date.parse("2026-11-20T12:00:00Z"),
    ...options,
  });
}

function denial(attempt: () => void): AwsError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error("It was allowed.");
}

describe("authorize", () => {
  it("lets a function do what its role allows, and says what is missing otherwise", () => {
    const { authorize } = authorizer(forRole(allow("sqs:SendMessage", queue)));
    authorize(dedup, "sqs", "SendMessage", send);
    const error = denial(() => authorize(dedup, "sqs", "ReceiveMessage", send));
    expect(error).toMatchObject({ code: "AccessDeniedException", status: 400 });
    expect(error.message).toBe(
      `webhook-dedup-dev-role is not allowed sqs:ReceiveMessage on ${queue}: no statement of its policies allows it`,
    );
  });

  it("lets a function create an object and not overwrite one, where the bucket's policy says so", () => {
    const bucket = "arn:aws:s3:::payloads";
    const { authorize } = authorizer({
      ...forRole(allow("s3:PutObject", `${bucket}/*`)),
      resourcePolicies: new Map([[bucket, policy({ ...denyOverwriting(bucket) })]]),
    });
    const put = { Bucket: "payloads", Key: "k" };
    for (const operation of ["PutObject", "CompleteMultipartUpload"]) {
      authorize(dedup, "s3", operation, { ...put, IfNoneMatch: "*" });
      for (const input of [put, { ...put, IfMatch: '"etag"' }]) {
        const { message } = denial(() => authorize(dedup, "s3", operation, input));
        expect(message).toContain("DenyOverwriting");
      }
    }
    // No part of an upload can say If-None-Match: nothing is uploaded in parts there.
    denial(() => authorize(dedup, "s3", "CreateMultipartUpload", put));
    denial(() => authorize(dedup, "s3", "UploadPart", put));
  });

  it("lets a service act with the role that it was given, and without one only by the resource's policy", () => {
    const { authorize } = authorizer(forRole(allow("sqs:SendMessage", queue)));
    authorize(machine, "sqs", "SendMessage", send);
    expect(denial(() => authorize(bus, "sqs", "SendMessage", send)).message).toBe(
      `events.amazonaws.com for ${rule} is not allowed sqs:SendMessage on ${queue}: the resource has no policy that allows it to this service`,
    );
    const condition = {
      Condition: { ArnEquals: { "aws:SourceArn": rule }, StringEquals: { "aws:SourceAccount": account } },
    };
    const open = authorizer({
      resourcePolicies: new Map([[queue, policy(allow("sqs:SendMessage", queue, { ...byEvents, ...condition }))]]),
    });
    open.authorize(bus, "sqs", "SendMessage", send);
    const stranger: Principal = { ...bus, sourceArn: `${rule}2` };
    expect(denial(() => open.authorize(stranger, "sqs", "SendMessage", send)).message).toContain(
      "ArnEquals aws:SourceArn",
    );
  });

  it("allows the operator everything, even what it doesn't know, and records none of it", () => {
    const { authorize, usage } = authorizer();
    authorize(operator, "sqs", "SendMessage", send);
    authorize(operator, "dynamodb", "ExecuteStatement", {});
    expect(usage()).toEqual({ used: [], unused: [], denied: [] });
  });

  it("refuses an operation whose permissions aren't known", () => {
    const { authorize } = authorizer(forRole(allow("*", "*")));
    const error = denial(() => authorize(dedup, "dynamodb", "ExecuteStatement", {}));
    expect(error).toMatchObject({ code: "NotImplemented", status: 501 });
  });

  it.each<[ServiceName, string, Json, string, number]>([
    ["dynamodb", "GetItem", { TableName: "T" }, "AccessDeniedException", 400],
    ["sqs", "SendMessage", send, "AccessDeniedException", 400],
    ["sns", "Publish", { TopicArn: topic }, "AuthorizationError", 403],
    ["s3", "GetObject", { Bucket: "b", Key: "k" }, "AccessDenied", 403],
    ["events", "PutEvents", { Entries: [{}] }, "AccessDeniedException", 400],
    ["states", "StartExecution", { stateMachineArn: "arn:m" }, "AccessDeniedException", 400],
    ["lambda", "Invoke", { FunctionName: "f" }, "AccessDeniedException", 403],
    ["secretsmanager", "GetSecretValue", { SecretId: "s" }, "AccessDeniedException", 400],
    ["logs", "PutLogEvents", { logGroupName: "g", logStreamName: "s" }, "AccessDeniedException", 400],
  ])("answers a denied %s %s %j as the service does: %s", (service, operation, input, code, status) => {
    expect(denial(() => authorizer().authorize(dedup, service, operation, input))).toMatchObject({ code, status });
  });

  it("needs every permission of a transaction", () => {
    const table = (name: string) => `arn:aws:dynamodb:us-east-1:${account}:table/${name}`;
    const { authorize } = authorizer(forRole(allow(["dynamodb:PutItem"], [table("T"), table("U")])));
    const items = (member: string) => ({
      TransactItems: [{ Put: { TableName: "T" } }, { [member]: { TableName: "U" } }],
    });
    authorize(dedup, "dynamodb", "TransactWriteItems", items("Put"));
    const error = denial(() => authorize(dedup, "dynamodb", "TransactWriteItems", items("ConditionCheck")));
    expect(error.message).toContain(`dynamodb:ConditionCheckItem on ${table("U")}`);
  });

  it("finds the policy that stands for many resources", () => {
    const groups = `arn:aws:logs:us-east-1:${account}:log-group:/aws/events/*:*`;
    const { authorize } = authorizer({
      resourcePolicies: new Map([
        [
          `arn:aws:logs:us-east-1:${account}:*`,
          policy(allow(["logs:CreateLogStream", "logs:PutLogEvents"], groups, byEvents)),
        ],
      ]),
    });
    authorize(bus, "logs", "PutLogEvents", { logGroupName: "/aws/events/low-value-dev", logStreamName: "s" });
    denial(() => authorize(bus, "logs", "PutLogEvents", { logGroupName: "/aws/lambda/f", logStreamName: "s" }));
  });

  it("takes several policies of one resource together", () => {
    const lambda = `arn:aws:lambda:us-east-1:${account}:function:f`;
    const permission = (service: string) =>
      policy(allow("lambda:InvokeFunction", lambda, { Principal: { Service: service } }));
    const { authorize } = authorizer({
      resourcePolicies: new Map([
        [lambda, [permission("apigateway.amazonaws.com"), permission("events.amazonaws.com")]],
      ]),
    });
    authorize(bus, "lambda", "Invoke", { FunctionName: "f" });
    denial(() => authorize({ ...bus, service: "sns.amazonaws.com" }, "lambda", "Invoke", { FunctionName: "f" }));
  });

  it("uses a policy that is set later, also after a denial", () => {
    const { authorize, setResourcePolicy } = authorizer();
    denial(() => authorize(bus, "sqs", "SendMessage", send));
    setResourcePolicy(queue, policy(allow("sqs:SendMessage", queue, byEvents)));
    authorize(bus, "sqs", "SendMessage", send);
    expect(() => setResourcePolicy(queue, "{")).toThrow(MalformedPolicyError);
    authorize(bus, "sqs", "SendMessage", send);
  });

  it("counts every call as secure transport", () => {
    const secureOnly = {
      Effect: "Deny",
      Action: "sqs:*",
      Resource: queue,
      Principal: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    const { authorize } = authorizer({
      ...forRole(allow("sqs:SendMessage", queue)),
      resourcePolicies: new Map([[queue, policy(secureOnly)]]),
    });
    authorize(dedup, "sqs", "SendMessage", send);
  });

  it("doesn't believe a request that says for what it is made", () => {
    const condition = { Condition: { StringEquals: { "aws:SourceArn": rule } } };
    const { authorize } = authorizer(forRole(allow("sqs:SendMessage", queue, condition)));
    denial(() => authorize(dedup, "sqs", "SendMessage", send, { "aws:sourcearn": rule }));
  });

  it("names the malformed policy", () => {
    const create = () => authorizer(forRole(allow("SendMessage", queue)));
    expect(create).toThrow(expect.objectContaining({ path: "webhook-dedup-dev-role's policies.Statement[0].Action" }));
  });
});

describe("authorize: remembered decisions", () => {
  it("don't outlive what they depended on: the time", () => {
    let now = Date.parse("2026-11-20T12:00:00Z");
    const until = { Condition: { DateLessThan: { "aws:CurrentTime": "2026-11-20T12:00:01Z" } } };
    const { authorize } = authorizer({ ...forRole(allow("sqs:SendMessage", queue, until)), now: () => now });
    authorize(dedup, "sqs", "SendMessage", send);
    now += 1_000;
    denial(() => authorize(dedup, "sqs", "SendMessage", send));
  });

  it("don't outlive what they depended on: the time in a key policy", () => {
    let now = Date.parse("2026-11-20T12:00:00Z");
    const until = { Condition: { DateLessThan: { "aws:EpochTime": "2026-11-20T12:00:01Z" } } };
    const { authorize } = authorizer({
      ...forRole(allow("sqs:SendMessage", queue)),
      kmsKeyOf: () => key,
      keyPolicies: new Map([[key, policy(allow("kms:*", "*", { Principal: { AWS: roleArn }, ...until }))]]),
      now: () => now,
    });
    authorize(dedup, "sqs", "SendMessage", send);
    now += 1_000;
    denial(() => authorize(dedup, "sqs", "SendMessage", send));
  });

  it("don't outlive what they depended on: the input and the request", () => {
    const from = (name: string, value: string) => ({ Condition: { StringEquals: { [name]: value } } });
    const { authorize } = authorizer(
      forRole(
        allow("events:PutEvents", "*", from("events:source", "payment-webhooks")),
        allow("sqs:SendMessage", queue, { Condition: { IpAddress: { "aws:SourceIp": "127.0.0.0/8" } } }),
      ),
    );
    authorize(dedup, "events", "PutEvents", { Entries: [{ Source: "payment-webhooks" }] });
    denial(() =>
      authorize(dedup, "events", "PutEvents", { Entries: [{ Source: "payment-webhooks" }, { Source: "x" }] }),
    );
    authorize(dedup, "sqs", "SendMessage", send, { "aws:sourceip": "127.0.0.1" });
    denial(() => authorize(dedup, "sqs", "SendMessage", send, { "aws:sourceip": "10.0.0.1" }));
    denial(() => authorize(dedup, "sqs", "SendMessage", send));
  });

  it("don't mix principals, resources or keys up", () => {
    let keyArn: string | undefined;
    const { authorize } = authorizer({ ...forRole(allow("sqs:SendMessage", queue)), kmsKeyOf: () => keyArn });
    authorize(dedup, "sqs", "SendMessage", send);
    denial(() => authorize({ ...dedup, roleArn: `${roleArn}2` }, "sqs", "SendMessage", send));
    denial(() => authorize(bus, "sqs", "SendMessage", send));
    denial(() => authorize(dedup, "sqs", "SendMessage", { QueueUrl: `http://localhost:4566/${account}/refunds` }));
    keyArn = key;
    denial(() => authorize(dedup, "sqs", "SendMessage", send));
  });
});

describe("authorize: encrypted resources", () => {
  const kmsKeyOf = (arn: string) => (arn === queue || arn === topic ? key : undefined);
  const own = allow(["sqs:SendMessage", "sns:Publish"], [queue, topic]);

  it("need the key's permissions too, under the service's own error", () => {
    const { authorize } = authorizer({ ...forRole(own, allow("kms:GenerateDataKey", key)), kmsKeyOf });
    const error = denial(() => authorize(dedup, "sqs", "SendMessage", send));
    expect(error).toMatchObject({ code: "KmsAccessDenied", status: 400 });
    expect(error.message).toBe(
      `webhook-dedup-dev-role is not allowed kms:Decrypt on ${key}: no statement of its policies allows it`,
    );
    expect(denial(() => authorize(dedup, "sns", "Publish", { TopicArn: topic })).code).toBe("KMSAccessDenied");
  });

  it("are open to roles whose policies allow the key by way of the service", () => {
    const via = { Condition: { StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" } } };
    const { authorize } = authorizer({
      ...forRole(own, allow(["kms:GenerateDataKey", "kms:Decrypt"], key, via)),
      kmsKeyOf,
    });
    authorize(dedup, "sqs", "SendMessage", send);
    expect(denial(() => authorize(dedup, "sns", "Publish", { TopicArn: topic })).message).toContain("kms:ViaService");
  });

  it("are closed when the key policy doesn't leave it to the account", () => {
    const keyPolicies = new Map([[key, policy(allow("kms:*", "*", byEvents))]]);
    const { authorize } = authorizer({ ...forRole(own, allow("kms:*", key)), kmsKeyOf, keyPolicies });
    expect(denial(() => authorize(dedup, "sqs", "SendMessage", send)).message).toContain(
      "the key policy neither allows it nor leaves it to the account's policies",
    );
  });

  it("need a key policy that allows a service by itself", () => {
    const resourcePolicies = new Map([[queue, policy(allow("sqs:SendMessage", queue, byEvents))]]);
    const closed = authorizer({ resourcePolicies, kmsKeyOf });
    expect(denial(() => closed.authorize(bus, "sqs", "SendMessage", send)).code).toBe("KmsAccessDenied");
    const context = { Condition: { StringEquals: { "kms:EncryptionContext:aws:sqs:arn": queue } } };
    const keyPolicies = new Map([
      [key, policy(allow(["kms:GenerateDataKey", "kms:Decrypt"], "*", { ...byEvents, ...context }))],
    ]);
    authorizer({ resourcePolicies, kmsKeyOf, keyPolicies }).authorize(bus, "sqs", "SendMessage", send);
  });
});

describe("mayAssume", () => {
  const trust = (more: Json = {}) => ({
    trustPolicies: new Map([
      [
        roleArn,
        policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" }, ...more }),
      ],
    ]),
  });

  it("asks the role's trust policy", () => {
    const { mayAssume } = authorizer(trust());
    expect(mayAssume(roleArn, "lambda.amazonaws.com", "arn:f").allowed).toBe(true);
    expect(mayAssume(roleArn, "states.amazonaws.com", "arn:m")).toMatchObject({
      allowed: false,
      reason: `states.amazonaws.com for arn:m is not allowed sts:AssumeRole on ${roleArn}: no statement of the resource's policy allows it to this service`,
    });
    expect(mayAssume(`${roleArn}2`, "lambda.amazonaws.com", "arn:f").allowed).toBe(false);
  });

  it("knows for what the service acts", () => {
    const { mayAssume } = authorizer(
      trust({ Condition: { ArnLike: { "aws:SourceArn": "arn:aws:lambda:*:*:function:f" } } }),
    );
    const source = (name: string) => `arn:aws:lambda:us-east-1:${account}:function:${name}`;
    expect(mayAssume(roleArn, "lambda.amazonaws.com", source("f")).allowed).toBe(true);
    expect(mayAssume(roleArn, "lambda.amazonaws.com", source("g")).allowed).toBe(false);
  });
});

describe("gaps", () => {
  it("name operators that aren't known and condition keys that no request has", () => {
    const { gaps } = authorizer(
      forRole(
        allow("sqs:SendMessage", queue, { Sid: "A", Condition: { StringMatches: { "aws:SourceArn": "x" } } }),
        allow("sqs:SendMessage", queue, {
          Sid: "B",
          Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "x" } },
        }),
        allow("sqs:SendMessage", queue, {
          Sid: "C",
          Condition: { StringEquals: { "kms:EncryptionContext:aws:sqs:arn": "x" } },
        }),
      ),
    );
    expect(gaps).toEqual([
      `statement "A" of webhook-dedup-dev-role's policies: the operator of StringMatches aws:SourceArn isn't known here, so what it is about is denied`,
      `statement "B" of webhook-dedup-dev-role's policies: no request here has the condition key dynamodb:leadingkeys`,
    ]);
  });
});

describe("usage", () => {
  it("lists the grants that nobody used, pair by pair, and the denied calls", () => {
    const { authorize, usage } = authorizer(
      forRole(
        allow(["sqs:SendMessage", "sqs:ReceiveMessage"], [queue, otherQueue], { Sid: "Queues" }),
        allow("dynamodb:*", "arn:aws:dynamodb:*:*:table/T"),
        { Effect: "Deny", Action: "s3:*", Resource: "*" },
      ),
    );
    authorize(dedup, "sqs", "SendMessage", send);
    authorize(machine, "dynamodb", "GetItem", { TableName: "T" });
    for (let attempt = 0; attempt < 2; attempt++) {
      denial(() => authorize(dedup, "s3", "HeadBucket", { Bucket: "b" }));
    }
    const role = "webhook-dedup-dev-role";
    const queues = { principal: role, sid: "Queues" };
    expect(usage()).toEqual({
      used: [
        { ...queues, action: "sqs:SendMessage", resource: queue },
        { principal: role, action: "dynamodb:*", resource: "arn:aws:dynamodb:*:*:table/T" },
      ],
      unused: [
        { ...queues, action: "sqs:SendMessage", resource: otherQueue },
        { ...queues, action: "sqs:ReceiveMessage", resource: queue },
        { ...queues, action: "sqs:ReceiveMessage", resource: otherQueue },
      ],
      denied: [
        {
          principal: role,
          action: "s3:ListBucket",
          resource: "arn:aws:s3:::b",
          reason: `${role} is not allowed s3:ListBucket on arn:aws:s3:::b: statement 2 of ${role}'s policies denies it`,
          count: 2,
        },
      ],
    });
  });

  it("lists what resources and keys grant to services, by service", () => {
    const services = { Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] } };
    const delegation = { Principal: { AWS: `arn:aws:iam::${account}:root` } };
    const { authorize, usage } = authorizer({
      resourcePolicies: new Map([[queue, policy(allow("sqs:SendMessage", queue, services))]]),
      keyPolicies: new Map([
        [key, policy(allow("kms:*", "*", delegation), allow(["kms:Decrypt", "kms:GenerateDataKey"], "*", byEvents))],
      ]),
      kmsKeyOf: () => key,
    });
    authorize(bus, "sqs", "SendMessage", send);
    expect(usage()).toEqual({
      used: [
        { principal: "events.amazonaws.com", action: "sqs:SendMessage", resource: queue },
        { principal: "events.amazonaws.com", action: "kms:Decrypt", resource: key },
        { principal: "events.amazonaws.com", action: "kms:GenerateDataKey", resource: key },
      ],
      unused: [{ principal: "delivery.logs.amazonaws.com", action: "sqs:SendMessage", resource: queue }],
      denied: [],
    });
  });
});
