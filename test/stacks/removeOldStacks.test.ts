import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { environments } from "../../config/environments.ts";
import { removeOldStacks } from "../../stacks/removeOldStacks.ts";
import { synthesizeEnvironments } from "./synthesized.ts";

describe("removeOldStacks", () => {
  let outdir: string;
  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), "old-stacks-"));
  });
  afterEach(() => rmSync(outdir, { recursive: true }));

  const stacksOnDisk = () => readdirSync(join(outdir, "stacks")).sort();

  /** What an earlier synthesis, and Terraform after it, left there. */
  function leftOver(...stacks: readonly string[]): void {
    for (const stack of stacks) {
      mkdirSync(join(outdir, "stacks", stack, ".terraform"), { recursive: true });
      writeFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "{}");
    }
  }

  function synthesized(...stacks: readonly string[]): App {
    const app = new App({ outdir });
    for (const stack of stacks) new TerraformStack(app, stack);
    app.synth();
    return app;
  }

  it("removes what the environment has no longer, with all that is in its folder", () => {
    leftOver("billing-dev", "data-dev");
    removeOldStacks(synthesized("data-dev", "pipeline-dev"), ["dev"]);
    expect(stacksOnDisk()).toEqual(["data-dev", "pipeline-dev"]);
    expect(existsSync(join(outdir, "stacks/data-dev/.terraform"))).toBe(true);
  });

  it("leaves other environments alone, also those whose names end alike", () => {
    leftOver("billing-prod", "billing-my-dev", "billing-predev");
    removeOldStacks(synthesized("data-dev"), ["dev"]);
    expect(stacksOnDisk()).toEqual(["billing-my-dev", "billing-predev", "billing-prod", "data-dev"]);
  });

  it("removes old stacks of every environment that was synthesized", () => {
    leftOver("billing-dev", "billing-prod", "billing-staging");
    removeOldStacks(synthesized("data-dev", "data-prod"), ["dev", "prod"]);
    expect(stacksOnDisk()).toEqual(["billing-staging", "data-dev", "data-prod"]);
  });
});

describe("the stacks' names", () => {
  it("tell their environment after the first hyphen", () => {
    const told = Object.keys(synthesizeEnvironments()).map((stack) => stack.slice(stack.indexOf("-") + 1));
    expect(new Set(told)).toEqual(new Set(Object.keys(environments)));
  });
});
