/** What an expression is, of a row or of a group of rows. */
import { aggregates } from "./aggregates.ts";
import { functions, known } from "./functions.ts";
import type { Row } from "./row.ts";
import type { Expression, Operator, Value } from "./syntax.ts";
import { compared, isTrue, numberOf, textOf } from "./values.ts";

/** @param rows of the group, the earliest first, for an expression that aggregates */
export function evaluate(expression: Expression, row: Row, rows: readonly Row[] = [row]): Value {
  const of = (inner: Expression) => evaluate(inner, row, rows);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "period":
      return expression.milliseconds;
    case "field":
      return row.get(expression.name);
    case "not":
      return !isTrue(of(expression.of));
    case "minus":
      return known(-numberOf(of(expression.of)));
    case "operation":
      return operated(expression.operator, of(expression.left), () => of(expression.right));
    case "match":
      return matches(of(expression.of), expression.pattern);
    case "in": {
      const value = of(expression.of);
      return expression.choices.some((choice) => compared(value, of(choice)) === 0);
    }
    case "call":
      return called(expression, row, rows);
  }
}

function called({ name, args }: Extract<Expression, { kind: "call" }>, row: Row, rows: readonly Row[]): Value {
  const aggregate = aggregates[name];
  if (aggregate !== undefined) {
    const [first, second] = args;
    // count(*) is of the rows themselves.
    const values = first === undefined ? rows.map(() => 1) : rows.map((each) => evaluate(first, each));
    const option = second === undefined ? undefined : evaluate(second, row);
    return aggregate.result(
      values.filter((value) => value !== undefined),
      option,
    );
  }
  const values = args.map((arg) => evaluate(arg, row, rows));
  // bin(5m) is about the event's own time.
  const given = name === "bin" && values.length === 1 ? [row.get("@timestamp"), ...values] : values;
  return functions[name]?.result(given);
}

function operated(operator: Operator, left: Value, rightOf: () => Value): Value {
  if (operator === "or") return isTrue(left) || isTrue(rightOf());
  if (operator === "and") return isTrue(left) && isTrue(rightOf());
  const right = rightOf();
  const order = compared(left, right);
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      // What isn't there equals nothing.
      return order !== 0;
    case "<":
      return order !== undefined && order < 0;
    case "<=":
      return order !== undefined && order <= 0;
    case ">":
      return order !== undefined && order > 0;
    case ">=":
      return order !== undefined && order >= 0;
    default:
      return known(arithmetic[operator](numberOf(left), numberOf(right)));
  }
}

const arithmetic: Readonly<Record<"+" | "-" | "*" | "/" | "%" | "^", (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "^": (a, b) => a ** b,
};

function matches(value: Value, pattern: string | RegExp): boolean {
  if (value === undefined) return false;
  const text = textOf(value);
  return typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
}
