/**
 * The text patterns of policies: `*`, `?` and variables such as `${aws:PrincipalArn}`.
 * Source: IAM User Guide, "IAM JSON policy elements: Resource" and "IAM policy elements: Variables and tags".
 */

/** A condition key's values in one request; the key in lower case. Undefined when the request doesn't have the key. */
export type Lookup = (key: string) => string | readonly string[] | undefined;

export interface PatternStyle {
  /**
   * `glob`: wildcards reach over everything. `arn`: a wildcard before the fifth colon stays within its component.
   * `exact`: no wildcards.
   */
  readonly wildcards: "glob" | "arn" | "exact";
  readonly ignoreCase?: boolean;
  /** Only documents of version 2012-10-17 have variables; elsewhere `${…}` is plain text. */
  readonly variables: boolean;
}

export interface Pattern {
  /** As the policy has it. */
  readonly text: string;
  /** Keys of the variables that have no default, in lower case. The pattern means nothing while one has no value. */
  readonly variables: readonly string[];
  test(value: string, lookup: Lookup): boolean;
}

type Token =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "any"; readonly within: string }
  | { readonly kind: "variable"; readonly key: string; readonly fallback: string | undefined };

const tokenText = /\$\{([^}]*)\}|[*?]|[^*?$]+|\$/g;
const variableText = /^\s*([^,]+?)\s*(?:,\s*'([^']*)'\s*)?$/;

function tokens(text: string, style: PatternStyle): Token[] {
  // A pattern without all six components of an ARN, such as "*", is matched as a whole.
  const componentwise = style.wildcards === "arn" && text.split(":").length >= 6;
  const found: Token[] = [];
  let colons = 0;
  for (const match of text.matchAll(tokenText)) {
    const part = match[0];
    const variable = style.variables ? match[1] : undefined;
    if (variable === "*" || variable === "?" || variable === "$") {
      found.push({ kind: "literal", text: variable });
    } else if (variable !== undefined) {
      const [, key = "", fallback] = variableText.exec(variable) ?? [];
      found.push({ kind: "variable", key: key.toLowerCase(), fallback });
    } else if ((part === "*" || part === "?") && style.wildcards !== "exact") {
      const one = componentwise && colons < 5 ? "[^:]" : "[\\s\\S]";
      found.push({ kind: "any", within: part === "*" ? `${one}*` : one });
    } else {
      colons += part.split(":").length - 1;
      found.push({ kind: "literal", text: part });
    }
  }
  return found;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

function source(parts: readonly Token[], lookup: Lookup): string {
  return parts
    .map((part) => {
      if (part.kind === "literal") return escaped(part.text);
      if (part.kind === "any") return part.within;
      const value = lookup(part.key);
      // A variable's value is text: a wildcard in it stands for itself.
      return escaped(typeof value === "string" ? value : (part.fallback ?? ""));
    })
    .join("");
}

/** Compiles once what doesn't depend on the request; only patterns with variables are rebuilt for each. */
export function compilePattern(text: string, style: PatternStyle): Pattern {
  const parts = tokens(text, style);
  const flags = style.ignoreCase ? "i" : "";
  const variables = parts.flatMap((part) =>
    part.kind === "variable" && part.fallback === undefined ? [part.key] : [],
  );
  if (parts.some((part) => part.kind === "variable")) {
    const test = (value: string, lookup: Lookup) => new RegExp(`^${source(parts, lookup)}$`, flags).test(value);
    return { text, variables, test };
  }
  if (parts.every((part) => part.kind === "literal")) {
    const fold = (value: string) => (style.ignoreCase ? value.toLowerCase() : value);
    const expected = fold(parts.map((part) => (part.kind === "literal" ? part.text : "")).join(""));
    return { text, variables, test: (value) => fold(value) === expected };
  }
  const expression = new RegExp(`^${source(parts, () => undefined)}$`, flags);
  return { text, variables, test: (value) => expression.test(value) };
}
