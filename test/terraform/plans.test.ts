/** Terraform validates and plans every stack of every environment, in an empty account, without a warning. */
import { join } from "node:path";
import { resourcesOf } from "../stacks/synthesized.ts";
import { type MotoServer, startMoto } from "./support/moto-server.ts";
import { describeWithTerraform, environmentNames, synthesizedFolder } from "./support/session.ts";
import { Terraform } from "./support/terraform-run.ts";
import { copyWorkspace, stacksOf, writeStandInState } from "./support/workspace.ts";

describeWithTerraform("Terraform", (tools, folder) => {
  let moto: MotoServer;
  let terraform: Terraform;

  beforeAll(async () => {
    moto = await startMoto(tools.python);
    terraform = new Terraform(tools, moto.endpoint, process.env);
  });
  afterAll(async () => {
    await terraform.stop();
    await moto.stop();
  });

  describe.each(environmentNames)("with the stacks of %s", (environment) => {
    const workspace = copyWorkspace(synthesizedFolder(folder, environment), join(folder, "plans", environment));
    const stacks = stacksOf(workspace);

    // Nothing is deployed: what a stack refers to in another's state is there in form only.
    beforeAll(() => stacks.forEach(writeStandInState));

    test.each(stacks)("validates and plans $name", async (stack) => {
      await terraform.init(stack.folder);
      expect(await terraform.validate(stack.folder)).toMatchObject({ valid: true, diagnostics: [] });

      const plan = await terraform.plan(stack.folder, "-refresh=false");
      expect(plan.diagnostics).toEqual([]);
      expect(plan.changes).toEqual({ add: resourcesOf(stack.json).length, change: 0, remove: 0 });
    });
  });
});
