/** Powertools turns tracing off by itself here and there: TRACING may be on all the same. */
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { createXrayTracing } from "../../../../lambdas/shared/runtime/xray.ts";
import { withoutMessages } from "../../../../lambdas/shared/runtime/xray-errors.ts";

const lambdaEnvironment = {
  AWS_LAMBDA_FUNCTION_NAME: "webhook-dedup-test",
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
};
const variables = [...Object.keys(lambdaEnvironment), "POWERTOOLS_TRACE_ENABLED"];
const before = variables.map((name) => [name, process.env[name]] as const);

beforeEach(() => {
  for (const name of variables) delete process.env[name];
});
afterAll(() => {
  for (const name of variables) delete process.env[name];
  for (const [name, value] of before) if (value !== undefined) process.env[name] = value;
});

/** A client whose calls end here. */
const aClient = () =>
  new DynamoDBClient({
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    requestHandler: {
      handle: async () => ({ response: { statusCode: 200, headers: {}, body: Buffer.from('{"Item":{}}') } }),
    },
  });
const call = (client: DynamoDBClient) =>
  client.send(new GetItemCommand({ TableName: "transactions-test", Key: { pk: { S: "a" } } }));

const { AWS_EXECUTION_ENV: _, ...outsideLambda } = lambdaEnvironment;

describe("X-Ray tracing that Powertools has turned off", () => {
  it.each([
    ["by its variable", { ...lambdaEnvironment, POWERTOOLS_TRACE_ENABLED: "false" }],
    ["outside Lambda", outsideLambda],
  ])("leaves calls, work and messages as they are (%s)", async (_why, environment) => {
    Object.assign(process.env, environment);
    const client = aClient();
    const tracing = createXrayTracing({ clients: [client], tell: () => {} });
    const header = `Root=1-67000000-${"a".repeat(24)};Sampled=1`;
    const message = tracing.message(header);
    const answer = await tracing.invocation(() => message.within(() => call(client)));
    tracing.annotate({ eventId: "stripe:evt_1" });
    message.end({}, undefined);
    expect(answer.Item).toEqual({});
    expect(message.header).toBe(header);
  });

  it("does nothing to a client that isn't recorded", async () => {
    const client = aClient();
    withoutMessages(client);
    expect((await call(client)).Item).toEqual({});
  });
});
