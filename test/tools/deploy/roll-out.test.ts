import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeployError } from "../../../tools/deploy/deploy-error.ts";
import { type RollOutPorts, type RollOutRequest, rollOut } from "../../../tools/deploy/roll-out.ts";
import { tearDown } from "../../../tools/deploy/tear-down.ts";
import type { PlannedChange } from "../../../tools/deploy/terraform/messages.ts";
import type { Plan, StackTerraform } from "../../../tools/deploy/terraform/stack.ts";
import { calm, deployError, dev, recordedProgress } from "./fixtures.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "deploy-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const zeros = `repository@sha256:${"0".repeat(64)}`;
const built = `repository@sha256:${"a".repeat(64)}`;

/** As synthesis writes it, as far as a deployment reads it. */
function writeStacks(imageUri: string): void {
  const dependencies: Record<string, readonly string[]> = {
    "pipeline-dev": ["account-dev", "data-dev", "registry-dev"],
    "account-dev": [],
    "data-dev": [],
    "registry-dev": [],
  };
  const stacks = Object.fromEntries(
    Object.entries(dependencies).map(([name, needed]) => [
      name,
      { dependencies: needed, workingDirectory: `stacks/${name}` },
    ]),
  );
  for (const name of Object.keys(dependencies)) {
    const functions = { f: { function_name: "fraud-detector-dev", image_uri: imageUri } };
    const resource = name === "pipeline-dev" ? { aws_lambda_function: functions } : {};
    mkdirSync(join(root, "cdktf.out/stacks", name), { recursive: true });
    writeFileSync(
      join(root, "cdktf.out/stacks", name, "cdk.tf.json"),
      JSON.stringify({ terraform: { backend: { local: { path: "x" } } }, resource }),
    );
  }
  writeFileSync(join(root, "cdktf.out/manifest.json"), JSON.stringify({ stacks }));
}

interface World {
  readonly did: string[];
  readonly ports: RollOutPorts;
  readonly request: RollOutRequest;
}

interface Given {
  readonly images?: "build" | "skip";
  readonly allowsPlaceholder?: boolean;
  /** Changes of a stack; one creation when absent. */
  readonly changes?: Readonly<Record<string, readonly PlannedChange[]>>;
  readonly failing?: string;
  readonly stateAccounts?: Readonly<Record<string, string>>;
  readonly agree?: () => Promise<void>;
  readonly interrupts?: RollOutPorts["interrupts"];
  readonly empty?: readonly string[];
  readonly cutOff?: Readonly<Record<string, readonly string[]>>;
}

function world(given: Given = {}): World {
  const did: string[] = [];
  let imageUri = zeros;
  const stackTerraform: StackTerraform = {
    initialize: async () => undefined,
    recordedState: async ({ name }) => ({
      isEmpty: given.empty?.includes(name) ?? false,
      accountId: given.stateAccounts?.[name],
      cutOff: given.cutOff?.[name] ?? [],
    }),
    async complete({ name }, addresses) {
      for (const address of addresses) did.push(`complete ${address} of ${name}`);
    },
    async plan(stack, purpose): Promise<Plan> {
      did.push(`plan ${stack.name}${purpose === "destroy" ? " to destroy" : ""}`);
      const changes = given.changes?.[stack.name] ?? [{ action: "create", address: "aws_x.a", type: "aws_x" }];
      return { stack, hasChanges: changes.length > 0, changes, file: "plan" };
    },
    async apply({ stack }, onProgress) {
      if (stack.name === given.failing) throw new DeployError("stack-failed", `${stack.name} failed.`);
      did.push(`apply ${stack.name}`);
      onProgress(1, 1);
    },
    output: async () => "https://api/v1",
  };
  return {
    did,
    request: {
      settings: dev,
      root,
      account: "111122223333",
      images: given.images ?? "skip",
      allowsPlaceholder: given.allowsPlaceholder ?? true,
    },
    ports: {
      stackTerraform,
      progress: recordedProgress(),
      interrupts: given.interrupts ?? calm(),
      async synthesize() {
        did.push("synthesize");
        writeStacks(imageUri);
        return "";
      },
      agreeToLosses: async (losses) => {
        did.push(`ask about ${losses.join("; ")}`);
        await given.agree?.();
      },
      images: {
        check: async () => undefined,
        async publish({ registry }) {
          did.push(`push to ${registry}`);
          imageUri = built;
          return { digests: {} as never, pushed: ["fraud-detector"] };
        },
      },
    },
  };
}

