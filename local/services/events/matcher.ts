/**
 * Event patterns, compiled once to a predicate. Fields of an object are joined by "and", the values of a leaf by "or".
 * An array in an event matches by any of its elements, and fields of one object in an array are matched within that
 * object, never across elements. Source: the EventBridge user guide and github.com/aws/event-ruler.
 */
import { compileComparison, refusePattern, type Scalar, type Test } from "./comparisons.ts";

/** Tells whether an event, as parsed JSON, matches. */
export type EventMatcher = (event: unknown) => boolean;

/** `value` is what the event has where the pattern is; `event` the whole, since absence is a matter of the whole. */
type Node = (value: unknown, event: unknown) => boolean;

/** Words that make an object in `$or` an ordinary comparison; see the event-ruler's README on `$or`. */
const reservedInOr = new Set(
  (
    "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex " +
    "not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range " +
    "ip-address-in-range ip-address-not-in-range"
  ).split(" "),
);

/**
 * Compiles an event pattern.
 * @param pattern JSON text
 * @throws AwsError InvalidEventPatternException, with AWS's reason and the path where it holds
 */
export function compilePattern(pattern: string): EventMatcher {
  let parsed: unknown;
  try {
    parsed = JSON.parse(pattern);
  } catch (cause) {
    return refusePattern(`not JSON: ${(cause as Error).message}`);
  }
  if (!isObject(parsed)) return refusePattern("Filter is not an object");
  const node = compileObject(parsed, []);
  return (event) => node(event, event);
}

function compileObject(pattern: Readonly<Record<string, unknown>>, path: readonly string[]): Node {
  const nodes = Object.entries(pattern).map(([name, child]) => {
    if (name === "$or" && isAlternatives(child)) return compileAlternatives(child, path);
    return compileField(name, child, [...path, name]);
  });
  if (nodes.length === 0) return refusePattern("Empty objects are not allowed", path);
  return (value, event) => nodes.every((node) => node(value, event));
}

function compileField(name: string, child: unknown, path: readonly string[]): Node {
  if (Array.isArray(child)) {
    const leaf = compileLeaf(child, path);
    return (value, event) => leaf(fieldOf(value, name), event);
  }
  if (!isObject(child)) return refusePattern(`"${name}" must be an object or an array`, path);
  const inner = compileObject(child, path);
  return (value, event) => matchesAnyObject(fieldOf(value, name), inner, event);
}

function isAlternatives(child: unknown): child is Record<string, unknown>[] {
  return (
    Array.isArray(child) &&
    child.length >= 2 &&
    child.every((item) => isObject(item) && !Object.keys(item).some((key) => reservedInOr.has(key)))
  );
}

function compileAlternatives(alternatives: readonly Record<string, unknown>[], path: readonly string[]): Node {
  const nodes = alternatives.map((alternative) => compileObject(alternative, path));
  return (value, event) => nodes.some((node) => node(value, event));
}

function compileLeaf(values: readonly unknown[], path: readonly string[]): Node {
  if (values.length === 0) return refusePattern("Empty arrays are not allowed", path);
  const tests: Test[] = [];
  const literals = new Set<unknown>();
  let mayBeAbsent = false;
  for (const value of values) {
    if (Array.isArray(value)) return refusePattern("Match value must be String, number, true, false, or null", path);
    if (!isObject(value)) literals.add(value);
    else if (!Object.hasOwn(value, "exists")) tests.push(compileComparison(value, path));
    else if (existsArgument(value, path)) tests.push(() => true);
    else mayBeAbsent = true;
  }
  if (literals.size > 0) tests.unshift((value) => literals.has(value));
  return (value, event) => matchesAnyScalar(value, tests) || (mayBeAbsent && !hasLeaf(event, path, 0));
}

function existsArgument(comparison: Readonly<Record<string, unknown>>, path: readonly string[]): boolean {
  if (Object.keys(comparison).length > 1) return refusePattern("Only one key allowed in match expression", path);
  if (typeof comparison.exists === "boolean") return comparison.exists;
  return refusePattern("exists match pattern must be either true or false.", path);
}

function matchesAnyScalar(value: unknown, tests: readonly Test[]): boolean {
  if (Array.isArray(value)) return value.some((item) => matchesAnyScalar(item, tests));
  return isScalar(value) && tests.some((test) => test(value));
}

/** Where the event has no object, the inner pattern still holds if it asks for absence alone. */
function matchesAnyObject(value: unknown, inner: Node, event: unknown): boolean {
  if (!Array.isArray(value)) return inner(value, event);
  const objects = value.flat(Number.POSITIVE_INFINITY).filter(isObject);
  return objects.length === 0 ? inner(undefined, event) : objects.some((item) => inner(item, event));
}

/** Only scalars are there for `exists`: neither an object nor an empty array is. */
function hasLeaf(value: unknown, path: readonly string[], depth: number): boolean {
  if (Array.isArray(value)) return value.some((item) => hasLeaf(item, path, depth));
  const name = path[depth];
  return name === undefined ? isScalar(value) : hasLeaf(fieldOf(value, name), path, depth + 1);
}

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || (value !== undefined && typeof value !== "object");
}
