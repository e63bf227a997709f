import { DeployError } from "../../../tools/deploy/deploy-error.ts";
import { plainProgress } from "../../../tools/deploy/progress.ts";
import { deployError } from "./fixtures.ts";

const failing = (error: unknown) => ({ title: "Apply", run: () => Promise.reject(error) });
const good = (value: number) => ({ title: "Apply", run: async () => ({ text: "done", value }) });
const progress = plainProgress(
  () => undefined,
  () => 0,
);

describe("tasks together", () => {
  it("give their values in order", async () => {
    expect(await progress.run([good(1), good(2)], "together")).toEqual([1, 2]);
  });

  it("tell of each failure, with the first one's code", async () => {
    const tasks = [
      failing(new DeployError("state-locked", "One is locked.")),
      good(1),
      failing(new DeployError("stack-failed", "The other failed.")),
    ];
    const error = await deployError(progress.run<unknown>(tasks, "together"));
    expect(error).toMatchObject({ code: "state-locked", message: "One is locked.\n\nThe other failed." });
  });

  it("show a bug rather than what can be explained", async () => {
    const tasks = [failing(new DeployError("stack-failed", "One failed.")), failing(new TypeError("a bug"))];
    await expect(progress.run(tasks, "together")).rejects.toThrow(TypeError);
  });
});
