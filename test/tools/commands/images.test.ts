import type { Surroundings } from "../../../tools/commands/context.ts";
import { done, imagesCommand } from "../../../tools/commands/images.ts";
import { baseImage, digests, forEachFunction, functionNames } from "../images/samples.ts";

const surroundings: Surroundings = {
  variables: {},
  width: 100,
  now: () => 0,
  sleep: async () => undefined,
  out: () => {},
  err: () => {},
  ask: async () => undefined,
  askHidden: async () => undefined,
};
const run = (options: Partial<Parameters<typeof imagesCommand.run>[1]>) =>
  imagesCommand.run(surroundings, { base: "registry.invalid/base:1", ...options });

describe("cli images", () => {
  it("shows what was pushed, and gives programs all of it", () => {
    const result = done(
      { digests, pushed: ["webhook-dedup"], baseImage },
      { registry: "r.example", file: "dist/digests.json" },
    );
    expect(result).toEqual({
      kind: "done",
      json: { registry: "r.example", baseImage, digests, pushed: ["webhook-dedup"], file: "dist/digests.json" },
      text: expect.stringMatching(`\n\n1 of ${functionNames.length} pushed; digests in dist/digests.json.`),
    });
    const rows = (result.kind === "done" ? result.text : "").split("\n").slice(1, functionNames.length + 1);
    const shown = Object.fromEntries(
      rows.map((row) => row.split(/\s+/)).map(([name, state, digest]) => [name, [state, digest]]),
    );
    expect(shown).toEqual(
      forEachFunction((name) => [name === "webhook-dedup" ? "pushed" : "unchanged", digests[name]]),
    );
  });

  it.each([
    [{ local: true, env: "dev" }, /without images\. Leave --local out/],
    [{}, /Say whose images: --env/],
    [{ env: "No Where" }, /No Where/],
    [{ env: "dev", registry: "http://127.0.0.1:5000" }, /is no registry's host\. Write it like 127\.0\.0\.1:5000/],
    [{ env: "dev", registry: "r.example/team" }, /is no registry's host/],
  ])("is wrong with %j", async (options, message) => {
    expect(await run(options)).toEqual({ kind: "usage", message: expect.stringMatching(message) });
  });

  it("ends with one line when something is missing", async () => {
    expect(await run({ env: "dev", registry: "127.0.0.1:1", base: "nodejs:24" })).toEqual({
      kind: "failed",
      message: expect.stringMatching(/^"nodejs:24" names no image\./),
    });
  });
});