const run = ({ request, ports }: World) => rollOut(request, ports);

describe("rollOut", () => {
  it("deploys account and registry, the images, then the others after those that they need", async () => {
    const one = world({ images: "build", allowsPlaceholder: false });
    const { stacks, pushed, webhookApiUrl } = await run(one);
    expect(one.did).toEqual([
      "synthesize",
      "plan account-dev",
      "plan registry-dev",
      "apply account-dev",
      "apply registry-dev",
      "push to 111122223333.dkr.ecr.us-east-1.amazonaws.com",
      "synthesize",
      "plan data-dev",
      "apply data-dev",
      "plan pipeline-dev",
      "apply pipeline-dev",
    ]);
    expect(stacks.map(({ name, add }) => [name, add])).toEqual([
      ["account-dev", 1],
      ["data-dev", 1],
      ["registry-dev", 1],
      ["pipeline-dev", 1],
    ]);
    expect({ pushed, webhookApiUrl }).toEqual({ pushed: ["fraud-detector"], webhookApiUrl: "https://api/v1" });
  });

  it("applies nothing where nothing changes", async () => {
    const none = { "account-dev": [], "registry-dev": [], "data-dev": [], "pipeline-dev": [] };
    const one = world({ changes: none });
    expect((await run(one)).stacks).toHaveLength(4);
    expect(one.did.filter((deed) => deed.startsWith("apply"))).toEqual([]);
  });

  it("stops before Terraform when a function has no image and none is built", async () => {
    const one = world({ allowsPlaceholder: false });
    expect(await deployError(run(one))).toMatchObject({
      code: "missing-digest",
      message: expect.stringMatching(/^Missing image digest for fraud-detector-dev: run images first/),
    });
    expect(one.did).toEqual(["synthesize"]);
  });

  it("asks before a plan that takes data away, and goes no further without consent", async () => {
    const changes = {
      "data-dev": [
        { action: "replace", address: "aws_dynamodb_table.transactions", type: "aws_dynamodb_table" },
        { action: "delete", address: "aws_iam_role.old", type: "aws_iam_role" },
        { action: "update", address: "aws_s3_bucket.archive", type: "aws_s3_bucket" },
      ],
    };
    const refusing = world({
      changes,
      agree: async () => {
        throw new DeployError("data-loss", "Nothing was done.");
      },
    });
    const error = await deployError(run(refusing));
    expect(error.code).toBe("data-loss");
    expect(error.message).toContain("Done: account-dev, registry-dev. Not or not wholly: data-dev, pipeline-dev.");
    expect(refusing.did.slice(-2)).toEqual(["plan data-dev", "ask about aws_dynamodb_table.transactions: its items"]);

    const agreed = world({ changes });
    await run(agreed);
    expect(agreed.did).toContain("apply data-dev");
  });

  it("completes what an interrupted deployment has begun, before it plans", async () => {
    const one = world({ cutOff: { "data-dev": ["aws_kms_key.a"] } });
    await run(one);
    expect(one.did.indexOf("complete aws_kms_key.a of data-dev")).toBe(one.did.indexOf("plan data-dev") - 1);
    const { lines } = one.ports.progress as ReturnType<typeof recordedProgress>;
    expect(lines).toContain(
      "Plan data-dev: 1 to add, 0 to change, 0 to destroy, completing what was cut off: aws_kms_key.a",
    );
  });

  it("says after a failure what is done, what isn't, and how to go on", async () => {
    const error = await deployError(run(world({ failing: "data-dev" })));
    expect(error).toMatchObject({
      code: "stack-failed",
      message:
        "data-dev failed.\nDone: account-dev, registry-dev. Not or not wholly: data-dev, pipeline-dev.\n" +
        "Mend the cause and run the same command: it goes on where it stopped.",
    });
  });

  it("refuses a state that was recorded for another account", async () => {
    const one = world({ stateAccounts: { "registry-dev": "999999999999" } });
    const error = await deployError(run(one));
    expect(error.code).toBe("foreign-state");
    expect(error.message).toContain(
      "registry-dev is of account 999999999999, but your credentials are of 111122223333",
    );
    expect(one.did.some((deed) => deed.startsWith("apply"))).toBe(false);
  });

  it("takes whatever fails after Ctrl-C for the interruption that it is", async () => {
    const one = world({ interrupts: { ...calm(), requested: true } });
    const ports = { ...one.ports, synthesize: () => Promise.reject(new Error("killed")) };
    expect(await deployError(rollOut(one.request, ports))).toMatchObject({
      code: "interrupted",
      message: "Stopped on request.\nRun the same command to go on where it stopped.",
    });
  });

  it("leaves a bug what it is", async () => {
    const one = world();
    const ports = { ...one.ports, synthesize: () => Promise.reject(new TypeError("a bug")) };
    await expect(rollOut(one.request, ports)).rejects.toThrow(TypeError);
  });
});

