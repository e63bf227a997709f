import { createHash } from "node:crypto";
import { SFNClient } from "@aws-sdk/client-sfn";
import { type SealRun, sealNow } from "../../../tools/archive/seal.ts";

const name = "daily-archive-dev";
const machine = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
const arnOf = (execution: string) => `arn:aws:states:us-east-1:000000000000:execution:${name}:${execution}`;

type Answer = (input: Readonly<Record<string, unknown>>) => unknown;

/** Runs on a client whose answers are the test's, by the command's name. */
function aRun(answers: Readonly<Record<string, Answer>>, traits: Partial<SealRun> = {}) {
  const calls: (readonly [name: string, input: Readonly<Record<string, unknown>>])[] = [];
  const all: Readonly<Record<string, Answer>> = {
    ListStateMachines: () => ({ stateMachines: [{ name: "other" }, { name, stateMachineArn: machine }] }),
    ListExecutions: () => ({ executions: [] }),
    StartExecution: () => ({ executionArn: arnOf("first") }),
    DescribeExecution: () => ({ status: "SUCCEEDED" }),
    ...answers,
  };
  const client = new SFNClient({ region: "us-east-1" });
  client.send = (async (command: { readonly input: object; readonly constructor: { readonly name: string } }) => {
    const called = command.constructor.name.replace(/Command$/, "");
    const input = command.input as Readonly<Record<string, unknown>>;
    calls.push([called, input]);
    return all[called]?.(input);
  }) as unknown as typeof client.send;
  const run: SealRun = { client, name, pollMs: 7, sleep: async () => {}, tell: () => {}, ...traits };
  return { run, calls };
}

describe("sealNow", () => {
  it("starts the state machine with the last day to seal, and waits for its end", async () => {
    const statuses = ["RUNNING", "RUNNING", "SUCCEEDED"];
    const slept: number[] = [];
    const { run, calls } = aRun(
      { DescribeExecution: () => ({ status: statuses.shift() }) },
      { through: "2026-11-20", sleep: async (ms) => slept.push(ms) },
    );
    expect(await sealNow(run)).toEqual([arnOf("first")]);
    expect(slept).toEqual([7, 7]);
    const started = calls.find(([called]) => called === "StartExecution");
    expect(started?.[1]).toEqual({ stateMachineArn: machine, input: '{"through":"2026-11-20"}' });
  });

  it("waits for those that an execution starts for what it has no room for", async () => {
    const second = `days-after-2026-11-01-${createHash("sha1").update(arnOf("first")).digest("hex")}`;
    const executions = ["unrelated", second, "first"].map((one) => ({ name: one, executionArn: arnOf(one) }));
    const told: number[] = [];
    let waits = 1;
    const { run } = aRun(
      {
        ListExecutions: ({ statusFilter }) => ({ executions: statusFilter === undefined ? executions : [] }),
        DescribeExecution: ({ executionArn }) => {
          const isOver = executionArn === arnOf("first") || waits-- === 0;
          return { status: isOver ? "SUCCEEDED" : "RUNNING" };
        },
      },
      { tell: (count) => void told.push(count) },
    );
    expect(await sealNow(run)).toEqual([arnOf("first"), arnOf(second)]);
    expect(told).toEqual([2]);
  });

  it("starts none beside one that is at work", async () => {
    const running = { name: "nightly", startDate: new Date(0) };
    const { run, calls } = aRun({ ListExecutions: () => ({ executions: [running] }) });
    await expect(sealNow(run)).rejects.toMatchObject({ code: "busy", message: expect.stringContaining("nightly") });
    expect(calls.map(([called]) => called)).not.toContain("StartExecution");
  });

  it.each([
    [{ status: "FAILED", error: "DayFailed", cause: "2026-11-01: …" }, "ended FAILED: DayFailed: 2026-11-01: …."],
    [{ status: "TIMED_OUT" }, "ended TIMED_OUT: no reason given."],
  ])("says why it failed (%#)", async (described, says) => {
    const { run } = aRun({ DescribeExecution: () => described });
    await expect(sealNow(run)).rejects.toMatchObject({
      code: "seal-failed",
      message: expect.stringContaining(says),
    });
  });

  it("says where there is no such state machine", async () => {
    const { run } = aRun({ ListStateMachines: () => ({ stateMachines: [] }) });
    await expect(sealNow(run)).rejects.toMatchObject({ code: "missing" });
  });
});
