import { protocols } from "../../../local/aws/protocols.ts";
import { AwsError } from "../../../local/aws/types.ts";
import type { AwsRequest } from "../../../local/aws/wire.ts";

function request(overrides: Partial<AwsRequest>): AwsRequest {
  return { method: "POST", url: "/", headers: {}, body: Buffer.alloc(0), ...overrides };
}

const errorOf = (act: () => unknown): AwsError => {
  try {
    act();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

describe("the JSON protocols", () => {
  const headers = { "x-amz-target": "AmazonSQS.SendMessage" };

  it("take the operation from the target and the input from the body", () => {
    expect(protocols.sqs.decode(request({ headers, body: Buffer.from('{"QueueUrl":"q"}') }))).toEqual({
      operation: "SendMessage",
      input: { QueueUrl: "q" },
    });
    expect(protocols.sqs.decode(request({ headers }))).toEqual({ operation: "SendMessage", input: {} });
  });

  it.each(["[]", "null", "1", "{", '"text"'])("refuse the body %s", (body) => {
    expect(errorOf(() => protocols.sqs.decode(request({ headers, body: Buffer.from(body) }))).code).toBe(
      "SerializationException",
    );
  });

  it("refuse a request without a target", () => {
    expect(errorOf(() => protocols.events.decode(request({}))).code).toBe("MissingAction");
  });

  it("write dates as epoch seconds, however deep they stand", () => {
    const at = new Date("2026-11-20T10:00:00.250Z");
    const { body, headers: answered } = protocols.states.encode("DescribeExecution", { startDate: at, list: [{ at }] });
    expect(JSON.parse(String(body))).toEqual({ startDate: 1795168800.25, list: [{ at: 1795168800.25 }] });
    expect(answered["content-type"]).toBe("application/x-amz-json-1.0");
  });

  it("write errors with their code, their status and their own members", () => {
    const error = new AwsError("ConditionalCheckFailedException", "no", { details: { Item: { id: { S: "1" } } } });
    const { status, headers: answered, body } = protocols.dynamodb.encodeError(error, "PutItem");
    expect(status).toBe(400);
    expect(answered["x-amzn-errortype"]).toBe("ConditionalCheckFailedException");
    expect(JSON.parse(String(body))).toEqual({
      __type: "ConditionalCheckFailedException",
      message: "no",
      Item: { id: { S: "1" } },
    });
  });

  it("are 1.1 where the service speaks 1.1", () => {
    for (const service of ["events", "secretsmanager", "logs"] as const) {
      expect(protocols[service].encode("X", {}).headers["content-type"]).toBe("application/x-amz-json-1.1");
    }
  });
});

describe("the query protocol", () => {
  it("reads the form", () => {
    const body = Buffer.from("Action=Publish&Version=2010-03-31&Message=a%26b+c");
    expect(protocols.sns.decode(request({ body }))).toEqual({
      operation: "Publish",
      input: { Version: "2010-03-31", Message: "a&b c" },
    });
    expect(errorOf(() => protocols.sns.decode(request({}))).code).toBe("MissingAction");
  });

  it("escapes what it writes", () => {
    const text = `<a> & "b" 'c'`;
    const escaped = "&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos;";
    expect(protocols.sts.encode("GetCallerIdentity", { Arn: text }).body).toContain(`<Arn>${escaped}</Arn>`);
    const { status, body } = protocols.sns.encodeError(new AwsError("Throttling", text, { status: 500 }), "Publish");
    expect(status).toBe(500);
    expect(body).toContain(`<Type>Receiver</Type><Code>Throttling</Code><Message>${escaped}</Message>`);
  });
});

describe("S3", () => {
  it("is judged by the path as it came, dots and double slashes included", () => {
    const { operation, input } = protocols.s3.decode(
      request({ method: "GET", url: "/bucket/a/../b//c?x-id=GetObject" }),
    );
    expect({ operation, input }).toEqual({ operation: "GetObject", input: { Bucket: "bucket", Key: "a/../b//c" } });
  });

  it("writes its errors in XML", () => {
    const error = new AwsError("PreconditionFailed", "<no>", { status: 412 });
    expect(protocols.s3.encodeError(error, "PutObject")).toMatchObject({
      status: 412,
      body: '<?xml version="1.0"?><Error><Code>PreconditionFailed</Code><Message>&lt;no&gt;</Message></Error>',
    });
  });
});

describe("Lambda", () => {
  const path = (name: string) => `/2015-03-31/functions/${name}/invocations`;

  it("reads name or ARN, type and payload of an Invoke", () => {
    const arn = "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Ascore-dev";
    const headers = { "x-amz-invocation-type": "Event" };
    expect(protocols.lambda.decode(request({ url: path(arn), headers, body: Buffer.from("{}") }))).toEqual({
      operation: "Invoke",
      input: { FunctionName: decodeURIComponent(arn), InvocationType: "Event", Payload: "{}" },
    });
    expect(protocols.lambda.decode(request({ url: `${path("score-dev")}?Qualifier=1` })).input).toMatchObject({
      FunctionName: "score-dev",
      InvocationType: "RequestResponse",
    });
  });

  it.each([
    ["another method", { method: "GET", url: path("f") }],
    ["another operation", { url: "/2015-03-31/functions" }],
    ["a broken percent sign", { url: path("%zz") }],
    ["a longer path", { url: `${path("f")}/more` }],
  ])("answers 404 to %s", (_name, overrides) => {
    expect(errorOf(() => protocols.lambda.decode(request(overrides))).status).toBe(404);
  });

  it("says in a header when the function failed", () => {
    const output = { StatusCode: 200, ExecutedVersion: "$LATEST", FunctionError: "Unhandled", Payload: "{}" };
    expect(protocols.lambda.encode("Invoke", output)).toMatchObject({
      status: 200,
      headers: { "x-amz-function-error": "Unhandled", "x-amz-executed-version": "$LATEST" },
      body: "{}",
    });
    expect(protocols.lambda.encode("Invoke", { StatusCode: 202, Payload: "" }).headers).not.toHaveProperty(
      "x-amz-function-error",
    );
  });
});
