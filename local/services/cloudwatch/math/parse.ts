/**
 * CloudWatch's metric math, as a tree.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
import { AwsError } from "../../../aws/types.ts";

export type BinaryOperator = "+" | "-" | "*" | "/" | "^" | "%" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "AND" | "OR";

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  /** Another query's id, or one of the words that some functions take, such as REPEAT. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "negative"; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] };

const token =
  /\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z_]\w*|"[^"]*"|'[^']*'|<=|>=|==|!=|&&|\|\||[-+*/^%<>()[\],])/y;

/** Weakest first. A level is read from left to right. */
const levels: readonly Readonly<Record<string, BinaryOperator>>[] = [
  { "||": "OR", OR: "OR" },
  { "&&": "AND", AND: "AND" },
  { "==": "==", "!=": "!=" },
  { "<": "<", "<=": "<=", ">": ">", ">=": ">=" },
  { "+": "+", "-": "-" },
  { "*": "*", "/": "/", "%": "%" },
];

/** Parts inside of parts; what is deeper would end the process's stack before it ends. */
const deepest = 100;

/** @throws AwsError ValidationException */
export function parseExpression(text: string): Expression {
  const refused = () => new AwsError("ValidationException", `Error in expression '${text}': Invalid syntax`);
  const tokens = tokensOf(text) ?? [];
  let position = 0;
  let depth = 0;

  const peek = () => tokens[position];
  function next(): string {
    const found = tokens[position];
    if (found === undefined) throw refused();
    position += 1;
    return found;
  }
  function skip(wanted: string): boolean {
    if (peek() !== wanted) return false;
    position += 1;
    return true;
  }
  function list(end: string): Expression[] {
    const items: Expression[] = [];
    if (skip(end)) return items;
    do items.push(binary(0));
    while (skip(","));
    if (!skip(end)) throw refused();
    return items;
  }

  function binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return power();
    let left = binary(level + 1);
    for (;;) {
      const operator = operators[peek() ?? ""];
      if (operator === undefined) return left;
      position += 1;
      left = { kind: "binary", operator, left, right: binary(level + 1) };
    }
  }

  function power(): Expression {
    depth += 1;
    if (depth > deepest) throw refused();
    const found = signed();
    depth -= 1;
    return found;
  }

  function signed(): Expression {
    if (skip("-")) return { kind: "negative", of: power() };
    const base = single();
    return skip("^") ? { kind: "binary", operator: "^", left: base, right: power() } : base;
  }

  function single(): Expression {
    const found = next();
    if (found === "(") {
      const inner = binary(0);
      if (!skip(")")) throw refused();
      return inner;
    }
    if (found === "[") return { kind: "list", items: list("]") };
    if (/^["']/.test(found)) return { kind: "text", value: found.slice(1, -1) };
    if (/^[.\d]/.test(found)) return { kind: "number", value: Number(found) };
    if (!/^\w/.test(found)) throw refused();
    return skip("(") ? { kind: "call", name: found.toUpperCase(), args: list(")") } : { kind: "name", name: found };
  }

  const whole = binary(0);
  if (position !== tokens.length) throw refused();
  return whole;
}

/** None where something is no token. */
function tokensOf(text: string): readonly string[] {
  const found: string[] = [];
  let end = 0;
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    end = token.lastIndex;
    found.push(match[1] ?? "");
  }
  return text.slice(end).trim() === "" ? found : [];
}
