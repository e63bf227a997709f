import { codeOf, fakeAws, machine, only, service, task, until } from "./harness.ts";

const pass = machine(only({ Type: "Pass", End: true }), { name: "pass" });
const stuck = machine(only({ Type: "Wait", Seconds: 86_400, End: true }), { name: "stuck" });
const express = machine(only({ Type: "Pass", Result: "done", End: true }), { name: "quick", type: "EXPRESS" });

describe("StartExecution", () => {
  it("is idempotent by name and input while the STANDARD execution runs", async () => {
    const { send, start, end } = service([pass, stuck], { speed: 1 });
    const arn = await start(stuck.arn, { a: 1 }, "one");
    expect(arn).toBe("arn:aws:states:us-east-1:000000000000:execution:stuck:one");
    expect(await start(stuck.arn, { a: 1 }, "one")).toBe(arn);
    expect(await codeOf(start(stuck.arn, { a: 2 }, "one"))).toBe("ExecutionAlreadyExists");
    await send("StopExecution", { executionArn: arn });
    const ended = await start(pass.arn, {}, "two");
    await end(ended);
    expect(await codeOf(start(pass.arn, {}, "two"))).toBe("ExecutionAlreadyExists");
  });

  it("lets EXPRESS names repeat, with an ARN of their own each", async () => {
    const { start } = service([express]);
    const [first, second] = [await start(express.arn, {}, "same"), await start(express.arn, {}, "same")];
    expect(first).toMatch(/^arn:aws:states:us-east-1:000000000000:express:quick:same:.+$/);
    expect(second).not.toBe(first);
  });

  it("refuses bad names, bad input and machines that aren't there", async () => {
    const { send, start } = service([pass]);
    for (const name of ["", "x".repeat(81), "a b", "a/b", "a#b"]) {
      expect(await codeOf(start(pass.arn, {}, name))).toBe("InvalidName");
    }
    expect(await codeOf(send("StartExecution", { stateMachineArn: pass.arn, input: "{" }))).toBe(
      "InvalidExecutionInput",
    );
    expect(await codeOf(start(`${pass.arn}x`))).toBe("StateMachineDoesNotExist");
    expect(await codeOf(send("StartExecution", {}))).toBe("ValidationException");
  });

  it("rule 12: takes 256 KiB of input and refuses a byte more, counted as UTF-8", async () => {
    const { start } = service([pass]);
    await start(pass.arn, "ü".repeat(131_071));
    expect(await codeOf(start(pass.arn, `${"ü".repeat(131_071)}.`))).toBe("ValidationException");
  });
});

describe("StartSyncExecution", () => {
  it("answers with the end of an EXPRESS execution", async () => {
    const { send } = service([express, pass]);
    const answer = await send("StartSyncExecution", { stateMachineArn: express.arn });
    expect(answer).toMatchObject({ status: "SUCCEEDED", output: '"done"' });
    expect(await codeOf(send("StartSyncExecution", { stateMachineArn: pass.arn }))).toBe(
      "StateMachineTypeNotSupported",
    );
  });
});

describe("DescribeExecution", () => {
  it("refuses EXPRESS ARNs as AWS does", async () => {
    const { send, start } = service([express]);
    const executionArn = await start(express.arn);
    for (const operation of ["DescribeExecution", "GetExecutionHistory", "StopExecution"]) {
      expect(await codeOf(send(operation, { executionArn }))).toBe("InvalidArn");
    }
    expect(await codeOf(send("DescribeExecution", { executionArn: `${pass.arn}` }))).toBe("ExecutionDoesNotExist");
  });
});

describe("StopExecution", () => {
  it("aborts what runs, with its reason, and leaves what has ended", async () => {
    const { send, start, end, states } = service([stuck], { speed: 1 });
    const executionArn = await start(stuck.arn);
    await send("StopExecution", { executionArn, error: "Enough", cause: "by hand" });
    const execution = await end(executionArn);
    expect(execution).toMatchObject({ status: "ABORTED", error: "Enough", cause: "by hand" });
    const again = await send("StopExecution", { executionArn });
    expect(again.stopDate).toEqual(execution.stopDate);
    expect(states.running()).toEqual({ executions: 0, waitingForAnswer: 0 });
  });
});

