import { AwsError } from "../../../../../local/aws/types.ts";
import { fakeAws, machine, only, service, task } from "../harness.ts";

const lambda = (more: object = {}) =>
  task("lambda:invoke", { Parameters: { FunctionName: "f", "Payload.$": "$" }, ...more });

describe("tasks", () => {
  it("invokes a function as the machine's role and gives back its parsed payload", async () => {
    const aws = fakeAws(() => ({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      Payload: '{"score":0.5}',
      $metadata: {},
    }));
    const config = machine(only(lambda()));
    const { start, end } = service([config], aws);
    const execution = await end(await start(config.arn, { id: 1 }));
    expect(JSON.parse(String(execution.output))).toEqual({
      ExecutedVersion: "$LATEST",
      Payload: { score: 0.5 },
      StatusCode: 200,
    });
    expect(aws.calls).toEqual([
      {
        principal: {
          kind: "service",
          service: "states.amazonaws.com",
          sourceArn: config.arn,
          roleArn: "arn:aws:iam::000000000000:role/machine",
        },
        service: "lambda",
        operation: "Invoke",
        input: { FunctionName: "f", Payload: '{"id":1}' },
      },
    ]);
  });

  it.each([
    ["lambda:invoke", "TooManyRequestsException", "Lambda.TooManyRequestsException"],
    ["lambda:invoke", "ServiceException", "Lambda.ServiceException"],
    ["lambda:invoke", "AccessDeniedException", "Lambda.AWSLambdaException"],
    ["dynamodb:putItem", "ConditionalCheckFailedException", "DynamoDB.ConditionalCheckFailedException"],
    ["dynamodb:putItem", "ThrottlingException", "DynamoDB.AmazonDynamoDBException"],
    ["aws-sdk:dynamodb:putItem", "ConditionalCheckFailedException", "DynamoDb.ConditionalCheckFailedException"],
    ["aws-sdk:sqs:sendMessage", "QueueDoesNotExist", "Sqs.QueueDoesNotExistException"],
    ["sns:publish", "NotFoundException", "SNS.NotFoundException"],
    ["states:startExecution", "ExecutionAlreadyExists", "StepFunctions.ExecutionAlreadyExistsException"],
    ["states:startExecution", "AccessDeniedException", "StepFunctions.AWSStepFunctionsException"],
  ])("of %s name the service's %s %s", async (resource, code, name) => {
    const aws = fakeAws(() => {
      throw new AwsError(code, "no");
    });
    const config = machine(only(task(resource, { Parameters: {} })));
    const { start, end } = service([config], aws);
    expect(await end(await start(config.arn))).toMatchObject({ status: "FAILED", error: name });
  });

  it("takes a function's own error type as the error's name, and its payload as the cause", async () => {
    const payload = '{"errorType":"CardDeclined","errorMessage":"no"}';
    const aws = fakeAws(() => ({ StatusCode: 200, FunctionError: "Unhandled", Payload: payload }));
    const config = machine(only(lambda()));
    const { start, end } = service([config], aws);
    expect(await end(await start(config.arn))).toMatchObject({ error: "CardDeclined", cause: payload });
  });

  it("fails putEvents when the bus refuses an entry", async () => {
    const aws = fakeAws(() => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure" }] }));
    const config = machine(only(task("events:putEvents", { Parameters: { Entries: [{ Detail: { a: 1 } }] } })));
    const { start, end } = service([config], aws);
    expect(await end(await start(config.arn))).toMatchObject({ error: "EventBridge.FailedEntry" });
    expect(aws.calls[0]?.input).toEqual({ Entries: [{ Detail: '{"a":1}' }] });
  });

  it("starts an execution with its parameters in the API's words, and goes on without waiting for it", async () => {
    const aws = fakeAws(() => ({ executionArn: "arn:started", startDate: new Date(0) }));
    const parameters = { StateMachineArn: "arn:machine", "Name.$": "$.name", Input: { "a.$": "$.name" } };
    const config = machine(only(task("states:startExecution", { Parameters: parameters })));
    const { start, end } = service([config], aws);
    expect(await end(await start(config.arn, { name: "next" }))).toMatchObject({ status: "SUCCEEDED" });
    expect(aws.calls).toMatchObject([
      {
        service: "states",
        operation: "StartExecution",
        input: { stateMachineArn: "arn:machine", name: "next", input: '{"a":"next"}' },
      },
    ]);
  });

  it("ends a task that runs too long with States.Timeout, in real time", async () => {
    const aws = fakeAws(() => new Promise<never>(() => {}));
    const config = machine(only(lambda({ TimeoutSeconds: 1 })));
    const { start, end } = service([config], { ...aws, speed: 1_000_000 });
    const execution = await end(await start(config.arn));
    expect(execution).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(Number(execution.stopDate) - Number(execution.startDate)).toBeGreaterThanOrEqual(990);
  });

  it("rule 12: fails a task whose result is above 256 KiB, which neither Retry nor Catch takes", async () => {
    const aws = fakeAws(() => ({ Payload: JSON.stringify("x".repeat(262_144)) }));
    const config = machine({
      StartAt: "Only",
      States: {
        Only: lambda({
          Retry: [{ ErrorEquals: ["States.ALL"] }],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }],
        }),
        Caught: { Type: "Succeed" },
      },
    });
    const { start, end } = service([config], aws);
    expect(await end(await start(config.arn))).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
    expect(aws.calls).toHaveLength(1);
  });
});

