/** Against a program that stands in for Terraform, run as a process. */

import { EventEmitter } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { listenForInterrupts } from "../../../../tools/deploy/interrupts.ts";
import { createTerraform } from "../../../../tools/deploy/terraform/run.ts";
import { countsOf, createStackTerraform } from "../../../../tools/deploy/terraform/stack.ts";
import { checkTerraform } from "../../../../tools/deploy/terraform/version.ts";
import { aStack, calm, deployError } from "../fixtures.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "deploy-"));
});
afterEach(() => rmSync(root, { recursive: true }));

interface Answer {
  readonly when: readonly string[];
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
  readonly untilSignal?: boolean;
}

const stack = () => {
  const directory = join(root, "cdktf.out/stacks/data-dev");
  mkdirSync(directory, { recursive: true });
  return aStack("data-dev", { directory });
};

function start(script: readonly Answer[], interrupts = calm()) {
  const program = join(root, "terraform");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(__dirname, "../fake-terraform.cjs")}" "$@"\n`);
  chmodSync(program, 0o755);
  const calls = join(root, "calls");
  writeFileSync(calls, "");
  const variables = { PATH: process.env.PATH, FAKE_TERRAFORM: JSON.stringify(script), FAKE_TERRAFORM_CALLS: calls };
  const terraform = createTerraform({ program, variables, interrupts });
  return {
    terraform,
    stacks: createStackTerraform({ terraform, root, interrupts, pluginDirectory: "/plugins", now: () => 0 }),
    calls: () =>
      readFileSync(calls, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as string[]),
    log: () => readFileSync(join(root, "dist/deploy/data-dev.log"), "utf8"),
  };
}

const lines = (...messages: readonly object[]) => messages.map((one) => `${JSON.stringify(one)}\n`).join("");
const planned = (action: string, addr: string, resource_type: string) => ({
  "@message": `${addr}: Plan to ${action}`,
  type: "planned_change",
  change: { action, resource: { addr, resource_type } },
});
const complete = (addr: string) => ({
  "@message": `${addr}: complete`,
  type: "apply_complete",
  hook: { action: "create", resource: { addr } },
});
const failure = (summary: string) => ({
  "@message": `Error: ${summary}`,
  type: "diagnostic",
  diagnostic: { severity: "error", summary, detail: "the reason" },
});

describe("a stack", () => {
  it("is prepared with the provider from the plugin directory, and the log says so", async () => {
    const { stacks, calls, log } = start([{ when: ["init"], out: "Initialized\n" }]);
    await stacks.initialize(stack());
    expect(calls()).toEqual([["data-dev", "init", "-input=false", "-no-color", "-plugin-dir=/plugins"]]);
    expect(log()).toMatch(/init -input=false[^\n]*\nInitialized\n$/);
  });

  it("is planned, and what was planned is applied, with progress", async () => {
    const changes = [planned("create", "aws_x.a", "aws_x"), planned("replace", "aws_sqs_queue.b", "aws_sqs_queue")];
    const { stacks, calls } = start([
      { when: ["plan"], out: lines(...changes), code: 2 },
      { when: ["apply"], out: lines(complete("aws_x.a"), complete("aws_sqs_queue.b"), complete("aws_sqs_queue.b")) },
    ]);
    const plan = await stacks.plan(stack(), "deploy");
    expect(plan).toMatchObject({ hasChanges: true, changes: [{ action: "create" }, { action: "replace" }] });
    expect(countsOf(plan.changes)).toEqual({ add: 2, change: 0, remove: 1 });

    const progress: string[] = [];
    await stacks.apply(plan, (made, of) => progress.push(`${made} of ${of}`));
    expect(progress).toEqual(["1 of 3", "2 of 3", "3 of 3"]);
    expect(calls().at(-1)).toEqual(["data-dev", "apply", "-json", "-input=false", plan.file]);
    expect(() => readFileSync(plan.file)).toThrow();
  });

  it("without changes says so; a change of outputs alone is one", async () => {
    expect(await start([{ when: ["plan"], code: 0 }]).stacks.plan(stack(), "deploy")).toMatchObject({
      hasChanges: false,
    });
    expect(await start([{ when: ["plan"], code: 2 }]).stacks.plan(stack(), "deploy")).toMatchObject({
      hasChanges: true,
      changes: [],
    });
  });

  it("has a plan for its owner's eyes alone, which goes with the session though nobody applied it", async () => {
    const { stacks } = start([{ when: ["plan"], code: 2 }]);
    const left = join(root, "dist/deploy/data-dev.tfplan");
    mkdirSync(join(root, "dist/deploy"), { recursive: true });
    writeFileSync(left, "of a run that was killed", { mode: 0o644 });
    const { file } = await stacks.plan(stack(), "deploy");
    expect({ file, mode: statSync(file).mode & 0o777 }).toEqual({ file: left, mode: 0o600 });
    stacks.discardPlans();
    expect(existsSync(file)).toBe(false);
  });

  it("that fails half way says what is made, quotes Terraform, and leaves no plan behind", async () => {
    const { stacks, log } = start([
      {
        when: ["plan"],
        out: lines(planned("create", "aws_x.a", "aws_x"), planned("create", "aws_x.b", "aws_x")),
        code: 2,
      },
      { when: ["apply"], out: lines(complete("aws_x.a"), failure("creating aws_x.b")), code: 1 },
    ]);
    const plan = await stacks.plan(stack(), "deploy");
    const error = await deployError(stacks.apply(plan, () => undefined));
    expect(error.code).toBe("stack-failed");
    expect(error.message).toContain("creating aws_x.b\n  the reason");
    expect(error.message).toContain("1 of 2 changes of data-dev are made and recorded.");
    expect(log()).toContain("Error: creating aws_x.b\nthe reason");
    expect(() => readFileSync(plan.file)).toThrow();
  });

  it("tells the account that its state was recorded for, and keeps the state out of the log", async () => {
    const identity = {
      mode: "data",
      type: "aws_caller_identity",
      instances: [{ attributes: { account_id: "111122223333" } }],
    };
    const table = { mode: "managed", type: "aws_dynamodb_table", instances: [{ attributes: { name: "very-secret" } }] };
    const { stacks, log } = start([{ when: ["state", "pull"], out: JSON.stringify({ resources: [identity, table] }) }]);
    expect(await stacks.recordedState(stack())).toEqual({ isEmpty: false, accountId: "111122223333", cutOff: [] });
    expect(log()).not.toContain("very-secret");
  });

  it("is freed of the mark of what was cut off, one address at a time", async () => {
    const { stacks, calls } = start([]);
    await stacks.complete(stack(), ["aws_kms_key.a", "aws_kms_key.b"]);
    expect(calls()).toEqual([
      ["data-dev", "untaint", "-no-color", "aws_kms_key.a"],
      ["data-dev", "untaint", "-no-color", "aws_kms_key.b"],
    ]);
  });

  it("without a state, or with data sources only, is empty", async () => {
    expect(await start([]).stacks.recordedState(stack())).toEqual({ isEmpty: true, cutOff: [] });
    const out = JSON.stringify({ resources: [{ mode: "data", type: "aws_region", instances: [] }] });
    expect(await start([{ when: ["state"], out }]).stacks.recordedState(stack())).toEqual({
      isEmpty: true,
      cutOff: [],
    });
  });

  it("gives its outputs", async () => {
    const out = JSON.stringify({ WebhookApiUrl: { value: "https://api" }, Count: { value: 3 } });
    const { stacks } = start([{ when: ["output"], out }]);
    expect(await stacks.output(stack(), "WebhookApiUrl")).toBe("https://api");
    expect(await stacks.output(stack(), "Other")).toBeUndefined();
  });
});

