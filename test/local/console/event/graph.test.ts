import { readFileSync } from "node:fs";
import { type AslMachine, graphOf, pathOf } from "../../../../local/console/event/graph.ts";
import type { Step } from "../../../../local/console/event/history.ts";

const machine: AslMachine = {
  StartAt: "Claim",
  States: {
    Claim: { Type: "Task", Next: "Which", Catch: [{ Next: "Failed" }, { Next: "Failed" }] },
    Which: { Type: "Choice", Choices: [{ Next: "Score" }], Default: "Done" },
    Score: {
      Type: "Parallel",
      Next: "Done",
      Branches: [
        { StartAt: "One", States: { One: { Type: "Task", End: true } } },
        { StartAt: "Two", States: { Two: { Type: "Task", End: true } } },
      ],
    },
    Done: { Type: "Succeed" },
    Failed: { Type: "Fail" },
  },
};

/** A state that is entered and left after 10 ms. */
const through = (state: string, kind: string, at: number): Step[] => [
  { at, type: `${kind}StateEntered`, state },
  { at: at + 10, type: `${kind}StateExited`, state },
];

const steps: Step[] = [
  { at: 0, type: "ExecutionStarted" },
  ...through("Claim", "Task", 1),
  ...through("Which", "Choice", 12),
  { at: 23, type: "ParallelStateEntered", state: "Score" },
  ...through("One", "Task", 24),
  { at: 60, type: "ParallelStateExited", state: "Score" },
  ...through("Done", "Succeed", 61),
  { at: 72, type: "ExecutionSucceeded" },
];

const stateOf = (name: string, of = steps) => graphOf(machine, of).find((state) => state.name === name);

describe("graphOf", () => {
  it("has every way out of a state once, by its kind", () => {
    expect(stateOf("Claim")?.next).toEqual([
      { to: "Which", kind: "next" },
      { to: "Failed", kind: "catch" },
    ]);
    expect(stateOf("Which")?.next).toEqual([
      { to: "Score", kind: "choice" },
      { to: "Done", kind: "default" },
    ]);
  });

  it("knows where it starts and ends", () => {
    const graph = graphOf(machine, []);
    expect(graph.filter(({ isStart }) => isStart).map(({ name }) => name)).toEqual(["Claim"]);
    expect(graph.filter(({ isEnd }) => isEnd).map(({ name }) => name)).toEqual(["Done", "Failed"]);
  });

  it("tells what became of each state, and of those within branches", () => {
    expect(stateOf("Claim")).toMatchObject({ entered: 1, ms: 10, isRunning: false, hasFailed: false });
    expect(stateOf("Score")).toMatchObject({ entered: 1, ms: 37 });
    expect(stateOf("Score")?.branches).toEqual([
      [{ name: "One", isTaken: true, ms: 10 }],
      [{ name: "Two", isTaken: false }],
    ]);
    expect(stateOf("Failed")).toMatchObject({ entered: 0 });
  });

  it("shows a state that waits, one that was tried again, and the one in which an execution failed", () => {
    const tried: Step[] = [
      { at: 0, type: "TaskStateEntered", state: "Claim" },
      { at: 5, type: "TaskFailed", error: "Throttled" },
    ];
    expect(stateOf("Claim", tried)).toMatchObject({ isRunning: true, retries: 1, error: "Throttled" });
    const failed = [...tried, { at: 9, type: "ExecutionFailed", error: "Throttled" }];
    expect(stateOf("Claim", failed)).toMatchObject({ hasFailed: true, isRunning: false });
  });

  it("reads the machines of this project", () => {
    const text = readFileSync("workflows/high-value-review.asl.json", "utf8");
    const graph = graphOf(JSON.parse(text) as AslMachine, []);
    const names = new Set(graph.map(({ name }) => name));
    for (const { next } of graph) for (const { to } of next) expect(names).toContain(to);
  });
});

describe("pathOf", () => {
  it("is the machine's own states in their order", () => {
    expect(pathOf(machine, steps)).toEqual(["Claim", "Which", "Score", "Done"]);
  });
});
