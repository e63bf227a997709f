import { judge } from "../../../../tools/demo/judge.ts";
import { failing, flawless } from "./flawless.ts";

const needed = "every permission was used, or is listed with its reason";

describe("surroundings", () => {
  it("notices a permission that nobody needs", () => {
    const problems = ["webhook-dedup-dev: dynamodb:Scan on * was not used"];
    expect(failing({ ...flawless, grants: { count: 90, problems } })).toEqual([needed]);
    expect(failing({ ...flawless, grants: { count: 90, problems: [] } })).toEqual([]);
    expect(failing({ ...flawless, grants: { count: 0, problems: [] } })).toEqual([needed]);
  });

  it("doesn't judge permissions after a run that was too short to use them", () => {
    expect(judge(flawless).invariants.map(({ name }) => name)).not.toContain(needed);
  });

  it("notices a permission that was missing", () => {
    const deniedCalls = ["webhook-dedup-dev is not allowed dynamodb:PutItem"];
    expect(failing({ ...flawless, deniedCalls })).toEqual(["no permission was missing"]);
  });

  it("notices that nobody was asked for a permission", () => {
    expect(failing({ ...flawless, calls: 0 })).toEqual(["no permission was missing"]);
  });
});
