/** `npm run synth` as a process: what it writes, and how it ends when a setting is wrong. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
      ["account", "data", "observability", "pipeline", "registry"].map(
        (name) => `cdktf.out/stacks/${name}-dev/cdk.tf.json`,
      ),
    );
    expect(stacks()).toEqual([
      "account-dev",
      "data-dev",
      "data-prod",
      "observability-dev",
      "pipeline-dev",
      "registry-dev",
    ]);
  });

  it("writes a short-lived environment for any other name, and says so", () => {
    const { status, stderr } = synth({ ENVIRONMENT_SUFFIX: "pr-12" });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "pr-12 is not in config/environments.ts: a short-lived environment, derived from dev.\n",
    });
    expect(stacks()).toEqual(["data-pr-12", "observability-pr-12", "pipeline-pr-12", "registry-pr-12"]);
  });

  it("ends with one line and exit code 2 for what can't be an environment, and writes nothing", () => {
    expect(synth({ ENVIRONMENT_SUFFIX: "PR-12" })).toEqual({
      status: 2,
      stdout: "",
      stderr:
        'ENVIRONMENT_SUFFIX is "PR-12": an environment\'s name consists of lower-case letters and digits, with single ' +
        'hyphens between them. Take dev, staging, prod, or a name such as "pr-123".\n',
    });
    expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
  });

  it("lists all that is wrong, and writes nothing", () => {
    mkdirSync(join(directory, "dist"));
    for (const name of ["dev", "prod"]) writeFileSync(join(directory, `dist/image-digests-${name}.json`), "[]");
    const { status, stdout, stderr } = synth({ TERRAFORM_STATE_BUCKET: "My_States", TEAM: "a#b" });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.split("\n")).toEqual([
      "4 settings are wrong:",
      expect.stringMatching(/^ {2}- dist\/image-digests-dev\.json holds no JSON object\./),
      expect.stringMatching(/^ {2}- dist\/image-digests-prod\.json holds no JSON object\./),
      expect.stringMatching(/^ {2}- TEAM is "a#b": /),
      expect.stringMatching(/^ {2}- TERRAFORM_STATE_BUCKET is "My_States": /),
      "",
    ]);
    expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
  });

  it("keeps the state where it is told, and tags what it is told", () => {
    synth({
      ENVIRONMENT_SUFFIX: "dev",
      TERRAFORM_STATE_BUCKET: "states",
      TERRAFORM_STATE_BUCKET_REGION: "eu-west-1",
      TEAM: "t",
    });
    const { terraform, provider } = JSON.parse(
      readFileSync(join(directory, "cdktf.out/stacks/data-dev/cdk.tf.json"), "utf8"),
    );
    expect(terraform.backend.s3).toMatchObject({ bucket: "states", region: "eu-west-1", use_lockfile: true });
    expect(provider.aws[0].default_tags[0].tags).toMatchObject({ Team: "t" });
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
