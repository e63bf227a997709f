/** What keeps the data of a protected environment from `terraform destroy`, and how somebody lifts it on purpose. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { resourcesOf } from "../../stacks/synthesized.ts";
import type { Stack } from "./workspace.ts";

export interface Guarded {
  readonly address: string;
  readonly type: string;
}

/** The stack's resources that Terraform refuses to destroy, in order of address. */
export function guardedBy({ json }: Pick<Stack, "json">): readonly Guarded[] {
  return resourcesOf(json).filter(
    ({ config }) => (config.lifecycle as { readonly prevent_destroy?: boolean } | undefined)?.prevent_destroy === true,
  );
}

/** The addresses that a refused destroy names. Terraform breaks its lines anywhere, at a name's hyphens too. */
export function refusedBy(output: string): readonly string[] {
  const words = output.replaceAll(/\s+/g, "");
  return [...words.matchAll(/Resource([\w.-]+?)haslifecycle\.prevent_destroyset/g)]
    .map(([, address = ""]) => address)
    .sort();
}

/**
 * Writes an override file that lifts the guards once it is applied:
 * https://developer.hashicorp.com/terraform/language/files/override
 */
export function liftGuards({ folder }: Pick<Stack, "folder">, guarded: readonly Guarded[]): void {
  const resource: Record<string, Record<string, object>> = {};
  for (const { address, type } of guarded) {
    const name = address.slice(type.length + 1);
    resource[type] = {
      ...resource[type],
      [name]: {
        lifecycle: { prevent_destroy: false },
        ...(type === "aws_dynamodb_table" && { deletion_protection_enabled: false }),
      },
    };
  }
  writeFileSync(join(folder, "lifted_override.tf.json"), JSON.stringify({ resource }));
}
