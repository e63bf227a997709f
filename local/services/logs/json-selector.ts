/** JSON selectors of filter patterns: `{ ($.type = "ExecutionFailed") && ($.details.name != "Claim*") }`. */
import { AwsError } from "../../aws/types.ts";
import type { MatchMessage } from "./filter-pattern.ts";

type Test = (root: unknown) => boolean;

const token = /\s*(&&|\|\||!=|=|[(){}]|"(?:[^"\\]|\\.)*"|[^\s(){}=!&|"]+)/y;
const property = /^\$(?:\.[^.[\]]+|\[\d+\])+$/;

/** A message that isn't JSON doesn't match. @throws AwsError InvalidParameterException */
export function parseSelector(text: string): MatchMessage {
  const test = new SelectorParser(text).whole();
  return (message) => {
    // Most lines of a group are JSON; a look at the first character spares the rest an exception.
    if (!message.startsWith("{") && !message.startsWith("[")) return false;
    try {
      return test(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

class SelectorParser {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = [...tokensOf(text)];
  }

  whole(): Test {
    this.#expect("{");
    const test = this.#either();
    this.#expect("}");
    if (this.#position !== this.#tokens.length) throw this.#refused();
    return test;
  }

  #either(): Test {
    let test = this.#both();
    while (this.#skip("||")) {
      const [left, right] = [test, this.#both()];
      test = (root) => left(root) || right(root);
    }
    return test;
  }

  #both(): Test {
    let test = this.#single();
    while (this.#skip("&&")) {
      const [left, right] = [test, this.#single()];
      test = (root) => left(root) && right(root);
    }
    return test;
  }

  #single(): Test {
    if (!this.#skip("(")) return this.#comparison();
    const test = this.#either();
    this.#expect(")");
    return test;
  }

  #comparison(): Test {
    const path = this.#next();
    const operator = this.#next();
    const wanted = this.#next();
    if (!property.test(path) || (operator !== "=" && operator !== "!=")) throw this.#refused();
    const read = readerOf(path);
    const equals = equality(wanted);
    // As on AWS, neither comparison matches where the property is missing.
    return (root) => {
      const value = read(root);
      return value !== undefined && equals(value) === (operator === "=");
    };
  }

  #next(): string {
    const next = this.#tokens[this.#position];
    if (next === undefined) throw this.#refused();
    this.#position += 1;
    return next;
  }

  #skip(wanted: string): boolean {
    if (this.#tokens[this.#position] !== wanted) return false;
    this.#position += 1;
    return true;
  }

  #expect(wanted: string): void {
    if (!this.#skip(wanted)) throw this.#refused();
  }

  #refused(): AwsError {
    return new AwsError(
      "InvalidParameterException",
      `Invalid filter pattern ${this.#text}: covered locally are $.property = value, !=, &&, || and parentheses.`,
    );
  }
}

function* tokensOf(text: string): Generator<string> {
  let end = 0;
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    end = token.lastIndex;
    yield match[1] ?? "";
  }
  // What no token begins with is one that nothing expects.
  const rest = text.slice(end).trim();
  if (rest !== "") yield rest;
}

function readerOf(path: string): (root: unknown) => unknown {
  const keys = path
    .slice(1)
    .split(/[.[\]]+/)
    .filter((key) => key !== "");
  return (root) =>
    keys.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | null)?.[key], root);
}

/** Text may hold `*` for anything; a bare number compares as a number. */
function equality(wanted: string): (value: unknown) => boolean {
  const isQuoted = wanted.startsWith('"');
  const text = isQuoted ? wanted.slice(1, -1).replaceAll(/\\(.)/g, "$1") : wanted;
  if (!isQuoted && text !== "" && Number.isFinite(Number(text))) return (value) => value === Number(text);
  if (!isQuoted && (text === "true" || text === "false")) return (value) => value === (text === "true");
  if (!text.includes("*")) return (value) => value === text;
  const parts = text.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`, "s");
  return (value) => typeof value === "string" && pattern.test(value);
}
