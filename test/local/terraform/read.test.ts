import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStacks } from "../../../local/terraform/read.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cdktf-out-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(stack: string, content: unknown): void {
  mkdirSync(join(directory, "stacks", stack), { recursive: true });
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(directory, "stacks", stack, "cdk.tf.json"), text);
}

describe("readStacks", () => {
  it("says to run synth when nothing was synthesized", () => {
    expect(() => readStacks(join(directory, "missing"), "dev")).toThrow(
      expect.objectContaining({ code: "NOT_SYNTHESIZED", message: expect.stringContaining("npm run synth") }),
    );
  });

  it("reads the environment's stacks and no other's", () => {
    for (const stack of ["pipeline-dev", "data-dev", "data-prod"]) write(stack, {});
    expect(readStacks(directory, "dev").map(({ name }) => name)).toEqual(["data-dev", "pipeline-dev"]);
    expect(() => readStacks(directory, "staging")).toThrow(expect.objectContaining({ code: "NOT_SYNTHESIZED" }));
  });

  it("takes no environment for another whose name ends alike", () => {
    for (const stack of ["data-dev", "data-my-dev"]) write(stack, {});
    expect(readStacks(directory, "dev").map(({ name }) => name)).toEqual(["data-dev"]);
    expect(readStacks(directory, "my-dev").map(({ name }) => name)).toEqual(["data-my-dev"]);
  });

  it("lists resources and data sources with their addresses, remote states apart", () => {
    write("pipeline-dev", {
      resource: { aws_sqs_queue: { events: { name: "events-dev" } } },
      data: {
        aws_region: { current: {} },
        terraform_remote_state: { data: { backend: "local", config: { path: "/x/terraform.data-dev.tfstate" } } },
      },
      terraform: { backend: { s3: { bucket: "states", key: "pipeline" } } },
    });
    const [stack] = readStacks(directory, "dev");
    expect(stack?.declarations).toEqual([
      {
        stack: "pipeline-dev",
        mode: "resource",
        type: "aws_sqs_queue",
        name: "events",
        address: "aws_sqs_queue.events",
        config: { name: "events-dev" },
      },
      {
        stack: "pipeline-dev",
        mode: "data",
        type: "aws_region",
        name: "current",
        address: "data.aws_region.current",
        config: {},
      },
    ]);
    expect(stack?.state).toBe("s3:states/pipeline");
    expect(stack?.remoteStates).toEqual({ data: "local:/x/terraform.data-dev.tfstate" });
  });

  it.each([
    ["no JSON", "{", "INVALID_STACK"],
    ["no object", "[]", "INVALID_STACK"],
    ["a backend that it can't follow", { terraform: { backend: { gcs: {} } } }, "UNSUPPORTED"],
  ])("refuses %s", (_what, content, code) => {
    write("data-dev", content);
    expect(() => readStacks(directory, "dev")).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining("data-dev") }),
    );
  });
});
