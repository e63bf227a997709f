/**
 * Reads expressions. Source of operators and functions: "Boolean, comparison, numeric, datetime, and other functions",
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
 */
import { aggregates } from "./aggregates.ts";
import { functions } from "./functions.ts";
import type { Expression, Operator } from "./syntax.ts";
import type { Token, Tokens } from "./tokens.ts";

/** Operators from the weakest to the strongest; those of one row bind alike, from the left. */
const strengths: readonly (readonly Operator[])[] = [["or"], ["and"], ["+", "-"], ["*", "/", "%"], ["^"]];
/** Comparisons stand between `and` and the arithmetic. */
const comparisonsAt = 2;
const comparisons: readonly Operator[] = ["=", "!=", "<=", ">=", "<", ">"];

/** @param mayAggregate whether `count` and the like have a meaning at that place */
export function parseExpression(tokens: Tokens, mayAggregate = false): Expression {
  return level(0);

  function level(strength: number): Expression {
    const operators = strengths[strength];
    if (operators === undefined) return single();
    let left = next(strength);
    for (let operator = taken(operators); operator !== undefined; operator = taken(operators)) {
      left = { kind: "operation", operator, left, right: next(strength) };
    }
    return left;
  }

  function next(strength: number): Expression {
    return strength + 1 === comparisonsAt ? negation() : level(strength + 1);
  }

  function negation(): Expression {
    return tokens.skip("not") ? { kind: "not", of: negation() } : comparison();
  }

  function comparison(): Expression {
    const left = level(comparisonsAt);
    if (tokens.skip("=~")) return match(left);
    const operator = taken(comparisons);
    if (operator !== undefined) return { kind: "operation", operator, left, right: level(comparisonsAt) };
    if (tokens.skip("like")) return match(left);
    if (tokens.skip("in")) return { kind: "in", of: left, choices: list() };
    if (!tokens.skip("not")) return left;
    if (tokens.skip("like")) return { kind: "not", of: match(left) };
    tokens.expect("in");
    return { kind: "not", of: { kind: "in", of: left, choices: list() } };
  }

  function match(of: Expression): Expression {
    const pattern = tokens.regex();
    if (pattern !== undefined) return { kind: "match", of, pattern };
    const { kind, text } = tokens.peek();
    if (kind !== "text") throw tokens.wrong("a text in quotes or a pattern between slashes is expected");
    tokens.take();
    return { kind: "match", of, pattern: text };
  }

  function list(): readonly Expression[] {
    tokens.expect("[");
    const choices = [level(comparisonsAt)];
    while (tokens.skip(",")) choices.push(level(comparisonsAt));
    tokens.expect("]");
    return choices;
  }

  function single(): Expression {
    if (tokens.skip("-")) return { kind: "minus", of: single() };
    if (tokens.skip("(")) {
      const inner = level(0);
      tokens.expect(")");
      return inner;
    }
    const token = tokens.peek();
    if (token.kind === "end" || token.kind === "symbol") throw tokens.wrong("a field or a value is expected");
    tokens.take();
    return token.kind === "word" && tokens.skip("(") ? call(token) : leaf(token);
  }

  function call({ text }: Token): Expression {
    const name = text.toLowerCase();
    const isAggregate = Object.hasOwn(aggregates, name);
    if (!isAggregate && !Object.hasOwn(functions, name)) throw tokens.wrong(`the function ${text} isn't covered here`);
    if (isAggregate && !mayAggregate) throw tokens.wrong(`${text} belongs after "stats"`);
    if (name === "count" && tokens.skip("*")) {
      tokens.expect(")");
      return { kind: "call", name, args: [] };
    }
    const args: Expression[] = [];
    if (!tokens.skip(")")) {
      do args.push(level(0));
      while (tokens.skip(","));
      tokens.expect(")");
    }
    const [least, most] = isAggregate ? (aggregates[name]?.takes ?? [0, 0]) : (functions[name]?.takes ?? [0, 0]);
    if (args.length < least || args.length > most) throw tokens.wrong(`${text} takes another number of arguments`);
    return { kind: "call", name, args };
  }

  function leaf({ kind, text }: Token): Expression {
    switch (kind) {
      case "text":
        return { kind: "literal", value: text };
      case "number":
        return { kind: "literal", value: Number(text) };
      case "period":
        return { kind: "period", milliseconds: milliseconds(text) };
      case "word":
        if (/^(true|false)$/i.test(text)) return { kind: "literal", value: text.toLowerCase() === "true" };
        return { kind: "field", name: text };
      default:
        return { kind: "field", name: text };
    }
  }

  function milliseconds(period: string): number {
    const [, count, unit = ""] = /^(\d+)(\D+)$/.exec(period) ?? [];
    const unitMs = unitsMs[unit];
    if (unitMs === undefined || Number(count) === 0) throw tokens.wrong(`the period ${period} isn't covered here`);
    return Number(count) * unitMs;
  }

  function taken(operators: readonly Operator[]): Operator | undefined {
    return operators.find((operator) => tokens.skip(operator));
  }
}

/** Months, quarters and years aren't of one length, and not covered. */
const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
