/** The resolved resources, by type, with their arguments read in the types that the runtime wants. */
import { type Arguments, block } from "../terraform/block.ts";
import type { ResolvedResource } from "../terraform/resolve.ts";

export interface Inventory {
  ofType(type: string): readonly ResolvedResource[];
}

export function createInventory(resources: readonly ResolvedResource[]): Inventory {
  const byType = new Map<string, ResolvedResource[]>();
  for (const resource of resources) {
    if (resource.mode !== "resource") continue;
    byType.set(resource.type, [...(byType.get(resource.type) ?? []), resource]);
  }
  return { ofType: (type) => byType.get(type) ?? [] };
}

/** A text argument or attribute. @throws Error that names the resource when it is missing */
export function text(resource: ResolvedResource, name: string): string {
  const value = optionalText(resource, name);
  if (value === undefined) throw new Error(`${resource.stack}: ${resource.address} has no ${name}.`);
  return value;
}

export function optionalText(resource: ResolvedResource, name: string): string | undefined {
  const value = resource.attributes[name] ?? resource.config[name];
  return value === undefined || value === null ? undefined : String(value);
}

/** A number argument, with Terraform's default. */
export function number(config: Arguments, name: string, fallback: number): number {
  const value = config[name];
  return value === undefined || value === null ? fallback : Number(value);
}

/** The text argument of a nested block. */
export function blockText(config: Arguments, blockName: string, name: string): string | undefined {
  const value = block(config, blockName)?.[name];
  return value === undefined || value === null ? undefined : String(value);
}
