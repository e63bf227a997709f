import { nodeVersionProblem } from "../../config/node-version.ts";

describe("nodeVersionProblem", () => {
  it.each(["22.15.0", "22.20.1", "24.0.0", "26.1.0"])("takes %s", (version) => {
    expect(nodeVersionProblem(version, "npm start")).toBeUndefined();
  });

  it.each(["20.20.2", "22.14.9", "18.0.0"])("refuses %s and says what to run", (version) => {
    expect(nodeVersionProblem(version, "npm run demo")).toMatch(/too old: 22\.15 is needed.*"npm run demo"/);
  });
});