describe("the context object", () => {
  it("belongs to the state and the attempt that reads it, in concurrent branches too", async () => {
    const aws = fakeAws(({ input }) => {
      const payload = JSON.parse(String(input.Payload)) as { retryCount: number };
      if (payload.retryCount < 1) throw new AwsError("ServiceException", "again");
      return { Payload: JSON.stringify(payload) };
    });
    const reader = lambda({
      Parameters: {
        FunctionName: "f",
        Payload: {
          "name.$": "$$.State.Name",
          "retryCount.$": "$$.State.RetryCount",
          "input.$": "$$.Execution.Input.id",
          "execution.$": "$$.Execution.Id",
          "machine.$": "$$.StateMachine.Name",
        },
      },
      OutputPath: "$.Payload",
      Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1 }],
    });
    const names = ["A", "B", "C"];
    const Branches = names.map((name) => ({ StartAt: name, States: { [name]: reader } }));
    const config = machine(only({ Type: "Parallel", Parameters: { "other.$": "$.id" }, Branches, End: true }));
    const { start, end } = service([config], aws);
    const execution = await end(await start(config.arn, { id: 7 }, "run"));
    const common = {
      retryCount: 1,
      input: 7,
      execution: expect.stringMatching(/:execution:machine:run$/),
      machine: "machine",
    };
    expect(JSON.parse(String(execution.output))).toEqual(names.map((name) => ({ ...common, name })));
  });
});

describe("retries", () => {
  const failing = () =>
    fakeAws(() => {
      throw new AwsError("ServiceException", "down");
    });
  const gaps = (calls: readonly number[]) => calls.slice(1).map((at, i) => at - (calls[i] ?? 0));

  it("wait with backoff up to the cap, divided by the speed, and stop at MaxAttempts", async () => {
    const at: number[] = [];
    const aws = fakeAws(() => {
      at.push(performance.now());
      throw new AwsError("ServiceException", "down");
    });
    const Retry = [
      {
        ErrorEquals: ["Lambda.ServiceException"],
        IntervalSeconds: 10,
        BackoffRate: 100,
        MaxAttempts: 3,
        MaxDelaySeconds: 40,
      },
    ];
    const config = machine(only(lambda({ Retry })));
    const { start, end } = service([config], { ...aws, speed: 200 });
    await end(await start(config.arn));
    const [first = 0, second = 0, third = 0] = gaps(at);
    expect(at).toHaveLength(4);
    expect(first).toBeGreaterThanOrEqual(49);
    expect(second).toBeGreaterThanOrEqual(199);
    expect(third).toBeGreaterThanOrEqual(199);
    expect(third).toBeLessThan(2000);
  });

  it("with full jitter wait a random part of the interval", async () => {
    const aws = failing();
    const Retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1_000_000, MaxAttempts: 1, JitterStrategy: "FULL" }];
    const config = machine(only(lambda({ Retry })));
    const { start, end } = service([config], { ...aws, random: () => 0 });
    await end(await start(config.arn));
    expect(aws.calls).toHaveLength(2);
  });

  it("of MaxAttempts 0 don't happen, and the first matching retrier decides", async () => {
    const aws = failing();
    const Retry = [{ ErrorEquals: ["Lambda.ServiceException"], MaxAttempts: 0 }, { ErrorEquals: ["States.ALL"] }];
    const config = machine(only(lambda({ Retry })));
    const { start, end } = service([config], aws);
    await end(await start(config.arn));
    expect(aws.calls).toHaveLength(1);
  });
});
