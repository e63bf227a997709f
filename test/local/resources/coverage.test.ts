import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../../config/environments.ts";
import { computedAttributes } from "../../../local/resources/attributes.ts";
import { coverageOf } from "../../../local/resources/coverage.ts";
import { readStacks } from "../../../local/terraform/read.ts";
import { resolveStacks } from "../../../local/terraform/resolve.ts";
import { synthesizeEnvironments } from "../../stacks/synthesized.ts";
import { resource } from "./fixtures.ts";

describe("coverageOf", () => {
  it("counts what is played, says what has no effect here, and what nobody has heard of", () => {
    const coverage = coverageOf([
      resource("aws_sqs_queue.a", {}),
      resource("aws_sqs_queue.b", {}),
      resource("aws_s3_bucket_versioning.a", {}),
      resource("aws_ecr_repository.a", {}),
      resource("aws_quantum_computer.a", {}),
      resource("data.aws_region.current", {}),
    ]);
    expect(coverage).toEqual({
      played: { aws_sqs_queue: 2 },
      missing: [{ type: "aws_s3_bucket_versioning", count: 1, reason: expect.any(String) }],
      unknown: [{ type: "aws_quantum_computer", count: 1 }],
    });
  });
});

describe("the synthesized stacks", () => {
  const urls = { aws: "http://127.0.0.1:4566", api: "http://127.0.0.1:4000" };
  const { resources, outputs } = resolveStacks(readStacks("cdktf.out", "dev"), computedAttributes(urls));

  it("hold no resource type that the runtime doesn't know", () => {
    expect(coverageOf(resources).unknown).toEqual([]);
  });

  it("resolve to plain values, with URLs of this machine", () => {
    expect(JSON.stringify(resources.map(({ config, attributes }) => [config, attributes]))).not.toMatch(
      /\$\{(aws_|data\.)/,
    );
    expect(outputs["pipeline-dev"]).toMatchObject({ WebhookApiUrl: urls.api });
    const queues = resources.filter(({ type }) => type === "aws_sqs_queue");
    expect(new Set(queues.map(({ attributes }) => new URL(String(attributes.url)).origin))).toEqual(
      new Set([urls.aws]),
    );
  });

  it("of every environment are known, and resolve", () => {
    const directory = mkdtempSync(join(tmpdir(), "cdktf-out-"));
    try {
      for (const [name, json] of Object.entries(synthesizeEnvironments())) {
        mkdirSync(join(directory, "stacks", name), { recursive: true });
        writeFileSync(join(directory, "stacks", name, "cdk.tf.json"), JSON.stringify(json));
      }
      for (const { name } of Object.values(environments)) {
        const resolved = resolveStacks(readStacks(directory, name), computedAttributes(urls));
        expect([name, coverageOf(resolved.resources).unknown]).toEqual([name, []]);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("get the same ids at every start", () => {
    const again = resolveStacks(readStacks("cdktf.out", "dev"), computedAttributes(urls));
    expect(again.resources.map(({ attributes }) => attributes)).toEqual(resources.map(({ attributes }) => attributes));
  });

  it("are the ones that the Terraform has", () => {
    const document = JSON.parse(readFileSync("cdktf.out/stacks/pipeline-dev/cdk.tf.json", "utf8")) as {
      resource: Record<string, Record<string, unknown>>;
    };
    const declared = Object.values(document.resource).flatMap((byName) => Object.keys(byName));
    expect(resources.filter(({ stack, mode }) => stack === "pipeline-dev" && mode === "resource")).toHaveLength(
      declared.length,
    );
  });
});
