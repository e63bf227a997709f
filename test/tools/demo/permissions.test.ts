import { makePlan } from "../../../tools/demo/make-plan.ts";
import { leastCount } from "../../../tools/demo/mix.ts";
import { permissionProblems, takesEveryWay } from "../../../tools/demo/permissions.ts";

const send = { principal: "worker-dev", action: "sqs:SendMessage", resource: "arn:aws:sqs:us-east-1:1:orders" };
const trace = { principal: "worker-dev", action: "xray:PutTraceSegments", resource: "*" };
const listed = [{ actions: ["xray:PutTraceSegments"], why: "Lambda sends traces itself." }];

describe("permissionProblems", () => {
  it("has nothing against grants that were used, and listed ones that weren't", () => {
    expect(permissionProblems({ used: [send], unused: [trace] }, listed)).toEqual([]);
  });

  it("names a grant that was neither used nor listed", () => {
    expect(permissionProblems({ used: [], unused: [send, trace] }, listed)).toEqual([
      "worker-dev: sqs:SendMessage on arn:aws:sqs:us-east-1:1:orders was not used",
    ]);
  });

  it("names a listed grant that was used", () => {
    const other = { ...trace, principal: "other-dev" };
    expect(permissionProblems({ used: [trace], unused: [other] }, listed)).toEqual([
      expect.stringMatching(/^worker-dev: xray:PutTraceSegments on \* was used, though/),
    ]);
  });

  it("names a listed action that nobody is granted any more", () => {
    expect(permissionProblems({ used: [send], unused: [] }, listed)).toEqual([
      expect.stringMatching(/^config\/permissions\.ts lists xray:PutTraceSegments/),
    ]);
  });

  it("takes a grant that is needed by accident alone as it comes, as long as somebody has it", () => {
    const accidents = listed.map((entry) => ({ ...entry, byAccident: true }));
    expect(permissionProblems({ used: [trace], unused: [] }, accidents)).toEqual([]);
    expect(permissionProblems({ used: [], unused: [trace] }, accidents)).toEqual([]);
    expect(permissionProblems({ used: [send], unused: [] }, accidents)).toEqual([
      expect.stringMatching(/^config\/permissions\.ts lists xray:PutTraceSegments/),
    ]);
  });

  it("takes an entry for the principals and resources that it names alone", () => {
    const narrow = [{ ...listed[0], principal: /^other/, resource: /dlq$/, actions: ["sqs:SendMessage"], why: "" }];
    const fits = { ...send, principal: "other", resource: "a-dlq" };
    for (const unused of [
      { ...fits, principal: "worker" },
      { ...fits, resource: "a" },
    ]) {
      expect(permissionProblems({ used: [], unused: [fits, unused] }, narrow)).toHaveLength(1);
    }
  });
});

describe("takesEveryWay", () => {
  const plan = (count: number) => makePlan({ count, seed: 1, startMs: 0 });

  it("is true of every plan, from the smallest on", () => expect(takesEveryWay(plan(leastCount))).toBe(true));

  it("is false when no fact is told twice", () => {
    const { events, ...rest } = plan(leastCount);
    const once = events.filter(({ sameFactAs }) => sameFactAs === undefined);
    expect(takesEveryWay({ ...rest, events: once })).toBe(false);
  });

  it.each(["low", "medium", "high", "unroutable"])("is false when nothing goes the way of %s", (missing) => {
    const { events, ...rest } = plan(leastCount);
    expect(takesEveryWay({ ...rest, events: events.filter(({ tier }) => tier !== missing) })).toBe(false);
  });
});
