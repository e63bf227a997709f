/** Between a page's deed and the command that carries it out. */
import * as v from "valibot";
import type { Done } from "../answers.ts";
import type { CommandEnd } from "../commands.ts";
import { ConsoleError } from "./route.ts";

/** A failed command is an answer like any other: it says what to do. A wrong use of it is the form's fault. */
export function doneOf<T>({ exitCode, json, said, command }: CommandEnd): Done<T> {
  if (exitCode === 2) throw new ConsoleError(400, "wrong_use", said);
  return { isDone: exitCode === 0, said, command, ...(json !== undefined && { result: json as T }) };
}

/** What a command gave. @throws ConsoleError with its words where it gave nothing */
export function resultOf<T>(end: CommandEnd): T {
  const { isDone, result, said } = doneOf<T>(end);
  if (isDone && result !== undefined) return result;
  throw new ConsoleError(502, "command_failed", said === "" ? "The command gave no answer." : said);
}

/** What a page has sent, checked. @throws ConsoleError */
export function read<T>(schema: v.GenericSchema<unknown, T>, body: unknown): T {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const places = result.issues.map((issue) => {
    const place = v.getDotPath(issue) ?? "the request";
    return issue.message === noHyphen ? `${place} (${noHyphen})` : place;
  });
  throw new ConsoleError(400, "wrong_form", `Not as the console expects it: ${[...new Set(places)].join(", ")}.`);
}

const noHyphen = "it may not begin with a hyphen";

/** One line, as an option's value after `=`. */
export const value = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(1_000), v.regex(/^\P{Cc}*$/u));

/** One line that can be an argument: what begins with a hyphen would be taken for an option. */
export const line = v.pipe(value, v.regex(/^[^-]/, noHyphen));
