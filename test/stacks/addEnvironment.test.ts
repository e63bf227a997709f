import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { type EnvironmentSettings, environments, selectEnvironments } from "../../config/environments.ts";
import { addEnvironment } from "../../stacks/addEnvironment.ts";
import { readImageDigests } from "../../stacks/imageDigests.ts";

/** Stack → the stacks that are deployed before it, in the order in which they were added. */
function stacksOf(settings: EnvironmentSettings): ReadonlyMap<string, readonly string[]> {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-"));
  try {
    const app = new App({ outdir });
    addEnvironment(app, { settings, tags: {}, imageDigests: readImageDigests("no such file") });
    app.synth();
    return new Map(Object.values(app.manifest.stacks).map(({ name, dependencies }) => [name, dependencies]));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const [shortLived] = selectEnvironments("pr-1") as [EnvironmentSettings];

describe("addEnvironment", () => {
  it("adds the stacks in the order of their deployment", () => {
    expect([...stacksOf(environments.dev).keys()]).toEqual([
      "account-dev",
      "registry-dev",
      "data-dev",
      "pipeline-dev",
      "observability-dev",
    ]);
  });

  it("has the pipeline deployed after what it stands on, which waits for nothing, and watched after that", () => {
    const {
      "pipeline-dev": pipeline,
      "observability-dev": observability,
      ...others
    } = Object.fromEntries(stacksOf(environments.dev));
    expect(observability).toEqual(["pipeline-dev"]);
    expect([...(pipeline ?? [])].sort()).toEqual(["account-dev", "data-dev", "registry-dev"]);
    expect(Object.values(others).flat()).toEqual([]);
  });

  it("adds no account stack where another environment's serves", () => {
    expect([...stacksOf(shortLived).keys()]).toEqual([
      "registry-pr-1",
      "data-pr-1",
      "pipeline-pr-1",
      "observability-pr-1",
    ]);
    const served = { ...environments.staging, usesAccountStackOf: "dev" };
    expect([...stacksOf(served).keys()]).toEqual([
      "registry-staging",
      "data-staging",
      "pipeline-staging",
      "observability-staging",
    ]);
  });
});
