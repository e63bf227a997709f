/**
 * The Condition block of a statement. Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and
 * "Set operators for multivalued context keys".
 */
import { MalformedPolicyError } from "./errors.ts";
import { type Operator, operators } from "./operators.ts";
import type { Lookup } from "./pattern.ts";

export interface Condition {
  /** For messages: `StringEquals aws:SourceArn`. */
  readonly text: string;
  /** In lower case: condition keys don't distinguish case. */
  readonly key: string;
  /** Keys of the policy variables in its values. */
  readonly variables: readonly string[];
  /** Undefined for an operator that isn't known here: nobody can say whether it holds. */
  readonly holds: ((lookup: Lookup) => boolean) | undefined;
}

const operatorText = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/;

function listOf(values: string | readonly string[] | undefined): readonly string[] {
  if (values === undefined) return [];
  return typeof values === "string" ? [values] : values;
}

interface ValueCondition {
  readonly key: string;
  readonly operator: Operator;
  /** `ForAnyValue`, `ForAllValues` or none. */
  readonly set: string | undefined;
  readonly ifExists: boolean;
  readonly matches: (actual: string, lookup: Lookup) => boolean;
}

/**
 * Several values of the policy are joined by "or", under a negated operator by "nor". Without a set operator a key
 * with several values counts like ForAnyValue, or like ForAllValues under a negated operator.
 */
function valueCondition({ key, operator, set, ifExists, matches }: ValueCondition): (lookup: Lookup) => boolean {
  return (lookup) => {
    const all = listOf(lookup(key));
    // Set operators treat an empty text like a missing value.
    const values = set ? all.filter((value) => value !== "") : all;
    if (values.length === 0) {
      if (ifExists && all.length === 0) return true;
      return set ? set === "ForAllValues" : operator.negated;
    }
    const passes = (value: string) => matches(value, lookup) !== operator.negated;
    const every = set ? set === "ForAllValues" : operator.negated;
    return every ? values.every(passes) : values.some(passes);
  };
}

function nullCondition(key: string, expected: readonly string[], path: string): (lookup: Lookup) => boolean {
  const wanted = expected.map((value) => value.toLowerCase());
  const odd = wanted.find((value) => value !== "true" && value !== "false");
  if (odd !== undefined) throw new MalformedPolicyError(path, `"${odd}" is not true or false`);
  return (lookup) => wanted.includes(String(lookup(key) === undefined));
}

/**
 * @param operatorName as the policy has it, such as `ForAnyValue:StringLikeIfExists`.
 * @param path of the values, for errors.
 * @throws MalformedPolicyError when a value isn't of the operator's type.
 */
export function compileCondition(
  operatorName: string,
  keyName: string,
  expected: readonly string[],
  path: string,
  hasVariables: boolean,
): Condition {
  const key = keyName.toLowerCase();
  const text = `${operatorName} ${keyName}`;
  if (operatorName === "Null") return { text, key, variables: [], holds: nullCondition(key, expected, path) };
  const [, set, name = "", ifExists] = operatorText.exec(operatorName) ?? [];
  const operator = operators.get(name);
  if (!operator) return { text, key, variables: [], holds: undefined };
  const tests = expected.map((value) => operator.compile(value, path, hasVariables));
  const holds = valueCondition({
    key,
    operator,
    set,
    ifExists: ifExists !== undefined,
    matches: (actual, lookup) => tests.some((test) => test.test(actual, lookup)),
  });
  return { text, key, variables: tests.flatMap((test) => test.variables), holds };
}
