/**
 * Reference paths of the Amazon States Language: names, indexes and wildcards. Filters, slices and recursive descent
 * are refused at load, so a machine that needs them is never half evaluated.
 */
import type { Json } from "./definition.ts";

type Step = { readonly kind: "member"; readonly key: string | number } | { readonly kind: "every" };

/** Reads the value at a path; undefined where nothing is. With a wildcard in the path, always an array. */
export type ReadPath = (root: Json) => Json | undefined;

const step = /\.(?<name>[\p{L}_][\p{L}\p{N}_-]*)|\[(?<index>\d+)\]|\['(?<quoted>(?:[^'\\]|\\.)*)'\]|\.\*|\[\*\]/uy;

/** @throws Error that names the part of the path which isn't covered. `path` begins with `$`. */
export function compilePath(path: string): ReadPath {
  const steps: Step[] = [];
  step.lastIndex = 1;
  let position = 1;
  while (position < path.length) {
    const match = step.exec(path);
    if (match === null) throw new Error(`"${path}": only names, indexes and [*] are covered locally`);
    const { name, index, quoted } = match.groups ?? {};
    if (name !== undefined) steps.push({ kind: "member", key: name });
    else if (index !== undefined) steps.push({ kind: "member", key: Number(index) });
    else if (quoted !== undefined) steps.push({ kind: "member", key: quoted.replaceAll(/\\(.)/g, "$1") });
    else steps.push({ kind: "every" });
    position = step.lastIndex;
  }
  const isMany = steps.some((one) => one.kind === "every");
  return (root) => {
    const found = steps.reduce<readonly Json[]>((values, one) => values.flatMap((value) => walk(value, one)), [root]);
    return isMany ? found : found[0];
  };
}

function walk(value: Json, one: Step): readonly Json[] {
  if (value === null || typeof value !== "object") return [];
  if (one.kind === "every") return Object.values(value);
  const holds = Array.isArray(value) ? typeof one.key === "number" : Object.hasOwn(value, one.key);
  const member = holds ? (value as Readonly<Record<string | number, Json>>)[one.key] : undefined;
  return member === undefined ? [] : [member];
}
