/** `npm run synth -- <arguments>`: it takes none but `--help`, and says so rather than to ignore them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inOwnDirectory, type RunOptions, root, runSynth } from "./run.ts";

/** The variables in the README's table of them. */
function documentedVariables(): readonly string[] {
  const chapter = /^Environment variables of `npm run synth`:\n\n((?:\|.*\n)+)/m.exec(
    readFileSync(join(root, "README.md"), "utf8"),
  );
  const firstCells = [...(chapter?.[1] ?? "").matchAll(/^\|([^|]*)\|/gm)].map(([, cell = ""]) => cell);
  return firstCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
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
    expect(documentedVariables()).toContain("ENVIRONMENT_SUFFIX");
    for (const variable of documentedVariables()) expect(stdout).toMatch(new RegExp(`\\b${variable}\\b`));
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
