/**
 * The comparisons of an event pattern's leaf, each compiled to a test of one scalar.
 * Source: "Comparison operators for use in event patterns" in the EventBridge user guide, and the rules of AWS's
 * open-source matcher (github.com/aws/event-ruler), whose words the refusals use.
 */
import { BlockList, isIP } from "node:net";
import { AwsError } from "../../aws/types.ts";
import { compileWildcard } from "./wildcard.ts";

export type Scalar = string | number | boolean | null;
export type Test = (value: Scalar) => boolean;

/** EventBridge compares numbers within this bound only, both ends included. */
const numericLimit = 5e9;

/** @throws AwsError InvalidEventPatternException, always */
export function refusePattern(reason: string, path: readonly string[] = []): never {
  const where = path.length > 0 ? ` (at ${path.join(".")})` : "";
  throw new AwsError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}${where}`);
}

/**
 * Compiles `{ "prefix": "a" }` and its like; `exists` belongs to the matcher, since it is about fields, not values.
 * @throws AwsError InvalidEventPatternException
 */
export function compileComparison(comparison: object, path: readonly string[]): Test {
  const [entry, more] = Object.entries(comparison);
  if (!entry) return refusePattern("Match expression name not found", path);
  const [name, argument] = entry;
  const compile = Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
  if (!compile) return refusePattern(`Unrecognized match type ${name}`, path);
  if (more) return refusePattern("Only one key allowed in match expression", path);
  return compile(argument, path);
}

const comparisons: Readonly<Record<string, (argument: unknown, path: readonly string[]) => Test>> = {
  prefix: (argument, path) => affix("prefix", argument, path),
  suffix: (argument, path) => affix("suffix", argument, path),
  "equals-ignore-case": (argument, path) => equalsIgnoreCase(text("equals-ignore-case", argument, path)),
  wildcard: (argument, path) => wildcard(text("wildcard", argument, path), path),
  "anything-but": anythingBut,
  numeric,
  cidr,
};

function text(kind: string, argument: unknown, path: readonly string[]): string {
  return typeof argument === "string" ? argument : refusePattern(`${kind} match pattern must be a string`, path);
}

function startsOrEnds(kind: "prefix" | "suffix", part: string): Test {
  return kind === "prefix"
    ? (value) => typeof value === "string" && value.startsWith(part)
    : (value) => typeof value === "string" && value.endsWith(part);
}

function affix(kind: "prefix" | "suffix", argument: unknown, path: readonly string[]): Test {
  if (typeof argument !== "object" || argument === null) return startsOrEnds(kind, text(kind, argument, path));
  const [name, ...more] = Object.keys(argument);
  if (name !== "equals-ignore-case") return refusePattern(`Unsupported ${kind} pattern: ${name}`, path);
  if (more.length > 0) return refusePattern("Only one key allowed in match expression", path);
  const part = text("equals-ignore-case", Object.values(argument)[0], path).toLowerCase();
  const test = startsOrEnds(kind, part);
  return (value) => typeof value === "string" && test(value.toLowerCase());
}

function equalsIgnoreCase(expected: string): Test {
  const lower = expected.toLowerCase();
  return (value) => typeof value === "string" && value.toLowerCase() === lower;
}

function wildcard(pattern: string, path: readonly string[]): Test {
  const compiled = compileWildcard(pattern);
  if (typeof compiled === "string") return refusePattern(compiled, path);
  return (value) => typeof value === "string" && compiled(value);
}

/** Everything that is there and isn't excluded matches, whatever its type. */
function anythingBut(argument: unknown, path: readonly string[]): Test {
  if (typeof argument === "object" && argument !== null && !Array.isArray(argument)) {
    const excluded = anythingButVariant(argument, path);
    return (value) => !excluded.some((test) => test(value));
  }
  const values: unknown[] = Array.isArray(argument) ? argument : [argument];
  if (!values.every((value) => typeof value === "string" || typeof value === "number")) {
    const reason = Array.isArray(argument)
      ? "Inside anything but list, start|null|boolean is not supported."
      : "Value of anything-but must be an array or single string/number value.";
    return refusePattern(reason, path);
  }
  if (new Set(values.map((value) => typeof value)).size !== 1) {
    const reason = "Inside anything but list, either all values are number or string, mixed type is not supported";
    return refusePattern(reason, path);
  }
  for (const value of values) if (typeof value === "number") checkLimit(value, path);
  const excluded = new Set<unknown>(values);
  return (value) => !excluded.has(value);
}

function anythingButVariant(argument: object, path: readonly string[]): Test[] {
  const [entry, more] = Object.entries(argument);
  if (!entry) return refusePattern("Anything-But expression name not found", path);
  if (more) return refusePattern("Only one key allowed in match expression", path);
  const [kind, value] = entry;
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0 || !values.every((item) => typeof item === "string")) {
    return refusePattern(`Inside anything-but/${kind} list, number|start|null|boolean is not supported.`, path);
  }
  switch (kind) {
    case "prefix":
    case "suffix":
      if (values.includes("")) return refusePattern("Null prefix/suffix not allowed", path);
      return values.map((item) => startsOrEnds(kind, item));
    case "equals-ignore-case":
      return values.map(equalsIgnoreCase);
    case "wildcard":
      return values.map((item) => wildcard(item, path));
    default:
      return refusePattern(`Unsupported anything-but pattern: ${kind}`, path);
  }
}

const numericOperators: Readonly<Record<string, (bound: number) => (value: number) => boolean>> = {
  "=": (bound) => (value) => value === bound,
  ">": (bound) => (value) => value > bound,
  ">=": (bound) => (value) => value >= bound,
  "<": (bound) => (value) => value < bound,
  "<=": (bound) => (value) => value <= bound,
};

/** `["=", 5]`, `[">", 0]`, or a range with its lower bound first: `[">", 0, "<=", 5]`. */
function numeric(argument: unknown, path: readonly string[]): Test {
  if (!Array.isArray(argument)) return refusePattern("Value of numeric must be an array.", path);
  const [operator, bound, upperOperator, upper, ...more]: unknown[] = argument;
  const first = bounded(operator, bound, path);
  if (argument.length <= 2) return (value) => isComparable(value) && first(value);
  if (operator !== ">" && operator !== ">=") return refusePattern("Too many elements in numeric expression", path);
  if (upperOperator !== "<" && upperOperator !== "<=") {
    return refusePattern(`Bad numeric range operator: ${upperOperator}`, path);
  }
  if (more.length > 0) return refusePattern("Too many terms in numeric range expression", path);
  const second = bounded(upperOperator, upper, path);
  if (Number(bound) >= Number(upper)) return refusePattern("Bottom must be less than top", path);
  return (value) => isComparable(value) && first(value) && second(value);
}

function bounded(operator: unknown, bound: unknown, path: readonly string[]): (value: number) => boolean {
  if (typeof operator !== "string") return refusePattern(`Invalid member in numeric match: ${operator}`, path);
  const compare = Object.hasOwn(numericOperators, operator) ? numericOperators[operator] : undefined;
  if (!compare) return refusePattern(`Unrecognized numeric range operator: ${operator}`, path);
  if (typeof bound !== "number") {
    return refusePattern(`Value of ${operator === "=" ? "equals" : operator} must be numeric`, path);
  }
  checkLimit(bound, path);
  return compare(bound);
}

function checkLimit(value: number, path: readonly string[]): void {
  if (Math.abs(value) > numericLimit) refusePattern("Value must be between -5.0E9 and 5.0E9, inclusive", path);
}

function isComparable(value: Scalar): value is number {
  return typeof value === "number" && Math.abs(value) <= numericLimit;
}

function cidr(argument: unknown, path: readonly string[]): Test {
  const [address = "", bits = "", ...more] = text("cidr", argument, path).split("/");
  if (bits === "" || more.length > 0) return refusePattern("Malformed CIDR, one '/' required", path);
  if (!/^\d+$/.test(bits)) return refusePattern("Malformed CIDR, mask bits must be an integer", path);
  const version = isIP(address);
  if (version === 0) return refusePattern(`Nonstandard IP address: ${address}`, path);
  const size = version === 4 ? 32 : 128;
  if (Number(bits) >= size) return refusePattern(`IPv${version} mask bits must be < ${size}`, path);
  const family = version === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family);
  return (value) => typeof value === "string" && isIP(value) === version && block.check(value, family);
}
