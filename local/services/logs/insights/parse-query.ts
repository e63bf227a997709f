/**
 * Reads a query of Logs Insights, the part of its language that looks at log lines: fields, display, filter, parse, stats,
 * sort, limit and dedup. The rest is refused by name, never half understood.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
import { limits } from "./limits.ts";
import { parseExpression } from "./parse-expression.ts";
import type { Column, Command, Query, SortKey } from "./syntax.ts";
import { Tokens } from "./tokens.ts";

/** @throws AwsError MalformedQueryException that says where, and what isn't as it has to be or isn't covered */
export function parseQuery(text: string): Query {
  const tokens = new Tokens(text);
  const commands: Command[] = [];
  do {
    const { kind } = tokens.peek();
    if (kind === "end" && commands.length === 0) throw tokens.wrong("the query is empty");
    const isAfterDedup = commands.some((command) => command.kind === "dedup");
    const isGrouped = commands.some((command) => command.kind === "stats");
    const command = parseCommand(tokens, isGrouped);
    if (isAfterDedup && command.kind !== "limit") throw tokens.wrong("only limit may come after dedup");
    commands.push(command);
  } while (tokens.skip("|"));
  if (tokens.peek().kind !== "end") throw tokens.wrong("the command should end here, or go on otherwise");
  return commands;
}

function parseCommand(tokens: Tokens, isGrouped: boolean): Command {
  const { kind, text } = tokens.peek();
  const name = text.toLowerCase();
  const parser = kind === "word" && Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  if (parser === undefined) {
    throw tokens.wrong(`the command "${text}" isn't covered here; ${Object.keys(parsers).join(", ")} are`);
  }
  tokens.take();
  return parser(tokens, isGrouped);
}

/** By name; `isGrouped` where rows are groups by then. */
const parsers: Readonly<Record<string, (tokens: Tokens, isGrouped: boolean) => Command>> = {
  fields: (tokens) => ({ kind: "fields", columns: columns(tokens) }),
  display: (tokens) => ({ kind: "display", columns: columns(tokens) }),
  filter: (tokens) => ({ kind: "filter", condition: parseExpression(tokens) }),
  parse: parseParse,
  stats: (tokens) => ({
    kind: "stats",
    columns: columns(tokens, true),
    by: tokens.skip("by") ? columns(tokens) : [],
  }),
  sort: (tokens, isGrouped) => ({ kind: "sort", keys: sortKeys(tokens, isGrouped) }),
  limit: parseLimit,
  dedup: (tokens) => ({ kind: "dedup", columns: columns(tokens) }),
};

function columns(tokens: Tokens, mayAggregate = false): readonly Column[] {
  const found: Column[] = [];
  do {
    const { start, kind, text } = tokens.peek();
    const expression = parseExpression(tokens, mayAggregate);
    const written = kind === "field" && expression.kind === "field" ? text : tokens.since(start);
    found.push({ expression, name: tokens.skip("as") ? nameOf(tokens) : written });
  } while (tokens.skip(","));
  return found;
}

function nameOf(tokens: Tokens): string {
  const { kind, text } = tokens.peek();
  if (kind !== "word" && kind !== "field") throw tokens.wrong("a name is expected");
  tokens.take();
  return text;
}

function sortKeys(tokens: Tokens, isGrouped: boolean): readonly SortKey[] {
  const keys: SortKey[] = [];
  do {
    const { start } = tokens.peek();
    const expression = parseExpression(tokens, isGrouped);
    const written = tokens.since(start);
    const isDescending = tokens.skip("desc");
    if (!isDescending) tokens.skip("asc");
    keys.push({ expression, written, isDescending });
  } while (tokens.skip(","));
  return keys;
}

function parseLimit(tokens: Tokens): Command {
  const { kind, text } = tokens.peek();
  const count = Number(text);
  if (kind !== "number" || !Number.isInteger(count) || count < 1 || count > limits.results) {
    throw tokens.wrong(`a limit from 1 to ${limits.results} is expected`);
  }
  tokens.take();
  return { kind: "limit", count };
}

/** `parse @message "user=*, ms=*" as user, ms`, or a regular expression whose groups have names. */
function parseParse(tokens: Tokens): Command {
  const startsWithPattern = tokens.regex() !== undefined || tokens.peek().kind === "text";
  if (startsWithPattern) throw tokens.wrong("parse takes a field first, such as @message");
  const of = { kind: "field" as const, name: nameOf(tokens) };
  const regex = tokens.regex();
  if (regex !== undefined) {
    const names = [...regex.source.matchAll(/\(\?<([A-Za-z_]\w*)>/g)].map(([, name = ""]) => name);
    if (names.length === 0) throw tokens.wrong("the pattern has no groups with names, (?<name>…)");
    return { kind: "parse", of, pattern: regex, names };
  }
  const { kind, text } = tokens.peek();
  if (kind !== "text") throw tokens.wrong("a text with * in quotes or a pattern between slashes is expected");
  tokens.take();
  tokens.expect("as");
  const names = [nameOf(tokens)];
  while (tokens.skip(",")) names.push(nameOf(tokens));
  const parts = text.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\/]/g, "\\$&"));
  if (parts.length - 1 !== names.length) throw tokens.wrong("there has to be a name for each * of the pattern");
  const groups = parts.map((part, at) => (at === parts.length - 1 ? part : `${part}(.*?)`)).join("");
  return { kind: "parse", of, pattern: new RegExp(parts.at(-1) === "" ? `${groups}$` : groups, "s"), names };
}
