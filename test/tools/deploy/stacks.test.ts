import { join } from "node:path";
import { lossesOf } from "../../../tools/deploy/losses.ts";
import { checkDigests, readStacks, wavesOf } from "../../../tools/deploy/stacks.ts";
import { aStack } from "./fixtures.ts";

describe("wavesOf", () => {
  const named = (waves: ReturnType<typeof wavesOf>) => waves.map((wave) => wave.map(({ name }) => name));

  it("puts each stack after those that it depends on, and together what can be", () => {
    const stacks = [
      aStack("pipeline-dev", { dependencies: ["data-dev", "account-dev"] }),
      aStack("data-dev"),
      aStack("account-dev"),
      aStack("observability-dev", { dependencies: ["pipeline-dev"] }),
    ];
    expect(named(wavesOf(stacks))).toEqual([["data-dev", "account-dev"], ["pipeline-dev"], ["observability-dev"]]);
    expect(named(wavesOf(stacks.slice(0, 1)))).toEqual([["pipeline-dev"]]);
  });

  it("refuses a circle", () => {
    const stacks = [aStack("a-dev", { dependencies: ["b-dev"] }), aStack("b-dev", { dependencies: ["a-dev"] })];
    expect(() => wavesOf(stacks)).toThrow("circle: a-dev, b-dev");
  });
});

describe("the synthesized stacks", () => {
  const root = join(__dirname, "../../..");

  it("are read as synthesis writes them, in the order of their deployment", () => {
    const stacks = readStacks(root, "dev");
    const names = stacks.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["account-dev", "registry-dev", "data-dev", "pipeline-dev"]));
    for (const { name, dependencies } of stacks) {
      for (const needed of dependencies) expect(names.indexOf(needed)).toBeLessThan(names.indexOf(name));
    }
    expect(stacks.find(({ name }) => name === "pipeline-dev")).toMatchObject({
      capability: "pipeline",
      shown: "cdktf.out/stacks/pipeline-dev",
      dependencies: expect.arrayContaining(["data-dev"]),
    });
  });

  it("that nobody has synthesized are refused", () => {
    expect(() => readStacks(root, "nowhere")).toThrow(expect.objectContaining({ code: "configuration" }));
  });
});

describe("checkDigests", () => {
  it("names every function without an image, and the command that builds it", () => {
    const stacks = [aStack("pipeline-dev", { functionsWithoutImage: ["a-dev", "b-dev"] }), aStack("data-dev")];
    expect(() => checkDigests(stacks, "dev")).toThrow(
      expect.objectContaining({
        code: "missing-digest",
        message: expect.stringMatching(/^Missing image digest for a-dev, b-dev: run images first .*images --env dev/),
      }),
    );
    expect(() => checkDigests([aStack("data-dev")], "dev")).not.toThrow();
  });
});

describe("lossesOf", () => {
  it("are what holds data and is destroyed or replaced", () => {
    const change = (action: string, type: string) => ({ action, type, address: `${type}.a` });
    expect(
      lossesOf([
        change("delete", "aws_s3_bucket"),
        change("replace", "aws_kms_key"),
        change("update", "aws_dynamodb_table"),
        change("create", "aws_sqs_queue"),
        change("delete", "aws_iam_role"),
      ]),
    ).toEqual(["aws_s3_bucket.a: its objects", "aws_kms_key.a: everything that it encrypted"]);
    expect(lossesOf([{ ...change("replace", "aws_s3_bucket"), reason: "tainted" }])).toEqual([
      "aws_s3_bucket.a: its objects, if it holds any: its creation was cut off",
    ]);
  });
});
