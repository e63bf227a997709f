/** `npm run synth` as a process: what it writes, and how it ends when a setting is wrong. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(__dirname, "..");
const tsx = pathToFileURL(require.resolve("tsx")).href;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "synth-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs in a directory of its own, where its output and the images' digests are. */
function synth(variables: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", tsx, join(root, "main.ts")], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? "", ...variables },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const stacks = () => readdirSync(join(directory, "cdktf.out/stacks")).sort();

describe("npm run synth", () => {
  it("writes the stacks of the one environment, and leaves only those of others beside them", () => {
    for (const stack of ["billing-dev", "data-prod"])
      mkdirSync(join(directory, "cdktf.out/stacks", stack), { recursive: true });

    const { status, stdout } = synth({ ENVIRONMENT_SUFFIX: "dev" });

    expect(status).toBe(0);
    expect(stdout.trim().split("\n").sort()).toEqual(
      ["account", "data", "pipeline", "registry"].map((name) => `cdktf.out/stacks/${name}-dev/cdk.tf.json`),
    );
    expect(stacks()).toEqual(["account-dev", "data-dev", "data-prod", "pipeline-dev", "registry-dev"]);
  });

  it("ends with one line and exit code 2 for an environment that there isn't, and writes nothing", () => {
    expect(synth({ ENVIRONMENT_SUFFIX: "stagign" })).toEqual({
      status: 2,
      stdout: "",
      stderr: 'ENVIRONMENT_SUFFIX is "stagign", but config/environments.ts knows only: dev, staging, prod.\n',
    });
    expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
  });

  it("ends with one line and exit code 2 for digests that are none", () => {
    mkdirSync(join(directory, "dist"));
    writeFileSync(join(directory, "dist/image-digests-dev.json"), '{"fraud-detector": "latest"}');
    expect(synth({ ENVIRONMENT_SUFFIX: "dev" })).toMatchObject({
      status: 2,
      stderr: 'dist/image-digests-dev.json: "fraud-detector" has no sha256 digest.\n',
    });
  });

  it("shows the stack of whatever isn't a setting's fault", () => {
    writeFileSync(join(directory, "a-file"), "");
    const { status, stderr } = synth({ ENVIRONMENT_SUFFIX: "dev", CDKTF_OUTDIR: join(directory, "a-file") });
    expect(status).toBe(1);
    expect(stderr).toMatch(/\n\s+at /);
  });
});
