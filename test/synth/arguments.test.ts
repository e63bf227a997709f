/** `npm run synth -- <arguments>`: it takes none but `--help`, and says so rather than to ignore them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inOwnDirectory, type RunOptions, root, runSynth } from "./run.ts";

/** The variables that main.ts takes from its environment, but for CDKTF's own. */
function variablesOfMain(): readonly string[] {
  const lists = [...readFileSync(join(root, "main.ts"), "utf8").matchAll(/\{([\w\s,]+)\} = process\.env/g)];
  const names = lists.flatMap(([, list = ""]) => list.split(",").map((name) => name.trim()));
  if (!names.includes("ENVIRONMENT_SUFFIX")) throw new Error("main.ts reads its environment in another way");
  return names.filter((name) => name !== "" && name !== "SYNTH_HCL_OUTPUT");
}

/** How it ends, and whether it wrote anything. */
function ended(options: RunOptions) {
  return inOwnDirectory((directory) => ({
    ...runSynth(directory, options),
    hasWritten: existsSync(join(directory, "cdktf.out")),
  }));
}

describe("npm run synth --", () => {
  it("--help says what it writes and what it reads, and writes nothing", () => {
    const { status, stdout, hasWritten } = ended({ args: ["--help"] });

    expect({ status, hasWritten }).toEqual({ status: 0, hasWritten: false });
    expect(stdout).toMatch(/^Usage: npm run synth\n/);
    for (const variable of variablesOfMain()) expect(stdout).toMatch(new RegExp(`\\b${variable}\\b`));
  });

  it.each([
    ["--hcl", { args: ["--hcl"] }],
    ["the variable by which cdktf synth --hcl asks for it", { variables: { SYNTH_HCL_OUTPUT: "true" } }],
  ])("refuses HCL asked for by %s, and points to the JSON", (_way, options) => {
    expect(ended(options)).toEqual({
      status: 2,
      stdout: "",
      stderr: expect.stringMatching(/^There is no HCL: .*docs\/adr\/0014.* JSON in cdktf\.out\/stacks .*\n$/),
      hasWritten: false,
    });
  });

  it("refuses what it would ignore", () => {
    expect(ended({ args: ["prod"] })).toEqual({
      status: 2,
      stdout: "",
      stderr: 'npm run synth takes no "prod": it is told everything by environment variables, see --help.\n',
      hasWritten: false,
    });
  });
});
