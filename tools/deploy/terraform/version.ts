import * as v from "valibot";
import { DeployError } from "../deploy-error.ts";
import type { Terraform } from "./run.ts";

/** The first versions with the S3 backend's own lock file (`use_lockfile`) for production. */
const oldest = { Terraform: [1, 11], OpenTofu: [1, 10] } as const;

const answer = v.object({ terraform_version: v.string() });

/**
 * Finds out which Terraform this is, and whether it is new enough.
 *
 * @returns "Terraform 1.11.4"
 * @throws DeployError "no-terraform" or "old-terraform"
 */
export async function checkTerraform(terraform: Terraform, directory: string): Promise<string> {
  const { program } = terraform;
  const { stdout } = await terraform.run({ directory, args: ["version", "-json"] });
  const version = versionIn(stdout);
  if (version === undefined) {
    throw new DeployError("no-terraform", `"${program} version -json" tells no version. Is it Terraform or OpenTofu?`);
  }
  // OpenTofu states its version under Terraform's name, and its own in what it prints for people.
  const { stdout: forPeople } = await terraform.run({ directory, args: ["version"] });
  const product = /^OpenTofu\b/m.test(forPeople) ? "OpenTofu" : "Terraform";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldest[product];
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new DeployError(
      "old-terraform",
      `"${program}" is ${product} ${version}; ${oldestMajor}.${oldestMinor} or later is needed, for the state's lock file. Update it, or name another with --terraform.`,
    );
  }
  return `${product} ${version}`;
}

function versionIn(text: string): string | undefined {
  try {
    return v.parse(answer, JSON.parse(text)).terraform_version;
  } catch {
    return undefined;
  }
}
