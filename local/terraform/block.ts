/** A nested block's or a resource's arguments. */
export type Arguments = Readonly<Record<string, unknown>>;

export function isArguments(value: unknown): value is Arguments {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The nested blocks of one name. Terraform's JSON writes a single block as an object or as an array of one, and
 * several as an array; a missing or null one is none.
 */
export function blocks(config: Arguments, name: string): Arguments[] {
  const value = config[name];
  return (Array.isArray(value) ? value : [value]).filter(isArguments);
}

/** The only block of that name, or undefined where there is none. */
export function block(config: Arguments, name: string): Arguments | undefined {
  return blocks(config, name)[0];
}
