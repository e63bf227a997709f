/** What `npm run synth` doesn't need: a PATH, a home, Terraform, a command line of CDKTF, a path without spaces. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, inOwnDirectory, root, runSynth, synthesizedFiles } from "./run.ts";

const variables = { ENVIRONMENT_SUFFIX: "dev" };
const expected = synthesizedFiles({ variables });

/** The project's sources at another place, with the dependencies that are installed here. */
function copyProject(to: string): void {
  for (const source of ["main.ts", "package.json", "config", "stacks", "workflows", "dashboards"]) {
    if (existsSync(join(root, source))) cpSync(join(root, source), join(to, source), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(to, "node_modules"));
}

describe("npm run synth", () => {
  it("finds nothing on the PATH, in the home or among the variables, and writes every stack", () => {
    expect(Object.keys(expected)).toEqual([
      "manifest.json",
      ...["account", "data", "observability", "pipeline", "registry"].map((stack) => `stacks/${stack}-dev/cdk.tf.json`),
    ]);
  });

  it("starts neither Terraform nor anything else, and writes the same bytes again", () => {
    inOwnDirectory((directory) => {
      const traps = join(directory, "bin");
      mkdirSync(traps);
      for (const program of ["terraform", "tofu", "cdktf", "npx", "npm", "git", "docker", "aws"]) {
        writeFileSync(join(traps, program), `#!/bin/sh\necho ${program} >> "${directory}/started"\n`, { mode: 0o755 });
      }
      expect(runSynth(directory, { variables: { ...variables, PATH: traps } })).toMatchObject({
        status: 0,
        stderr: "",
      });
      expect(existsSync(join(directory, "started"))).toBe(false);
      expect(filesBelow(join(directory, "cdktf.out"))).toEqual(expected);
    });
  });

  it("writes the same in a project whose path has spaces, quotes and letters beyond ASCII", () => {
    inOwnDirectory((project) => {
      copyProject(project);
      const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
        cwd: project,
        env: variables,
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(filesBelow(join(project, "cdktf.out"))).toEqual(expected);
    }, "pay ments 'prüfen' ");
  });
});
