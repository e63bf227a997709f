/** What a query of CloudWatch Logs Insights consists of, as its text is read. */

/** Times are dates until they are shown. Undefined: the row has no such field. */
export type Value = string | number | boolean | Date | undefined;

export type Operator = "or" | "and" | "=" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "^";

export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  /** A length of time, as `bin(5m)` has it. */
  | { readonly kind: "period"; readonly milliseconds: number }
  | { readonly kind: "field"; readonly name: string }
  /** `count(*)` has no arguments. */
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "not" | "minus"; readonly of: Expression }
  | {
      readonly kind: "operation";
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** `like` and `=~`: a text anywhere in it, or a regular expression. */
  | { readonly kind: "match"; readonly of: Expression; readonly pattern: string | RegExp }
  | { readonly kind: "in"; readonly of: Expression; readonly choices: readonly Expression[] };

/** An expression under a name: its alias, or itself as it was written. */
export interface Column {
  readonly name: string;
  readonly expression: Expression;
}

export interface SortKey {
  /** As it was written: the name of a column of "stats" that has no other, such as `count(*)`. */
  readonly written: string;
  readonly expression: Expression;
  readonly isDescending: boolean;
}

export type Command =
  | { readonly kind: "fields"; readonly columns: readonly Column[] }
  | { readonly kind: "display"; readonly columns: readonly Column[] }
  | { readonly kind: "filter"; readonly condition: Expression }
  | { readonly kind: "parse"; readonly of: Expression; readonly pattern: RegExp; readonly names: readonly string[] }
  | { readonly kind: "stats"; readonly columns: readonly Column[]; readonly by: readonly Column[] }
  | { readonly kind: "sort"; readonly keys: readonly SortKey[] }
  | { readonly kind: "limit"; readonly count: number }
  | { readonly kind: "dedup"; readonly columns: readonly Column[] };

export type Query = readonly Command[];
