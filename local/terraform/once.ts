import { TerraformError } from "./errors.ts";

/** Computes the value of a key once and remembers it, or the error that it ended with. */
type Once = <T>(key: string, compute: () => T) => T;

/**
 * One memory for everything that can depend on each other.
 * The returned function throws TerraformError CYCLE, with the keys in their circle, when a value needs itself.
 */
export function createOnce(): Once {
  const settled = new Map<string, { readonly value: unknown } | { readonly error: unknown }>();
  const active: string[] = [];
  return <T>(key: string, compute: () => T): T => {
    const known = settled.get(key);
    if (known) {
      if ("error" in known) throw known.error;
      return known.value as T;
    }
    const start = active.indexOf(key);
    if (start >= 0) {
      throw new TerraformError("CYCLE", `These need each other: ${[...active.slice(start), key].join(" → ")}`);
    }
    active.push(key);
    try {
      const value = compute();
      settled.set(key, { value });
      return value;
    } catch (error) {
      settled.set(key, { error });
      throw error;
    } finally {
      active.pop();
    }
  };
}
