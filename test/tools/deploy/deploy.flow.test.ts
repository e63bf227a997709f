/** `deploy` and `destroy` as processes, with real synthesis, a Terraform that answers as told, and of AWS the account and its tables. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lambdas } from "../../../config/lambdas.ts";
import { runCommandLine } from "../../support/command-line.ts";

const project = join(__dirname, "../../..");
const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
let tables: readonly string[];
const aws = createServer(({ headers }, response) => {
  const asksForTables = headers["x-amz-target"] === "DynamoDB_20120810.ListTables";
  response.end(asksForTables ? JSON.stringify({ TableNames: tables }) : identity);
});

let endpoint: string;
let cwd: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
});
afterAll(() => aws.close());
beforeEach(() => {
  tables = ["transactions-dev", "processed-webhooks-dev"];
  cwd = mkdtempSync(join(tmpdir(), "deploy-"));
  writeFileSync(
    join(cwd, "terraform"),
    `#!/bin/sh\nexec "${process.execPath}" "${join(__dirname, "fake-terraform.cjs")}" "$@"\n`,
  );
  chmodSync(join(cwd, "terraform"), 0o755);
});
afterEach(() => rmSync(cwd, { recursive: true }));

const message = (one: object) => `${JSON.stringify({ "@message": "", ...one })}\n`;
const creation = message({
  type: "planned_change",
  change: { action: "create", resource: { addr: "aws_x.a", resource_type: "aws_x" } },
});
const removal = message({
  type: "planned_change",
  change: { action: "delete", resource: { addr: "aws_dynamodb_table.a", resource_type: "aws_dynamodb_table" } },
});
const version = { when: ["version", "-json"], out: '{"terraform_version":"1.11.4"}' };
const outputs = { when: ["output"], out: '{"WebhookApiUrl":{"value":"https://api/v1"}}' };
const good = [version, { when: ["plan"], out: creation, code: 2 }, outputs];

async function cli(script: readonly object[], ...args: readonly string[]) {
  const fake = { FAKE_TERRAFORM: JSON.stringify(script), FAKE_TERRAFORM_CALLS: join(cwd, "calls") };
  const env = { PATH: process.env.PATH, ...fake };
  const ended = await runCommandLine([...args, "--terraform", join(cwd, "terraform")], { cwd, env });
  const calls = existsSync(join(cwd, "calls")) ? readFileSync(join(cwd, "calls"), "utf8").trim().split("\n") : [];
  const deeds = calls.map((line) => (JSON.parse(line) as string[]).slice(0, 2).join(" "));
  return {
    ...ended,
    applied: deeds.filter((deed) => deed.endsWith(" apply")).map((deed) => deed.replace(" apply", "")),
  };
}

const deploy = (script: readonly object[], ...args: readonly string[]) =>
  cli(script, "deploy", "--env", "dev", "--endpoint", endpoint, ...args);

describe("deploy", () => {
  it("goes from checks to a complete environment, in order, and skips the smoke test on an endpoint", async () => {
    const { code, out, err, applied } = await deploy(good, "--images", "skip", "--json");
    expect(err).toContain("Smoke test: skipped");
    expect(err).toContain(`State: local files in ${realpathSync(cwd)}\n`);
    expect(code).toBe(0);
    expect(applied.slice(0, 2).sort()).toEqual(["account-dev", "registry-dev"]);
    expect(applied.indexOf("pipeline-dev")).toBeGreaterThan(applied.indexOf("data-dev"));
    expect(JSON.parse(out)).toMatchObject({
      environment: "dev",
      account: "111122223333",
      webhookApiUrl: "https://api/v1",
      smoke: { kind: "skipped" },
      stacks: expect.arrayContaining([{ name: "pipeline-dev", add: 1, change: 0, remove: 0 }]),
    });
    expect(readdirSync(join(cwd, "dist/deploy"))).toContain("pipeline-dev.log");
    expect(existsSync(join(cwd, "dist/releases"))).toBe(false);
  }, 30_000);

  it("takes the digests of a release, and keeps what it has deployed as one", async () => {
    const digests = Object.fromEntries(Object.keys(lambdas).map((name) => [name, `sha256:${"a".repeat(64)}`]));
    writeFileSync(join(cwd, "release.json"), JSON.stringify(digests));
    const { code, out } = await deploy(good, "--digests", "release.json");
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, "cdktf.out/stacks/pipeline-dev/cdk.tf.json"), "utf8")).toContain(
      `@sha256:${"a".repeat(64)}`,
    );
    const release = /Release +(\S+)/.exec(out)?.[1] ?? "";
    expect(JSON.parse(readFileSync(join(cwd, release), "utf8"))).toEqual(digests);
  }, 30_000);

  it("keeps the digests that were there when a release's deployment fails", async () => {
    const [release = "", present = ""] = ["a", "b"].map((digit) =>
      JSON.stringify(Object.fromEntries(Object.keys(lambdas).map((name) => [name, `sha256:${digit.repeat(64)}`]))),
    );
    mkdirSync(join(cwd, "dist"));
    writeFileSync(join(cwd, "dist/image-digests-dev.json"), present);
    writeFileSync(join(cwd, "release.json"), release);
    const { code } = await deploy([{ when: ["data-dev", "apply"], code: 1 }, ...good], "--digests", "release.json");
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, "dist/image-digests-dev.json"), "utf8")).toBe(present);
  }, 30_000);

  it("never destroys data unasked: without a terminal it refuses, with --yes it goes on", async () => {
    const script = [version, { when: ["data-dev", "plan"], out: removal, code: 2 }, ...good.slice(1)];
    const refused = await deploy(script, "--images", "skip");
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("aws_dynamodb_table.a: its items");
    expect(refused.err).toContain("add --yes");
    expect(refused.applied).not.toContain("data-dev");
    expect(readdirSync(join(cwd, "dist/deploy")).filter((name) => !name.endsWith(".log"))).toEqual([]);

    const agreed = await deploy(script, "--images", "skip", "--yes");
    expect(agreed.code).toBe(0);
    expect(agreed.applied).toContain("data-dev");
  }, 30_000);

  it("says what is done when a stack fails, with Terraform's own words", async () => {
    const error = message({
      type: "diagnostic",
      diagnostic: { severity: "error", summary: "creating table", detail: "LimitExceeded" },
    });
    const { code, out, err } = await deploy(
      [{ when: ["data-dev", "apply"], out: error, code: 1 }, ...good],
      "--images",
      "skip",
      "--json",
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: "stack-failed" } });
    expect(err).toContain("creating table\n  LimitExceeded");
    expect(err).toContain("0 of 1 changes of data-dev are made and recorded.");
    expect(err).toContain("Done: account-dev, registry-dev.");
  }, 30_000);

  it("makes a short-lived environment of an unknown name only when told to: it may be misspelt", async () => {
    const prd = ["--images", "skip", "--env", "prd", "--json"];
    const refused = await deploy(good, ...prd);
    expect({ code: refused.code, applied: refused.applied }).toEqual({ code: 1, applied: [] });
    const { error } = JSON.parse(refused.out) as {
      readonly error: { readonly code: string; readonly message: string };
    };
    expect(error.code).toBe("unknown-environment");
    expect(error.message).toContain("Did you mean prod? Nobody can be asked here: add --short-lived");
    const told = await deploy(good, ...prd, "--short-lived");
    expect(told.code).toBe(0);
    expect(told.applied).toContain("pipeline-prd");
  }, 60_000);

  it("refuses wrong use with exit code 2, before anything runs", async () => {
    const wrong = [
      ["--images", "build"],
      ["--images", "build", "--digests", "release.json"],
      ["--digests", "nowhere.json"],
      ["--env", "Not-A-Name!"],
      ["--short-lived"],
    ];
    const ended = await Promise.all(wrong.map((args) => deploy(good, ...args)));
    expect(ended.map(({ code, applied }) => [code, ...applied])).toEqual(wrong.map(() => [2]));
  }, 60_000);
});

describe("destroy", () => {
  const script = [
    version,
    {
      when: ["state", "pull"],
      out: JSON.stringify({ resources: [{ mode: "managed", type: "aws_x", instances: [] }] }),
    },
    { when: ["plan"], out: removal, code: 2 },
  ];

  it("removes what is there, dependents first", async () => {
    mkdirSync(join(cwd, "dist"));
    const { code, out, err, applied } = await cli(script, "destroy", "--env", "dev", "--endpoint", endpoint);
    expect(err).toContain("dev has 5 resources. These hold data that would be gone for good:");
    expect(code).toBe(0);
    expect(applied[0]).toBe("observability-dev");
    expect(out).toContain("dev is gone:");
  }, 30_000);

  it("leaves the account stack to the environments that need it", async () => {
    tables = [...tables, "transactions-pr-7", "processed-webhooks-pr-7"];
    const args = ["destroy", "--env", "dev", "--endpoint", endpoint, "--json"];
    const { code, out, applied } = await cli(script, ...args);
    expect({ code, applied }).toEqual({ code: 1, applied: [] });
    expect(JSON.parse(out)).toMatchObject({ error: { code: "account-in-use" } });
  }, 30_000);

  it("that finds nothing fails and names the state that it looked into; --if-exists takes it well", async () => {
    const args = ["destroy", "--env", "dev", "--endpoint", endpoint, "--json"];
    const failed = await cli([version], ...args);
    expect({ code: failed.code, applied: failed.applied }).toEqual({ code: 1, applied: [] });
    expect(JSON.parse(failed.out)).toMatchObject({ error: { code: "no-state" } });
    expect(failed.err).toContain(`Looked into: local files in ${realpathSync(cwd)}.`);
    expect((await cli([version], ...args, "--if-exists")).code).toBe(0);
  }, 30_000);

  it("keeps no lasting environment's state on this machine unasked, in AWS", async () => {
    const { code, out, applied } = await cli(script, "destroy", "--env", "dev", "--json", "--yes");
    expect({ code, applied }).toEqual({ code: 1, applied: [] });
    expect(JSON.parse(out)).toMatchObject({ error: { code: "no-state-bucket" } });
  }, 30_000);

  it("is refused for prod", async () => {
    const { code, err, applied } = await cli(script, "destroy", "--env", "prod", "--endpoint", endpoint, "--yes");
    expect({ code, applied }).toEqual({ code: 1, applied: [] });
    expect(err).toContain("prod isn't destroyable");
    const [, recipe] = /README, "(.+)"/.exec(err) ?? [];
    expect(readFileSync(join(project, "README.md"), "utf8")).toContain(`\n### ${recipe}\n`);
  }, 30_000);
});
