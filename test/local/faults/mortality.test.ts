import { createMortality } from "../../../local/faults/mortality.ts";

describe("createMortality", () => {
  it("kills at the chosen call of a doomed invocation, and only there", () => {
    const mortality = createMortality(() => 2);
    const environment = {};
    mortality.begin(environment);
    expect([1, 2, 3].map(() => mortality.dies(environment))).toEqual([false, true, false]);
  });

  it("chooses among as many calls as the function made the last time", () => {
    const asked: number[] = [];
    const mortality = createMortality((usualCalls) => {
      asked.push(usualCalls);
      return undefined;
    });
    const [one, other] = [{}, {}];
    mortality.begin(one);
    for (let call = 0; call < 5; call++) expect(mortality.dies(one)).toBe(false);
    mortality.begin(one);
    mortality.begin(other);
    expect(asked).toEqual([1, 5, 5]);
  });

  it("lets an environment live that nobody has invoked", () => {
    expect(createMortality(() => 1).dies({})).toBe(false);
  });
});
