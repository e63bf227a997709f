/** daily-archive.asl.json in the local Step Functions, which runs it as AWS does. */
import { createHash } from "node:crypto";
import aslValidator from "asl-validator";
import { lambdas } from "../../config/lambdas.ts";
import { eventsOf } from "../../lambdas/shared/domain/archive/execution-history.ts";
import { AwsError } from "../../local/aws/types.ts";
import { workflowDefinition } from "../../stacks/constructs/workflowDefinition.ts";
import dailyArchive from "../../workflows/daily-archive.asl.json" with { type: "json" };
import { type Answer, type Call, fakeAws, machine, service } from "../local/services/states/harness.ts";

const definition = JSON.parse(
  workflowDefinition(dailyArchive, {
    archivePlanArn: "archive-plan",
    transactionArchivalArn: "transaction-archival",
    archiveSealArn: "archive-seal",
    archiveReleaseArn: "archive-release",
  }),
) as object;

const sliceOf = (day: string, hour: string) => ({ day, hour, slice: 0, shards: [0, 1] });
const plan = {
  next: null,
  days: ["2026-11-17", "2026-11-18"].map((day) => ({ day, slices: [sliceOf(day, "00"), sliceOf(day, "01")] })),
  lateDays: [lateDay("2026-11-01", 3)],
};

function lateDay(day: string, addendum: number) {
  return { day, addendum, slices: [{ ...sliceOf(day, "05"), addendum }] };
}

interface Payload {
  readonly day?: string;
  readonly hour?: string;
  readonly key?: string;
  readonly slices?: readonly { readonly key: string }[];
}

/** What each function answers; `broken` throws instead. */
function functions(planned: object, broken: (name: string, payload: Payload) => boolean = () => false): Answer {
  return ({ operation, input }: Call) => {
    if (operation === "StartExecution") return { executionArn: "arn:next", startDate: new Date(0) };
    const { name, payload } = invoked(input);
    if (broken(name, payload)) throw new AwsError("TooManyRequestsException", "slow down", { status: 429 });
    const answers: Readonly<Record<string, object>> = {
      "archive-plan": planned,
      "transaction-archival": { key: `staging/${payload.day}/${payload.hour}` },
      "archive-seal": { manifest: "m", objects: [{ key: `transactions/${payload.day}` }] },
      "archive-release": { released: 1 },
    };
    return { StatusCode: 200, Payload: JSON.stringify(answers[name]) };
  };
}

function invoked(input: Record<string, unknown>): { readonly name: string; readonly payload: Payload } {
  const { FunctionName: name = "startExecution", Payload: payload = "{}" } = input;
  return { name: String(name), payload: JSON.parse(String(payload)) as Payload };
}

async function run(answer: Answer, input: object = {}) {
  const { call, calls } = fakeAws(answer);
  const config = machine(definition);
  const { start, end } = service([config], { call, speed: 100_000, random: () => 0 });
  const { status, error, cause, output } = await end(await start(config.arn, input));
  return { status, error, cause: String(cause), output: String(output), calls: calls.map((one) => invoked(one.input)) };
}

const texts = (calls: readonly { readonly name: string; readonly payload: Payload }[]) =>
  calls.map(({ name, payload: { day, hour, key } }) =>
    [name, day, hour, key].filter((part) => part !== undefined).join(" "),
  );

