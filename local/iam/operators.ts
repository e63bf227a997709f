/**
 * What each condition operator does with one value of the policy and one of the request. Source: IAM User Guide,
 * "IAM JSON policy elements: Condition operators". BinaryEquals is left out: no service here has binary keys.
 */
import { BlockList, isIP } from "node:net";
import { MalformedPolicyError } from "./errors.ts";
import { compilePattern, type Lookup, type PatternStyle } from "./pattern.ts";

interface ValueTest {
  readonly variables: readonly string[];
  test(actual: string, lookup: Lookup): boolean;
}

export interface Operator {
  /** A negated operator holds when no value of the policy matches, hence also when the request lacks the key. */
  readonly negated: boolean;
  /** @throws MalformedPolicyError when the policy's value isn't of the operator's type. */
  compile(expected: string, path: string, variables: boolean): ValueTest;
}

function textual(style: Omit<PatternStyle, "variables">, negated = false): Operator {
  return { negated, compile: (expected, _path, variables) => compilePattern(expected, { ...style, variables }) };
}

function typed<T>(kind: string, read: (text: string) => T | undefined, holds: (actual: T, expected: T) => boolean) {
  return (negated = false): Operator => ({
    negated,
    compile: (text, path) => {
      const expected = read(text);
      if (expected === undefined) throw new MalformedPolicyError(path, `"${text}" is not ${kind}`);
      const test = (actual: string) => {
        const value = read(actual);
        return value !== undefined && holds(value, expected);
      };
      return { variables: [], test };
    },
  });
}

function readNumber(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** ISO 8601, or seconds since 1970. */
function readDate(text: string): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(value) ? undefined : value;
}

function readBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" || lower === "false" ? lower === "true" : undefined;
}

function readAddresses(text: string): BlockList | undefined {
  const [address = "", prefix] = text.split("/");
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  const bits = prefix === undefined ? longest : Number(prefix);
  if (family === 0 || prefix === "" || !Number.isInteger(bits) || bits < 0 || bits > longest) return undefined;
  const list = new BlockList();
  list.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4");
  return list;
}

function ipAddress(negated: boolean): Operator {
  return {
    negated,
    compile: (text, path) => {
      const list = readAddresses(text);
      if (!list) throw new MalformedPolicyError(path, `"${text}" is not an IP address or a CIDR range`);
      const test = (actual: string) => {
        const family = isIP(actual);
        return family !== 0 && list.check(actual, family === 6 ? "ipv6" : "ipv4");
      };
      return { variables: [], test };
    },
  };
}

const comparisons: Readonly<Record<string, (actual: number, expected: number) => boolean>> = {
  LessThan: (actual, expected) => actual < expected,
  LessThanEquals: (actual, expected) => actual <= expected,
  GreaterThan: (actual, expected) => actual > expected,
  GreaterThanEquals: (actual, expected) => actual >= expected,
};

function ordered(prefix: string, kind: string, read: (text: string) => number | undefined): [string, Operator][] {
  const equals = typed(kind, read, (actual, expected) => actual === expected);
  return [
    [`${prefix}Equals`, equals()],
    [`${prefix}NotEquals`, equals(true)],
    ...Object.entries(comparisons).map(([name, holds]): [string, Operator] => [
      prefix + name,
      typed(kind, read, holds)(),
    ]),
  ];
}

const exact = { wildcards: "exact" } as const;
const arn = { wildcards: "arn" } as const;

/** By name, without the prefix of a set operator and the suffix `IfExists`. `Null` is about keys, not values. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ["StringEquals", textual(exact)],
  ["StringNotEquals", textual(exact, true)],
  ["StringEqualsIgnoreCase", textual({ ...exact, ignoreCase: true })],
  ["StringNotEqualsIgnoreCase", textual({ ...exact, ignoreCase: true }, true)],
  ["StringLike", textual({ wildcards: "glob" })],
  ["StringNotLike", textual({ wildcards: "glob" }, true)],
  // AWS: ArnEquals and ArnLike behave identically.
  ["ArnEquals", textual(arn)],
  ["ArnLike", textual(arn)],
  ["ArnNotEquals", textual(arn, true)],
  ["ArnNotLike", textual(arn, true)],
  ...ordered("Numeric", "a number", readNumber),
  ...ordered("Date", "a date", readDate),
  ["Bool", typed("true or false", readBoolean, (actual, expected) => actual === expected)()],
  ["IpAddress", ipAddress(false)],
  ["NotIpAddress", ipAddress(true)],
]);