describe("tearDown", () => {
  const down = (one: World, settings = dev, agree: () => Promise<void> = async () => {}) =>
    tearDown({ ...one.request, settings }, { ...one.ports, livingEnvironments: async () => ["dev"], agree });

  const removal = (...types: readonly string[]) =>
    types.map((type) => ({ action: "delete", address: `${type}.a`, type }));

  it("plans everything, asks once, and destroys dependents first", async () => {
    const one = world({
      changes: {
        "data-dev": removal("aws_kms_key", "aws_iam_role"),
        "pipeline-dev": removal("aws_sqs_queue"),
        "registry-dev": removal("aws_ecr_repository"),
      },
      empty: ["account-dev"],
    });
    const asked: unknown[] = [];
    const ports = {
      ...one.ports,
      // Nobody has to look as long as no account stack goes.
      livingEnvironments: () => Promise.reject(new Error("asked")),
      agree: async (question: unknown) => void asked.push(question),
    };
    const { stacks } = await tearDown(one.request, ports);
    expect(asked).toEqual([
      {
        resources: 4,
        losses: [
          "aws_kms_key.a: everything that it encrypted",
          "aws_ecr_repository.a: its images",
          "aws_sqs_queue.a: its messages",
        ],
      },
    ]);
    expect(one.did).toEqual([
      "synthesize",
      "plan data-dev to destroy",
      "plan registry-dev to destroy",
      "plan pipeline-dev to destroy",
      "apply pipeline-dev",
      "apply data-dev",
      "apply registry-dev",
    ]);
    expect(stacks.map(({ name, removed }) => [name, removed])).toEqual([
      ["data-dev", 2],
      ["registry-dev", 1],
      ["pipeline-dev", 1],
    ]);
  });

  it("is refused for an environment that isn't destroyable, before anything is done", async () => {
    const one = world();
    expect(await deployError(down(one, { ...dev, name: "prod", destroyable: false }))).toMatchObject({
      code: "not-destroyable",
    });
    expect(one.did).toEqual([]);
  });

  it("destroys nothing without consent, and nothing of another account", async () => {
    const one = world();
    const refuse = () => Promise.reject(new DeployError("data-loss", "Nothing was done."));
    expect(await deployError(down(one, dev, refuse))).toMatchObject({
      code: "data-loss",
      message: "Nothing was done.",
    });
    const foreign = world({ stateAccounts: { "data-dev": "999999999999" } });
    expect(await deployError(down(foreign))).toMatchObject({ code: "foreign-state" });
    for (const { did } of [one, foreign]) expect(did.some((deed) => deed.startsWith("apply"))).toBe(false);
  });

  it("leaves an account stack alone that other environments need, before it asks", async () => {
    const one = world();
    const refuse = () => Promise.reject(new Error("asked"));
    const ports = { ...one.ports, agree: refuse, livingEnvironments: async () => ["dev", "pr-7"] };
    const error = await deployError(tearDown(one.request, ports));
    expect(error).toMatchObject({ code: "account-in-use", message: expect.stringContaining("there are still: pr-7.") });
    expect(one.did.some((deed) => deed.startsWith("apply"))).toBe(false);
  });

  it("has nothing to ask where nothing is deployed", async () => {
    const all = ["account-dev", "data-dev", "pipeline-dev", "registry-dev"];
    const refuse = () => Promise.reject(new Error("asked"));
    expect(await down(world({ empty: all }), dev, refuse)).toEqual({ stacks: [] });
  });
});