describe("Ctrl-C", () => {
  it("reaches Terraform once, however often it is pressed, and is waited for", async () => {
    const signals = new EventEmitter();
    const said: string[] = [];
    const interrupts = listenForInterrupts(signals, () => said.push("Stopping"));
    const { stacks, calls } = start(
      [
        { when: ["plan"], out: lines(planned("create", "aws_x.a", "aws_x")), code: 2 },
        { when: ["apply"], out: lines(complete("aws_x.a")), untilSignal: true, code: 1 },
      ],
      interrupts,
    );
    const plan = await stacks.plan(stack(), "deploy");
    const error = deployError(
      stacks.apply(plan, async () => {
        signals.emit("SIGINT", "SIGINT");
        await wait(50);
        signals.emit("SIGINT", "SIGINT");
        signals.emit("SIGTERM", "SIGTERM");
      }),
    );
    expect(await error).toMatchObject({
      code: "interrupted",
      message: "Stopped on request.\n1 of 1 changes of data-dev are made and recorded.",
    });
    expect(calls().at(-1)).toEqual(["data-dev", "signals", "1"]);
    expect(said).toEqual(["Stopping"]);
    expect(await deployError(stacks.initialize(stack()))).toMatchObject({ code: "interrupted" });
    interrupts.close();
    expect(signals.listenerCount("SIGINT")).toBe(0);
  });
});

describe("checkTerraform", () => {
  const answers = (version: string, product: string) => [
    { when: ["-json"], out: JSON.stringify({ terraform_version: version }) },
    { when: ["version"], out: `${product} v${version}\non linux_amd64\n` },
  ];
  const check = (script: readonly Answer[]) => checkTerraform(start(script).terraform, root);

  it("takes Terraform from 1.11 and OpenTofu from 1.10", async () => {
    expect(await check(answers("1.11.4", "Terraform"))).toBe("Terraform 1.11.4");
    expect(await check(answers("2.0.0", "Terraform"))).toBe("Terraform 2.0.0");
    expect(await check(answers("1.10.0", "OpenTofu"))).toBe("OpenTofu 1.10.0");
  });

  it("refuses older ones, and says which is needed", async () => {
    for (const [version, product, needed] of [
      ["1.10.9", "Terraform", "1.11"],
      ["0.15.0", "Terraform", "1.11"],
      ["1.9.4", "OpenTofu", "1.10"],
    ] as const) {
      const error = await deployError(check(answers(version, product)));
      expect(error.code).toBe("old-terraform");
      expect(error.message).toContain(`is ${product} ${version}; ${needed} or later`);
    }
  });

  it("refuses what isn't Terraform, or isn't there", async () => {
    expect(await deployError(check([{ when: ["version"], out: "v20.1.0" }]))).toMatchObject({ code: "no-terraform" });
    const terraform = createTerraform({ program: join(root, "nothing"), variables: {}, interrupts: calm() });
    const error = await deployError(checkTerraform(terraform, root));
    expect(error).toMatchObject({ code: "no-terraform", message: expect.stringContaining("--terraform") });
  });
});
