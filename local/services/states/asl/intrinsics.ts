/**
 * The intrinsic functions of the Amazon States Language (appendix B of its specification). They are ours because the
 * library drops every backslash from their results: JSON made by `States.JsonToString` would break at the first quote.
 */
import { createHash, randomInt, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Json } from "./definition.ts";

const hashes: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

type Intrinsic = (...args: readonly Json[]) => Json;

/** By name; each throws an Error with a reason when an argument is of the wrong type. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  "States.Format": (template, ...values) => {
    const text = string(template);
    if (text.split("{}").length - 1 !== values.length) throw new Error("placeholders and arguments differ in number");
    let next = 0;
    return text.replaceAll("{}", () => asText(values[next++] ?? null));
  },
  "States.StringToJson": (text) => JSON.parse(string(text)) as Json,
  "States.JsonToString": (value) => JSON.stringify(value),
  "States.Array": (...values) => values,
  "States.ArrayPartition": (list, size) => {
    const items = array(list);
    const length = number(size);
    if (length < 1) throw new Error("the size of a part is not positive");
    return Array.from({ length: Math.ceil(items.length / length) }, (_, i) =>
      items.slice(i * length, (i + 1) * length),
    );
  },
  "States.ArrayContains": (list, value) => array(list).some((item) => isDeepStrictEqual(item, value)),
  "States.ArrayRange": (first, last, by) => {
    const [start, step] = [number(first), number(by)];
    const length = Math.max(0, Math.floor((number(last) - start) / step) + 1);
    if (step === 0 || length > 1000) throw new Error("a range has a step other than 0 and at most 1000 items");
    return Array.from({ length }, (_, i) => start + i * step);
  },
  "States.ArrayGetItem": (list, index) => {
    const item = array(list)[number(index)];
    if (item === undefined) throw new Error("the index is outside the array");
    return item;
  },
  "States.ArrayLength": (list) => array(list).length,
  "States.ArrayUnique": (list) =>
    array(list).filter((item, i, all) => all.findIndex((other) => isDeepStrictEqual(item, other)) === i),
  "States.Base64Encode": (text) => Buffer.from(string(text)).toString("base64"),
  "States.Base64Decode": (text) => Buffer.from(string(text), "base64").toString(),
  "States.Hash": (value, algorithm) => {
    const name = hashes[string(algorithm)];
    if (name === undefined) throw new Error(`the algorithm is none of ${Object.keys(hashes).join(", ")}`);
    return createHash(name).update(asText(value)).digest("hex");
  },
  "States.JsonMerge": (first, second, isDeep) => {
    if (isDeep !== false) throw new Error("only a shallow merge is supported, as on AWS");
    return { ...object(first), ...object(second) };
  },
  "States.MathRandom": (low, high) => randomInt(number(low), number(high)),
  "States.MathAdd": (left, right) => number(left) + number(right),
  "States.StringSplit": (text, separators) => {
    const wanted = new Set(string(separators));
    const parts: string[] = [""];
    for (const char of string(text)) {
      if (wanted.has(char)) parts.push("");
      else parts[parts.length - 1] += char;
    }
    return parts.filter((part) => part !== "");
  },
  "States.UUID": () => randomUUID(),
};

function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function string(value: Json | undefined): string {
  if (typeof value !== "string") throw new Error(`${JSON.stringify(value)} is not a string`);
  return value;
}

function number(value: Json | undefined): number {
  if (typeof value !== "number") throw new Error(`${JSON.stringify(value)} is not a number`);
  return value;
}

function array(value: Json | undefined): readonly Json[] {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is not an array`);
  return value;
}

function object(value: Json | undefined): Readonly<Record<string, Json>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${JSON.stringify(value)} is not an object`);
  }
  return value as Readonly<Record<string, Json>>;
}
