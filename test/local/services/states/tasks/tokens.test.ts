import { codeOf, fakeAws, machine, only, service, task, until } from "../harness.ts";

describe("task tokens", () => {
  const waiting = (more: object = {}) =>
    task("aws-sdk:sqs:sendMessage.waitForTaskToken", {
      Parameters: { QueueUrl: "q", MessageBody: { "token.$": "$$.Task.Token" } },
      ...more,
    });
  const tokens = (aws: ReturnType<typeof fakeAws>) =>
    aws.calls.map((call) => (call.input.MessageBody as { token: string }).token);

  it("end the task with the answer, once", async () => {
    const aws = fakeAws(() => ({ MessageId: "1" }));
    const config = machine(only(waiting()));
    const { start, end, send, states } = service([config], aws);
    const arn = await start(config.arn);
    await states.idle();
    expect(states.running()).toEqual({ executions: 1, waitingForAnswer: 1 });
    const [taskToken] = tokens(aws);
    expect(await codeOf(send("SendTaskSuccess", { taskToken, output: "{" }))).toBe("InvalidOutput");
    await send("SendTaskSuccess", { taskToken, output: '{"ok":true}' });
    expect(await end(arn)).toMatchObject({ status: "SUCCEEDED", output: '{"ok":true}' });
    expect(await codeOf(send("SendTaskSuccess", { taskToken, output: "{}" }))).toBe("TaskTimedOut");
    expect(await codeOf(send("SendTaskFailure", { taskToken: "other" }))).toBe("TaskDoesNotExist");
  });

  it("fail the task with the sender's error, which Catch can match", async () => {
    const aws = fakeAws(() => ({}));
    const definition = {
      StartAt: "Only",
      States: {
        Only: waiting({ Catch: [{ ErrorEquals: ["Refused"], ResultPath: "$.error", Next: "Caught" }] }),
        Caught: { Type: "Succeed" },
      },
    };
    const config = machine(definition);
    const { start, end, send, states } = service([config], aws);
    const arn = await start(config.arn);
    await states.idle();
    await send("SendTaskFailure", { taskToken: tokens(aws)[0], error: "Refused", cause: "by hand" });
    const execution = await end(arn);
    expect(JSON.parse(String(execution.output))).toEqual({ error: { Error: "Refused", Cause: "by hand" } });
  });

  it("are fresh for each attempt, and a late answer to a timed-out one is refused", async () => {
    const aws = fakeAws(() => ({}));
    const Retry = [{ ErrorEquals: ["States.Timeout"], MaxAttempts: 1 }];
    const config = machine(only(waiting({ TimeoutSeconds: 300, Retry })));
    const { start, end, send } = service([config], { ...aws, speed: 1000 });
    const arn = await start(config.arn);
    await until(() => (aws.calls.length === 2 ? true : undefined));
    const [first, second] = tokens(aws);
    expect(first).not.toBe(second);
    expect(await codeOf(send("SendTaskSuccess", { taskToken: first, output: "{}" }))).toBe("TaskTimedOut");
    await send("SendTaskSuccess", { taskToken: second, output: "2" });
    expect(await end(arn)).toMatchObject({ output: "2" });
  });

  it("need heartbeats where the state says so", async () => {
    const aws = fakeAws(() => ({}));
    const config = machine(only(waiting({ HeartbeatSeconds: 400, TimeoutSeconds: 1_000_000 })));
    const { start, end, send, states } = service([config], { ...aws, speed: 1000 });
    const arn = await start(config.arn);
    await states.idle();
    for (let beats = 0; beats < 4; beats++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await send("SendTaskHeartbeat", { taskToken: tokens(aws)[0] });
    }
    expect(await end(arn)).toMatchObject({ status: "FAILED", error: "States.HeartbeatTimeout" });
  });

  it("can be answered while the call that hands them out is still under way", async () => {
    let send: (operation: string, input: Record<string, unknown>) => Promise<unknown> = async () => {};
    const aws = fakeAws(async ({ input }) => {
      await send("SendTaskSuccess", { taskToken: (input.MessageBody as { token: string }).token, output: "1" });
      return {};
    });
    const config = machine(only(waiting()));
    const made = service([config], aws);
    send = made.send;
    expect(await made.end(await made.start(config.arn))).toMatchObject({ status: "SUCCEEDED", output: "1" });
  });
});
