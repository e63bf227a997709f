/** A query's text in pieces. The parser asks for one after the other: only it knows whether a slash begins a pattern. */
import { malformed } from "./malformed.ts";

export interface Token {
  readonly kind: "word" | "field" | "text" | "number" | "period" | "symbol" | "end";
  /** A word as it is written, a field without its backticks, a text without its quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const blank = /(?:\s|#[^\n]*)*/y;
const piece = new RegExp(
  [
    /(?<word>[A-Za-z_@][\w.@]*)/,
    /`(?<field>[^`]+)`/,
    /"(?<double>(?:[^"\\]|\\.)*)"/,
    /'(?<single>(?:[^'\\]|\\.)*)'/,
    /(?<period>\d+(?:ms|s|m|h|d|w|mo|q|y)(?!\w))/,
    /(?<number>\d+(?:\.\d+)?(?!\w))/,
    /(?<symbol>=~|!=|<=|>=|[()[\],|=<>+\-*/^%])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "sy",
);
const regex = /\/((?:[^/\\\n]|\\.)+)\//y;

export class Tokens {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  peek(): Token {
    blank.lastIndex = this.#at;
    blank.exec(this.text);
    const start = blank.lastIndex;
    if (start >= this.text.length) return { kind: "end", text: "", start, end: start };
    piece.lastIndex = start;
    const { groups } = piece.exec(this.text) ?? {};
    if (groups === undefined) throw malformed(this.text, start, "nothing of the language begins like that");
    const { word, field, double, single, period, number, symbol } = groups;
    const end = piece.lastIndex;
    const quoted = double ?? single;
    if (quoted !== undefined) return { kind: "text", text: unescaped(quoted), start, end };
    if (word !== undefined) return { kind: "word", text: word, start, end };
    if (field !== undefined) return { kind: "field", text: field, start, end };
    if (period !== undefined) return { kind: "period", text: period, start, end };
    if (number !== undefined) return { kind: "number", text: number, start, end };
    return { kind: "symbol", text: symbol ?? "", start, end };
  }

  take(): Token {
    const token = this.peek();
    this.#at = token.end;
    return token;
  }

  /** Takes the next piece if it is this symbol, or this word in any case. */
  skip(wanted: string): boolean {
    const { kind, text, end } = this.peek();
    if (kind === "symbol" ? text !== wanted : kind !== "word" || text.toLowerCase() !== wanted) return false;
    this.#at = end;
    return true;
  }

  expect(wanted: string): void {
    if (!this.skip(wanted)) throw this.wrong(`"${wanted}" is expected`);
  }

  /** A regular expression between slashes, if one begins here. `(?i)` at its begin makes it blind to case. */
  regex(): RegExp | undefined {
    const { start } = this.peek();
    regex.lastIndex = start;
    const source = regex.exec(this.text)?.[1];
    if (source === undefined) return undefined;
    this.#at = regex.lastIndex;
    const [, flag, rest = source] = /^(\(\?i\))?(.*)$/s.exec(source) ?? [];
    try {
      return new RegExp(rest, flag === undefined ? "s" : "is");
    } catch {
      throw malformed(this.text, start, "that is no regular expression that is understood here");
    }
  }

  /** The text from there to the last piece that was taken. */
  since(start: number): string {
    return this.text.slice(start, this.#at).trim();
  }

  /** The error of a query that can't go on as it does. */
  wrong(why: string): Error {
    return malformed(this.text, this.peek().start, why);
  }
}

/** `\"` is a quote; other escapes stay, since patterns have them. */
function unescaped(quoted: string): string {
  return quoted.replaceAll(/\\(["'\\])/g, "$1");
}
