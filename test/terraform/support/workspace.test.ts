import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wavesOf, writeStandInState } from "./workspace.ts";

describe("wavesOf", () => {
  const stack = (name: string, ...dependencies: readonly string[]) => ({ name, dependencies });

  test("puts each stack after those that it depends on, and together what may be", () => {
    const waves = wavesOf([
      stack("pipeline", "data", "account"),
      stack("data"),
      stack("alarms", "pipeline"),
      stack("account"),
    ]);
    expect(waves.map((wave) => wave.map(({ name }) => name))).toEqual([["data", "account"], ["pipeline"], ["alarms"]]);
  });

  test("refuses a circle", () => {
    expect(() => wavesOf([stack("a", "b"), stack("b", "a")])).toThrow("in a circle");
  });
});

test("a stand-in state has an ARN where an ARN is referred to, and a name elsewhere, and replaces no state", () => {
  const folder = mkdtempSync(join(tmpdir(), "workspace-"));
  const stateFile = join(folder, "terraform.data-dev.tfstate");
  const output = {
    arn: { value: `\${aws_kms_key.data_key.arn}`, sensitive: true },
    name: { value: `\${aws_sqs_queue.a.name}` },
  };
  writeStandInState({ json: { output }, stateFile });
  expect(JSON.parse(readFileSync(stateFile, "utf8"))).toMatchObject({
    version: 4,
    outputs: {
      arn: { value: "arn:aws:service:us-east-1:123456789012:data-key", type: "string", sensitive: true },
      name: { value: "a", type: "string", sensitive: false },
    },
  });
  expect(() => writeStandInState({ json: { output }, stateFile })).toThrow("is there already");
  rmSync(folder, { recursive: true });
});
