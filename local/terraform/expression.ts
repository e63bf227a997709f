/**
 * Terraform's string templates, as far as CDKTF writes them for plain references. A string is parsed into its literal
 * texts and its references; everything else that Terraform could evaluate is refused, never passed on as text.
 */

/** `aws_sqs_queue.events.arn` is ["aws_sqs_queue", "events", "arn"]; an index is a number. */
export interface Reference {
  readonly source: string;
  readonly segments: readonly (string | number)[];
}

export type TemplatePart = string | Reference;

/** A template that isn't a plain reference: `${length(var.x)}`, `%{ if … }`, an unclosed `${`. */
export class UnsupportedExpression extends Error {
  readonly expression: string;

  constructor(expression: string) {
    super(`${expression} is not a plain reference`);
    this.name = "UnsupportedExpression";
    this.expression = expression;
  }
}

const firstSegment = /^\s*([A-Za-z_][\w-]*)/;
const nextSegment = /^(?:\.([A-Za-z_][\w-]*)|\.(\d+)|\[\s*(\d+)\s*\]|\[\s*"((?:[^"\\$%]|\\.)*)"\s*\])/;
const specialSequence = /\$\$\{|%%\{|\$\{|%\{/g;

/**
 * Splits a string into texts and references; a string without templates is one text (or none, when it is empty).
 * `$${` and `%%{` are the escaped forms of `${` and `%{`.
 * @throws UnsupportedExpression for functions, conditions, splats, directives and unclosed templates.
 */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = "";
  let position = 0;
  for (const match of text.matchAll(specialSequence)) {
    if (match.index < position) continue;
    literal += text.slice(position, match.index);
    position = match.index + match[0].length;
    if (match[0].length === 3) {
      literal += match[0].slice(1);
      continue;
    }
    const end = endOfExpression(text, position);
    const expression = text.slice(position, end);
    if (match[0] === "%{" || text[end] !== "}") throw new UnsupportedExpression(text.slice(match.index, end + 1));
    if (literal) parts.push(literal);
    literal = "";
    parts.push(parseReference(expression));
    position = end + 1;
  }
  literal += text.slice(position);
  if (literal) parts.push(literal);
  return parts;
}

/** Index of the brace that closes the expression, or the text's length: braces nest, quoted ones don't count. */
function endOfExpression(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (quoted && character === "\\") index++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "{") depth++;
    else if (!quoted && character === "}" && depth-- === 0) return index;
  }
  return text.length;
}

function parseReference(expression: string): Reference {
  const first = firstSegment.exec(expression);
  if (first?.[1] === undefined) throw new UnsupportedExpression(`\${${expression}}`);
  const segments: (string | number)[] = [first[1]];
  let rest = expression.slice(first[0].length);
  for (let match = nextSegment.exec(rest); match; match = nextSegment.exec(rest)) {
    const [whole, name, legacyIndex, index, key] = match;
    if (name !== undefined) segments.push(name);
    else if (key !== undefined) segments.push(JSON.parse(`"${key}"`) as string);
    else segments.push(Number(legacyIndex ?? index));
    rest = rest.slice(whole.length);
  }
  if (rest.trim() !== "" || segments.length < 2) throw new UnsupportedExpression(`\${${expression}}`);
  return { source: expression.trim(), segments };
}