describe("an aborted execution", () => {
  it("makes no call any more", async () => {
    const aws = fakeAws(() => ({}));
    const config = machine(only(task("sns:publish", { Parameters: {} })));
    const { send, start } = service([config], aws);
    await send("StopExecution", { executionArn: await start(config.arn) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(aws.calls).toEqual([]);
  });
});

describe("a machine's TimeoutSeconds", () => {
  it("ends the execution in scaled time, whatever its Catch and Retry say", async () => {
    const aws = fakeAws(() => new Promise<never>(() => {}));
    const state = task("lambda:invoke", {
      Parameters: { FunctionName: "f" },
      Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1000 }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }],
    });
    const definition = { StartAt: "Only", TimeoutSeconds: 50, States: { Only: state, Caught: { Type: "Succeed" } } };
    const config = machine(definition);
    const { start, end } = service([config], { ...aws, speed: 1000 });
    expect(await end(await start(config.arn))).toMatchObject({ status: "TIMED_OUT" });
    expect(aws.calls).toHaveLength(1);
  });
});

describe("lists", () => {
  it("page through executions, newest first, by status", async () => {
    const { send, start, end } = service([pass, stuck], { speed: 1 });
    for (const name of ["a", "b", "c"]) await end(await start(pass.arn, {}, name));
    const running = await start(stuck.arn);
    const names: unknown[] = [];
    let nextToken: unknown;
    do {
      const page = await send("ListExecutions", {
        stateMachineArn: pass.arn,
        maxResults: 2,
        ...(nextToken ? { nextToken } : {}),
      });
      names.push(...(page.executions as { name: string }[]).map(({ name }) => name));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(names).toEqual(["c", "b", "a"]);
    const found = await send("ListExecutions", { stateMachineArn: stuck.arn, statusFilter: "SUCCEEDED" });
    expect(found.executions).toEqual([]);
    await send("StopExecution", { executionArn: running });
  });

  it("tell of the machines and their definitions", async () => {
    const { send } = service([pass, express]);
    const { stateMachines } = await send("ListStateMachines", {});
    expect(stateMachines).toMatchObject([
      { name: "pass", type: "STANDARD" },
      { name: "quick", type: "EXPRESS" },
    ]);
    expect(await send("DescribeStateMachine", { stateMachineArn: pass.arn })).toMatchObject({
      name: "pass",
      definition: pass.definition,
      roleArn: pass.roleArn,
    });
    expect(await codeOf(send("ListExecutions", { stateMachineArn: express.arn }))).toBe("StateMachineTypeNotSupported");
  });
});

describe("finished executions", () => {
  it("are dropped beyond the limit, the oldest first", async () => {
    const { send, start, end } = service([pass], { keepFinished: 2 });
    for (const name of ["a", "b", "c"]) await end(await start(pass.arn, {}, name));
    const { executions } = await send("ListExecutions", { stateMachineArn: pass.arn });
    expect((executions as { name: string }[]).map(({ name }) => name)).toEqual(["c", "b"]);
  });
});

describe("EXPRESS executions", () => {
  it("log each event to the machine's group as AWS writes it", async () => {
    const lines: { group: string; stream: string; entry: Record<string, unknown> }[] = [];
    const logging = {
      logGroupArn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/quick:*",
      level: "ALL",
      includeExecutionData: true,
    } as const;
    const config = { ...express, logging };
    const { start } = service([config], {
      append: (group, stream, messages) =>
        lines.push(...messages.map((one) => ({ group, stream, entry: JSON.parse(one) }))),
    });
    const arn = await start(config.arn, { a: 1 });
    await until(() => (lines.some(({ entry }) => entry.type === "ExecutionSucceeded") ? true : undefined));
    expect(lines.map(({ entry }) => [entry.id, entry.previous_event_id, entry.type])).toEqual([
      ["1", "0", "ExecutionStarted"],
      ["2", "1", "PassStateEntered"],
      ["3", "2", "PassStateExited"],
      ["4", "3", "ExecutionSucceeded"],
    ]);
    expect(lines[0]).toMatchObject({
      group: "/aws/vendedlogs/states/quick",
      stream: expect.stringMatching(/^states\/quick\/\d{4}-\d\d-\d\d-\d\d\/00000000$/),
      entry: {
        details: { input: '{"a":1}', inputDetails: { truncated: false }, roleArn: config.roleArn },
        event_timestamp: expect.stringMatching(/^\d{13}$/),
        execution_arn: arn,
        redrive_count: "0",
      },
    });
  });

  it("log failures only at level ERROR, without data unless it is asked for", async () => {
    const lines: Record<string, unknown>[] = [];
    const definition = only({ Type: "Fail", Error: "Broken", Cause: "on purpose" });
    const logging = { logGroupArn: "group", level: "ERROR", includeExecutionData: false } as const;
    const config = machine(definition, { type: "EXPRESS", logging });
    const { send } = service([config], {
      append: (_group, _stream, messages) => lines.push(...messages.map((m) => JSON.parse(m))),
    });
    await send("StartSyncExecution", { stateMachineArn: config.arn, input: '{"secret":1}' });
    expect(lines.map(({ type }) => type)).toEqual(["ExecutionFailed"]);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });
});
