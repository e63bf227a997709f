import { AwsError } from "../../aws/types.ts";

const step = /^(?:\.([\w/-]+)|\['([^']+)'\]|\[(\d+)\]|(\.\*|\[\*\]))/;

/**
 * Compiles the part of JSONPath that EventBridge knows: `$`, `.name`, `['name']`, `[0]`, and the wildcards `.*`, `[*]`,
 * after which the result is the list of what was found. Nothing found is undefined.
 * @throws AwsError ValidationException for anything else
 */
export function compilePath(path: string): (root: unknown) => unknown {
  if (!path.startsWith("$")) throw invalidPath(path);
  const steps: (string | number | "*")[] = [];
  let isList = false;
  for (let rest = path.slice(1); rest !== ""; ) {
    const match = step.exec(rest);
    if (!match) throw invalidPath(path);
    const [whole, name, quoted, index, wildcard] = match;
    if (wildcard) isList = true;
    steps.push(wildcard ? "*" : index === undefined ? `.${name ?? quoted}` : Number(index));
    rest = rest.slice(whole.length);
  }
  return (root) => {
    const found = steps.reduce<unknown[]>((values, next) => values.flatMap((value) => descend(value, next)), [root]);
    return isList ? (found.length > 0 ? found : undefined) : found[0];
  };
}

/** Names carry a dot in front here, so that a field called `*` isn't taken for the wildcard. */
function descend(value: unknown, next: string | number): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (next === "*") return Object.values(value);
  const key = typeof next === "number" ? String(next) : next.slice(1);
  if (Array.isArray(value) !== (typeof next === "number") || !Object.hasOwn(value, key)) return [];
  return [(value as Record<string, unknown>)[key]];
}

function invalidPath(path: string): AwsError {
  return new AwsError("ValidationException", `Invalid JSONPath "${path}": only names, indices and * are supported.`);
}
