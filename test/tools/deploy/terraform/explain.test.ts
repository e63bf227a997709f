/** The texts are Terraform's own, as 1.11.4 said them. */
import { explainFailure, type Failure } from "../../../../tools/deploy/terraform/explain.ts";
import { aStack } from "../fixtures.ts";

const explain = (failure: Partial<Failure>) =>
  explainFailure({
    stack: aStack("data-dev", { dependencies: ["registry-dev"] }),
    program: "terraform",
    errors: [],
    output: "",
    log: "dist/deploy/data-dev.log",
    nowMs: Date.parse("2026-11-20T10:01:02Z"),
    ...failure,
  });

const saying = (summary: string, detail = "") => explain({ errors: [{ summary, detail }] });

describe("a state lock", () => {
  const lock = (created: string) => ({
    summary: "Error acquiring the state lock",
    detail: `Error message: operation error S3: PutObject, https response error StatusCode: 412, api error PreconditionFailed
Lock Info:
  ID:        7a2ae9f1-5a83-4a5c-98c6-0d9dbd1f5f3f
  Path:      state/x.tfstate
  Operation: OperationTypeApply
  Who:       ci@runner-7
  Version:   1.11.4
  Created:   ${created}
  Info:      
`,
  });

  it("names who holds it since when, and how to take it back", () => {
    const { code, message } = explain({ errors: [lock("2026-11-20 08:01:02.123456789 +0000 UTC")] });
    expect(code).toBe("state-locked");
    expect(message).toContain("locked by ci@runner-7 since 2026-11-20T08:01:02Z (2 h 0 min), for apply.");
    expect(message).toContain("was probably killed");
    expect(message).toContain(
      "terraform -chdir=cdktf.out/stacks/data-dev force-unlock 7a2ae9f1-5a83-4a5c-98c6-0d9dbd1f5f3f",
    );
  });

  it("advises to wait for one that is fresh", () => {
    const { message } = explain({ errors: [lock("2026-11-20 10:00:02 +0000 UTC")] });
    expect(message).toContain("(1 min)");
    expect(message).toContain("Wait until that run has ended");
    expect(message).not.toContain("killed");
  });

  it("of a local file can't be forced: it ends with its process", () => {
    const stack = aStack("data-dev", { backend: { type: "local" } });
    const { message } = explain({ stack, errors: [lock("2026-11-20 10:00:02 +0000 UTC")] });
    expect(message).toContain("ends with the process");
    expect(message).not.toContain("force-unlock");
  });

  it("is recognised without its description", () => {
    const { code, message } = saying("Error acquiring the state lock");
    expect(code).toBe("state-locked");
    expect(message).toContain("locked by somebody.");
  });
});

describe("what Terraform says is explained", () => {
  it.each([
    ["no-provider", "Failed to query available provider packages", "TF_PLUGIN_DIR"],
    [
      "no-state-bucket",
      'Failed to get existing workspaces: S3 bucket "state" does not exist.',
      "npm run cli -- bootstrap",
    ],
    ["no-credentials", "No valid credential sources found", "aws sso login"],
    ["backend-changed", "Backend configuration changed", "-chdir=cdktf.out/stacks/data-dev init -migrate-state"],
    ["wrong-account", "AWS account ID not allowed: 123456789012", "another account"],
    ["missing-stack", "Unable to find remote state", "registry-dev"],
  ])("%s", (code, summary, advice) => {
    const error = saying(summary);
    expect(error.code).toBe(code);
    expect(error.message).toContain(advice);
    expect(error.message).toContain("data-dev".slice(0, code === "no-state-bucket" ? 0 : undefined));
  });

  it("also when it stands in the detail, or in no error at all", () => {
    expect(saying("Error refreshing state", "api error NoSuchBucket: The specified bucket…").code).toBe(
      "no-state-bucket",
    );
    expect(explain({ output: "Required plugins are not installed" }).code).toBe("no-provider");
  });
});

describe("anything else", () => {
  it("is quoted, three errors at most, with the place of the log", () => {
    const errors = [1, 2, 3, 4, 5].map((n) => ({ summary: `creating ${n}`, detail: "denied", address: `aws_x.y${n}` }));
    expect(explain({ errors })).toMatchObject({
      code: "stack-failed",
      message:
        "data-dev failed. Terraform says:\n  aws_x.y1: creating 1\n  denied\n  aws_x.y2: creating 2\n  denied\n" +
        "  aws_x.y3: creating 3\n  denied\n  … and 2 more.\nLog: dist/deploy/data-dev.log",
    });
  });

  it("that exists already hints at the state that was used", () => {
    const said = saying("creating DynamoDB Table (x)", "ResourceInUseException: Table already exists: x").message;
    expect(said).toContain("Table already exists: x\nAWS has it already, but the state in s3://state doesn't know it");
    expect(saying("creating DynamoDB Table (x)", "LimitExceeded").message).not.toContain("state");
    const local = explain({
      stack: aStack("data-dev", { backend: { type: "local" } }),
      errors: [{ summary: "creating IAM Role", detail: "EntityAlreadyExists" }],
    });
    expect(local.message).toContain("the local file terraform.data-dev.tfstate");
  });

  it("is quoted from the end of the output where there is no error", () => {
    expect(explain({ output: `${"x".repeat(5_000)}\nSegmentation fault\n` }).message).toMatch(
      /Segmentation fault\nLog: /,
    );
  });
});
