import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Terraform } from "./terraform-run.ts";

describe("Terraform", () => {
  const folder = mkdtempSync(join(tmpdir(), "terraform-run-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A Terraform that says something and ends with a code. */
  function saying(script: string): Terraform {
    const terraform = join(folder, "terraform");
    writeFileSync(terraform, `#!/bin/sh\n${script}\n`);
    chmodSync(terraform, 0o755);
    return new Terraform({ terraform, pluginDir: "/plugins", python: "python3" }, "http://127.0.0.1:9", process.env);
  }

  test("says what Terraform said, without its progress, when it fails", async () => {
    const failing = saying(
      "echo 'aws_sqs_queue.a: Still creating... [10s elapsed]'; echo 'Error: no such queue' >&2; exit 1",
    );
    const error = await failing.apply(folder).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "TerraformError", output: "Error: no such queue" });
    expect(String(error)).toContain(`terraform apply in ${folder} ended with code 1:\nError: no such queue`);
  });

  test("reads from a plan what would change, and what Terraform warns of", async () => {
    const lines = [
      { type: "version" },
      { type: "diagnostic", diagnostic: { severity: "warning", summary: "Deprecated", detail: "" } },
      { type: "planned_change", change: { action: "update", resource: { addr: "aws_sqs_queue.a" } } },
      { type: "change_summary", changes: { add: 0, change: 1, remove: 0, operation: "plan" } },
    ].map((line) => JSON.stringify(line));
    expect(await saying(`cat <<'END'\n${lines.join("\n")}\nEND`).plan(folder)).toEqual({
      changes: { add: 0, change: 1, remove: 0 },
      actions: ["update aws_sqs_queue.a"],
      diagnostics: [{ severity: "warning", summary: "Deprecated", detail: "" }],
    });
  });

  test("ends what still runs when it is stopped", async () => {
    const terraform = saying("trap 'echo interrupted >&2; exit 1' INT; while :; do sleep 0.05; done");
    const applying = terraform.apply(folder).catch((reason: unknown) => reason);
    await setTimeout(200);
    await terraform.stop();
    expect(await applying).toMatchObject({ output: "interrupted" });
  });

  test("gives Terraform no setting of whoever runs the tests but PATH and HOME", async () => {
    const variables = await saying("env").stateList(folder);
    const names = variables.map((line) => line.split("=")[0]).filter((name) => name !== "PWD" && name !== "_");
    expect(names.sort()).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_EC2_METADATA_DISABLED",
      "AWS_ENDPOINT_URL",
      "AWS_SECRET_ACCESS_KEY",
      "CHECKPOINT_DISABLE",
      "HOME",
      "PATH",
      "TF_CLI_CONFIG_FILE",
      "TF_IN_AUTOMATION",
    ]);
  });
});
