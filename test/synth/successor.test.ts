/**
 * CDKTF has ended, and cdktn goes on with its sources (docs/adr/0014). As long as this holds, moving there is a change
 * of package.json: our sources and the provider's bindings, with each `cdktf` in them read as `cdktn`, synthesize the
 * same Terraform.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Files, root, synthesizedFiles } from "./run.ts";

type Library = "cdktf" | "cdktn";

const directory = mkdtempSync(join(tmpdir(), "successor-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** main.ts and all that it imports in one file, built on one of the two libraries. */
function bundle(library: Library): string {
  const file = join(directory, `${library}.cjs`);
  const args = ["--bundle", "--platform=node", "--format=cjs", "--log-level=warning", `--alias:cdktf=${library}`];
  execFileSync(join(root, "node_modules/.bin/esbuild"), [join(root, "main.ts"), ...args, `--outfile=${file}`]);
  return file;
}

const bundles = { cdktf: bundle("cdktf"), cdktn: bundle("cdktn") };

function versionOf(library: Library): string {
  return JSON.parse(readFileSync(join(root, "node_modules", library, "package.json"), "utf8")).version;
}

/** Every place where two values differ, as `<path>: <one> → <other>`. */
function differences(one: unknown, other: unknown, path = ""): string[] {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return Object.is(one, other) ? [] : [`${path}: ${JSON.stringify(one)} → ${JSON.stringify(other)}`];
  }
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return keys.flatMap((key) =>
    differences(valueAt(one, key), valueAt(other, key), path === "" ? key : `${path} ${key}`),
  );
}

function valueAt(value: object, key: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** The files' content rather than their text: the two libraries write an empty list in different ways. */
function parsed(files: Files): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, JSON.parse(text) as unknown]));
}

function synthesized(library: Library, variables: Readonly<Record<string, string>>) {
  return parsed(synthesizedFiles({ bundle: bundles[library], variables }));
}

/** Where each library leaves its own version: once in the manifest, and once in each stack. */
function versionStamps(files: Readonly<Record<string, unknown>>): string[] {
  const change = `"${versionOf("cdktf")}" → "${versionOf("cdktn")}"`;
  return Object.keys(files).map((path) =>
    path === "manifest.json" ? `${path} version: ${change}` : `${path} // metadata version: ${change}`,
  );
}

const all = { before: synthesized("cdktf", {}), after: synthesized("cdktn", {}) };

describe("the same sources under cdktn", () => {
  it("synthesize the same Terraform for all environments, but for the library's version", () => {
    expect(Object.keys(all.before)).toContain("stacks/pipeline-prod/cdk.tf.json");
    expect(differences(all.before, all.after).sort()).toEqual(versionStamps(all.before).sort());
  });

  it("synthesize the same for a pull request with its state in S3", () => {
    const variables = {
      ENVIRONMENT_SUFFIX: "prod",
      TERRAFORM_STATE_BUCKET: "states",
      TERRAFORM_STATE_BUCKET_REGION: "us-east-1",
    };
    const before = synthesized("cdktf", variables);

    expect(differences(before, synthesized("cdktn", variables)).sort()).toEqual(versionStamps(before).sort());
  });

  it("would show a difference in one value", () => {
    const before = synthesized("cdktf", { ENVIRONMENT_SUFFIX: "dev", TEAM: "payments" });
    const after = synthesized("cdktn", { ENVIRONMENT_SUFFIX: "dev", TEAM: "checkout" });
    const stamps = versionStamps(before);

    expect(differences(before, after).filter((difference) => !stamps.includes(difference))).toEqual(
      ["account", "data", "observability", "pipeline", "registry"].map(
        (stack) => `stacks/${stack}-dev/cdk.tf.json provider aws 0 default_tags 0 tags Team: "payments" → "checkout"`,
      ),
    );
  });

  it("would show a stack that is missing", () => {
    const { "stacks/data-prod/cdk.tf.json": _, ...after } = all.after;

    expect(differences(all.before, after)).toContainEqual(
      expect.stringMatching(/^stacks\/data-prod\/cdk\.tf\.json: .* → undefined$/),
    );
  });
});