describe("daily-archive.asl.json", () => {
  it("is valid Amazon States Language", () => {
    const { isValid, errorsText } = aslValidator(definition);
    expect(isValid ? "" : errorsText("\n")).toBe("");
  });

  it("gives each function more time than it takes", () => {
    const seconds = [
      ...JSON.stringify(definition).matchAll(/"TimeoutSeconds":(\d+),"Parameters":\{"FunctionName":"([\w-]+)"/g),
    ];
    expect(seconds).toHaveLength(7);
    for (const [, timeout, name] of seconds) {
      expect(Number(timeout)).toBeGreaterThan(lambdas[name as keyof typeof lambdas].timeoutSeconds);
    }
  });

  it("hands the schedule's input to the plan", async () => {
    const { calls } = await run(functions({ days: [], lateDays: [], next: null }), { through: "2026-11-18" });
    expect(calls).toEqual([{ name: "archive-plan", payload: { through: "2026-11-18" } }]);
  });

  it("seals one day after the other, then what came late, and keeps its results small", async () => {
    const { calls, status, output } = await run(functions(plan));
    expect(status).toBe("SUCCEEDED");
    expect(texts(calls)).toEqual([
      "archive-plan",
      ...["2026-11-17", "2026-11-18"].flatMap((day) => [
        `transaction-archival ${day} 00`,
        `transaction-archival ${day} 01`,
        `archive-seal ${day}`,
        `archive-release transactions/${day}`,
      ]),
      "transaction-archival 2026-11-01 05",
      "archive-seal 2026-11-01",
      "archive-release transactions/2026-11-01",
    ]);
    expect(calls[3]?.payload).toEqual({
      day: "2026-11-17",
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      slices: [{ key: "staging/2026-11-17/00" }, { key: "staging/2026-11-17/01" }],
    });
    expect(calls.at(-2)?.payload).toMatchObject({ day: "2026-11-01", addendum: 3 });
    expect(JSON.parse(output)).toEqual({
      days: [{ day: "2026-11-17" }, { day: "2026-11-18" }],
      lateDays: [{ day: "2026-11-01", failures: [] }],
      failures: { addenda: [] },
      next: null,
    });
  });

  it("starts one next execution with what the plan leaves to it, under a name of its own", async () => {
    const next = { through: "2026-11-18", work: "late-days", after: "2026-11-01" };
    const { call, of } = fakeAws(functions({ ...plan, next }));
    const config = machine(definition);
    const { start, end } = service([config], { call, speed: 100_000, random: () => 0 });
    const arn = await start(config.arn);
    expect(await end(arn)).toMatchObject({ status: "SUCCEEDED" });
    const [started, ...others] = of("StartExecution").map(({ input }) => input);
    expect(others).toEqual([]);
    const hash = createHash("sha1").update(arn).digest("hex");
    expect(started).toMatchObject({ stateMachineArn: config.arn, name: `late-days-after-2026-11-01-${hash}` });
    expect(String(started?.name).length).toBeLessThanOrEqual(80);
    expect(JSON.parse(String(started?.input))).toEqual({ ...next, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: arn });
  });

  it("is content when an attempt whose answer was lost has started it already", async () => {
    const next = { through: "2026-11-18", work: "days", after: "2026-11-18" };
    const answer = functions({ days: [], lateDays: [], next });
    const { call, of } = fakeAws((one) => {
      if (one.operation === "StartExecution") throw new AwsError("ExecutionAlreadyExists", "it has ended");
      return answer(one);
    });
    const config = machine(definition);
    const { start, end } = service([config], { call, speed: 100_000, random: () => 0 });
    expect(await end(await start(config.arn))).toMatchObject({ status: "SUCCEEDED" });
    expect(of("StartExecution")).toHaveLength(1);
  });

  it.each([
    ["nothing", { days: [], lateDays: [] }, 0],
    ["days and a late day", plan, 1],
  ])("has as many events in its history as the plan reckons with: %s", async (_, { days, lateDays }, objects) => {
    const next = { through: "2026-11-18", work: "days", after: "2026-11-18" };
    const { call } = fakeAws(functions({ days, lateDays, next }));
    const config = machine(definition);
    const { start, end, events } = service([config], { call, speed: 100_000, random: () => 0 });
    const arn = await start(config.arn);
    await end(arn);
    const reckoned = eventsOf([...days, ...lateDays].map(({ slices }) => ({ slices: slices.length, objects })));
    expect(await events(arn)).toHaveLength(reckoned);
  });

  it("tries again what is throttled", async () => {
    let refusals = 3;
    const { status } = await run(functions(plan, (name) => name === "archive-seal" && refusals-- > 0));
    expect(status).toBe("SUCCEEDED");
  });

  it("ends with the day and the reason, and begins no other day", async () => {
    const { status, error, cause, calls } = await run(functions(plan, (name) => name === "archive-seal"));
    expect({ status, error }).toEqual({ status: "FAILED", error: "DayNotSealed" });
    expect(cause).toMatch(/^2026-11-17 is not sealed\. Lambda\.TooManyRequestsException: slow down/);
    expect(calls.filter(({ payload }) => payload.day === "2026-11-18")).toEqual([]);
  });

  it("starts no next execution after a day that isn't sealed", async () => {
    const next = { through: "2026-11-18", work: "days", after: "2026-11-18" };
    const { call, of } = fakeAws(functions({ ...plan, next }, (name) => name === "archive-seal"));
    const config = machine(definition);
    const { start, end } = service([config], { call, speed: 100_000, random: () => 0 });
    expect(await end(await start(config.arn))).toMatchObject({ status: "FAILED" });
    expect(of("StartExecution")).toEqual([]);
  });

  it("says when it is an addendum that isn't sealed", async () => {
    const { error, cause } = await run(
      functions(plan, (name, { day }) => name === "archive-seal" && day === "2026-11-01"),
    );
    expect(error).toBe("AddendumNotSealed");
    expect(cause).toMatch(/^What came late for 2026-11-01 is not sealed\./);
  });

  it.each(["transaction-archival", "archive-seal", "archive-release"])(
    "goes on with newer late days where %s fails for one, starts what is next, and fails at the end",
    async (step) => {
      const lateDays = [lateDay("2026-11-01", 3), lateDay("2026-11-02", 4)];
      const next = { through: "2026-11-18", work: "late-days", after: "2026-11-02" };
      const isBroken = (name: string, payload: Payload) => {
        return name === step && [payload.day, payload.key].join().includes("2026-11-01");
      };
      const { error, cause, calls } = await run(functions({ days: [], lateDays, next }, isBroken));
      expect(error).toBe("AddendumNotSealed");
      expect(cause).toMatch(
        /^What came late for 2026-11-01 is not sealed\. .*slow down.* \(1 of the late days failed\)$/,
      );
      expect(texts(calls)).toContain("archive-release transactions/2026-11-02");
      expect(calls.at(-1)?.name).toBe("startExecution");
    },
  );
});
