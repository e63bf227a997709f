/**
 * JSON without loss. JSON.parse turns every number into a float: fine for up to 15 significant digits, which a float
 * carries there and back unharmed, wrong beyond. Here a number that a float can't hold keeps its source text.
 */

/** A number of the document that a float would have changed, as it was written. */
export class NumberText {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** A body that has been read, or why it can't be. */
export type ParsedBody =
  | { readonly kind: "parsed"; readonly value: unknown }
  /** `code` is snake case; `message` is for the sender and quotes nothing. */
  | { readonly kind: "invalid"; readonly code: string; readonly message: string };

/** Deeper nesting than any provider's; bounds the recursion of everything that walks the value later. */
const maxDepth = 64;
/** A float holds any decimal number of this many significant digits exactly enough to print it again. */
const maxExactDigits = 15;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses bytes as JSON. Bytes that aren't UTF-8, malformed text and nesting beyond 64 levels are values, not throws.
 * Of duplicate keys the last wins, as in JSON.parse; `__proto__` is an ordinary own key (read fields with `field`).
 */
export function parseExactJson(bytes: Uint8Array): ParsedBody {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return malformed("The body is not UTF-8 text.");
  }
  const { depth, hasLongNumbers } = survey(text);
  if (depth > maxDepth) {
    return { kind: "invalid", code: "json_too_deep", message: `The body is nested deeper than ${maxDepth} levels.` };
  }
  try {
    // A reviver costs five times the parsing, so only documents that need one get it.
    return { kind: "parsed", value: JSON.parse(text, hasLongNumbers ? keepLongNumbers : undefined) };
  } catch {
    return malformed("The body is not JSON.");
  }
}

/**
 * Parses JSON that is to be written again: JSON.stringify writes every number with the digits that it came with. One that a
 * float can't hold is an object until then, and no number for whoever computes.
 *
 * @throws SyntaxError for what is no JSON
 */
export function parseToWriteAgain(text: string): unknown {
  return JSON.parse(text, maybeLong.test(text) ? keepSource : undefined);
}

/** An own field of a JSON object; undefined for anything else, prototype members included. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** An own field at the end of a path of names. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) current = field(current, name);
  return current;
}

/** The decimal text of a JSON number or of a string; undefined for anything else. */
export function decimalText(value: unknown): string | undefined {
  if (value instanceof NumberText) return value.source;
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}

/** Reviver with the source text of primitives, which the TypeScript library doesn't describe yet. */
function keepLongNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && isLong(source) ? new NumberText(source) : value;
}

/** A number of which `isLong` may hold, or text that looks so. */
const maybeLong = /[\d.]{16}|[eE][-+]?\d{3}/;

/** The TypeScript library doesn't describe `JSON.rawJSON` yet: what it gives is written as the text that it was given. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object };

function keepSource(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined || Number.isSafeInteger(value)) return value;
  return isLong(source) ? rawJSON(source) : value;
}

/** Whether a float may not hold the number: too many digits, or an exponent that may leave its range. */
function isLong(number: string): boolean {
  const [digits = "", exponent = ""] = number.split(/[eE]/);
  return digits.replace(/[-.]/g, "").length > maxExactDigits || exponent.replace(/^[+-]/, "").length > 2;
}

const quote = 0x22;
const backslash = 0x5c;
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];
const [zero, nine] = [0x30, 0x39];
/** The end of a number whose beginning was met. */
const numberToken = /[-+.\deE]*/y;

/** One pass over the text outside its strings: how deep it nests, and whether a number needs the slow path. */
function survey(text: string): { depth: number; hasLongNumbers: boolean } {
  let depth = 0;
  let deepest = 0;
  let hasLongNumbers = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      at = endOfString(text, at);
    } else if (char === openBrace || char === openBracket) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (char === closeBrace || char === closeBracket) {
      depth--;
    } else if (!hasLongNumbers && char >= zero && char <= nine) {
      const start = at;
      while (isDigit(text.charCodeAt(at + 1))) at++;
      // Most numbers are short integers, which need no second look.
      if (at - start >= maxExactDigits || isGoingOn(text.charCodeAt(at + 1))) {
        numberToken.lastIndex = at + 1;
        at += numberToken.exec(text)?.[0].length ?? 0;
        hasLongNumbers = isLong(text.slice(start, at + 1));
      }
    }
  }
  return { depth: deepest, hasLongNumbers };
}

function isDigit(char: number): boolean {
  return char >= zero && char <= nine;
}

/** Whether a number goes on with `.`, `e` or `E`. */
function isGoingOn(char: number): boolean {
  return char === 0x2e || char === 0x65 || char === 0x45;
}

/** Index of the quote that ends the string which begins at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes++;
  return backslashes % 2 === 1;
}

function malformed(message: string): ParsedBody {
  return { kind: "invalid", code: "json_malformed", message };
}
