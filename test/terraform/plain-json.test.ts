/**
 * The way out of CDKTF (docs/adr/0014): the JSON in `cdktf.out` needs nothing else of this project, neither Node nor
 * CDKTF's manifest; and what CDKTF renders as HCL is still no way out, or the record has to be written anew.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { App, TerraformStack, Testing } from "cdktf";
import { environments } from "../../config/environments.ts";
import { addEnvironment } from "../../stacks/addEnvironment.ts";
import { readImageDigests } from "../../stacks/imageDigests.ts";
import { describeWithTerraform, synthesizedFolder } from "./support/session.ts";

describeWithTerraform("Terraform alone", ({ terraform, pluginDir }, folder) => {
  /** Without a PATH, a home and credentials. */
  function run(directory: string, ...args: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(terraform, args, {
      cwd: directory,
      env: { CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: devNull },
      encoding: "utf8",
    });
    return { status, said: stdout + stderr };
  }

  const kept = join(folder, "kept by a team", "stacks");
  const synthesized = join(synthesizedFolder(folder, "prod"), "cdktf.out/stacks");
  const stacks = ["account-prod", "registry-prod", "data-prod", "pipeline-prod", "observability-prod"];
  beforeAll(() => {
    for (const stack of stacks) {
      mkdirSync(join(kept, stack), { recursive: true });
      cpSync(join(synthesized, stack, "cdk.tf.json"), join(kept, stack, "cdk.tf.json"));
    }
  });

  test.each(stacks)("takes the JSON of %s as it is", (stack) => {
    const directory = join(kept, stack);
    const init = run(directory, "init", "-input=false", "-no-color", "-backend=false", `-plugin-dir=${pluginDir}`);
    expect(init).toMatchObject({ status: 0 });
    expect(JSON.parse(run(directory, "validate", "-json").said)).toMatchObject({ valid: true, diagnostics: [] });
  });

  test("can't parse what CDKTF renders as HCL", () => {
    const app = new App();
    const context = { settings: environments.prod, tags: {}, imageDigests: readImageDigests("no such file") };
    addEnvironment(app, context);

    const refused = app.node.children.filter(TerraformStack.isStack).filter((stack) => {
      const directory = join(folder, "hcl", stack.node.id);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, "cdk.tf"), Testing.synthHcl(stack));
      return run(directory, "fmt", "-no-color").said.includes("Error: Missing newline after argument");
    });
    expect(refused.map(({ node }) => node.id)).toEqual(expect.arrayContaining(["data-prod", "pipeline-prod"]));
  });
});
