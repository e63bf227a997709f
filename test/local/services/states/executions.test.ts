/** Histories, and what a restart does. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionStore } from "../../../../local/services/states/executions/record.ts";
import { createMemoryStore } from "../../../../local/services/states/store/memory.ts";
import { createSqliteStore } from "../../../../local/services/states/store/sqlite.ts";
import { fakeAws, machine, only, service, task, until } from "./harness.ts";

describe("GetExecutionHistory", () => {
  const definition = {
    StartAt: "Both",
    States: {
      Both: {
        Type: "Parallel",
        Branches: [
          { StartAt: "Left", States: { Left: task("lambda:invoke", { Parameters: { FunctionName: "f" } }) } },
          { StartAt: "Right", States: { Right: { Type: "Wait", Seconds: 300, End: true } } },
        ],
        Next: "Choose",
      },
      Choose: { Type: "Choice", Choices: [{ Variable: "$[0]", IsPresent: true, Next: "Done" }] },
      Done: { Type: "Succeed" },
    },
  };

  it("tells the states, tasks and branches in order, each event after the one before it in its branch", async () => {
    const config = machine(definition);
    const { start, end, events } = service(
      [config],
      fakeAws(() => ({ Payload: "1" })),
    );
    const arn = await start(config.arn, { a: 1 });
    await end(arn);
    const history = await events(arn);
    const named = history.map(({ id, previousEventId, type, stateEnteredEventDetails, stateExitedEventDetails }) => {
      const name = (stateEnteredEventDetails ?? stateExitedEventDetails)?.name;
      return `${id}<${previousEventId} ${type}${name === undefined ? "" : ` ${name}`}`;
    });
    expect(named).toEqual([
      "1<0 ExecutionStarted",
      "2<1 ParallelStateEntered Both",
      "3<2 ParallelStateStarted",
      "4<3 TaskStateEntered Left",
      "5<3 WaitStateEntered Right",
      "6<4 TaskScheduled",
      "7<6 TaskStarted",
      "8<7 TaskSucceeded",
      "9<8 TaskStateExited Left",
      "10<5 WaitStateExited Right",
      "11<10 ParallelStateSucceeded",
      "12<11 ParallelStateExited Both",
      "13<12 ChoiceStateEntered Choose",
      "14<13 ChoiceStateExited Choose",
      "15<14 SucceedStateEntered Done",
      "16<15 SucceedStateExited Done",
      "17<16 ExecutionSucceeded",
    ]);
    expect(history[0]?.executionStartedEventDetails).toMatchObject({ input: '{"a":1}', roleArn: config.roleArn });
    expect(history[5]?.taskScheduledEventDetails).toMatchObject({ resourceType: "lambda", resource: "invoke" });
    expect(history[0]?.timestamp).toBeInstanceOf(Date);
  });

  it("pages, turns around and leaves the data out", async () => {
    const config = machine(definition);
    const { start, end, send } = service(
      [config],
      fakeAws(() => ({ Payload: "1" })),
    );
    const executionArn = await start(config.arn, { secret: 1 });
    await end(executionArn);
    const first = await send("GetExecutionHistory", { executionArn, maxResults: 10 });
    const second = await send("GetExecutionHistory", { executionArn, maxResults: 10, nextToken: first.nextToken });
    expect([...(first.events as object[]), ...(second.events as object[])]).toHaveLength(17);
    expect(second.nextToken).toBeUndefined();
    const reverse = await send("GetExecutionHistory", {
      executionArn,
      reverseOrder: true,
      includeExecutionData: false,
    });
    expect(reverse.events).toMatchObject([{ type: "ExecutionSucceeded" }, { id: 16 }, ...Array(15).fill({})]);
    expect(JSON.stringify(reverse.events)).not.toContain("secret");
  });

  it("says which task failed and that a Parallel did", async () => {
    const Branches = [{ StartAt: "Left", States: { Left: task("sns:publish", { Parameters: {} }) } }];
    const config = machine(only({ Type: "Parallel", Branches, End: true }));
    const aws = fakeAws(() => {
      throw new Error("cut");
    });
    const { start, end, events } = service([config], aws);
    const arn = await start(config.arn);
    await end(arn);
    expect((await events(arn)).map(({ type }) => type).slice(-3)).toEqual([
      "TaskFailed",
      "ParallelStateFailed",
      "ExecutionFailed",
    ]);
  });
});

describe.each<[string, (directory: string) => () => ExecutionStore]>([
  [
    "memory",
    () => {
      const store = createMemoryStore();
      return () => store;
    },
  ],
  ["SQLite", (directory) => () => createSqliteStore(join(directory, "states.sqlite"))],
])("a restart with executions in %s", (_name, storeIn) => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "states-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("rule 14: begins unfinished executions of both kinds again, with the same id, input and start time", async () => {
    const open = storeIn(directory);
    const hang = fakeAws(() => new Promise<never>(() => {}));
    const owner = task("lambda:invoke", {
      Parameters: {
        FunctionName: "claim",
        Payload: { "owner.$": "$$.Execution.Id", "at.$": "$$.Execution.StartTime", "in.$": "$" },
      },
      OutputPath: "$.Payload",
    });
    const standard = machine(only(owner), { name: "standard" });
    const express = machine(only(owner), { name: "express", type: "EXPRESS" });
    const before = service([standard, express], { ...hang, store: open() });
    const arns = [await before.start(standard.arn, { n: 1 }), await before.start(express.arn, { n: 2 })];
    await until(() => (hang.calls.length === 2 ? true : undefined));
    await before.states.stop();

    const aws = fakeAws(({ input }) => ({ Payload: String(input.Payload) }));
    const after = service([standard, express], { ...aws, store: open() });
    after.states.start();
    await after.end(String(arns[0]));
    await after.states.idle();
    const owners = (calls: typeof aws.calls) => calls.map((call) => String(call.input.Payload)).sort();
    expect(owners(aws.calls)).toEqual(owners(hang.calls));
    expect(owners(aws.calls).join()).toContain(String(arns[1]));
    await after.states.stop();

    const last = service([standard, express], { ...aws, store: open() });
    last.states.start();
    expect(last.states.running().executions).toBe(0);
    expect(await last.events(String(arns[0]))).toHaveLength(7);
    await last.states.stop();
  });

  it("gives the histories back byte for byte", () => {
    const store = storeIn(directory)();
    const history = createHash("sha512").update("history").digest();
    store.save({ arn: "a", machineArn: "m", name: "a", input: "{}", startedAt: 1, status: "SUCCEEDED" }, history);
    expect(Buffer.from(store.history("a") ?? []).equals(history)).toBe(true);
    store.remove("a");
    expect([store.history("a"), store.load()]).toEqual([undefined, []]);
    store.close();
  });
});
