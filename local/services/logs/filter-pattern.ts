/**
 * Filter patterns of CloudWatch Logs, the part that people use to look something up: terms, "quoted phrases", and JSON
 * selectors with =, !=, && and ||. The rest of the syntax is refused by name, never half understood.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { AwsError } from "../../aws/types.ts";
import { parseSelector } from "./json-selector.ts";

export type MatchMessage = (message: string) => boolean;

/** @throws AwsError InvalidParameterException for a pattern that isn't covered. An empty pattern matches everything. */
export function compileFilterPattern(pattern: string): MatchMessage {
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("[")) throw refused(pattern, "space-delimited patterns");
  if (text.startsWith("{")) return parseSelector(text);
  return compileTerms(text);
}

/** All terms must occur, case-sensitively. */
function compileTerms(text: string): MatchMessage {
  const terms: string[] = [];
  for (const match of text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
    const [, quoted, plain] = match;
    if (plain !== undefined && /^[?-]/.test(plain)) throw refused(text, "optional (?) and excluded (-) terms");
    if (plain !== undefined && /^%.*%$/.test(plain)) throw refused(text, "regular expressions (%…%)");
    if (plain !== undefined && !/^\w+$/.test(plain))
      throw refused(text, "terms with special characters outside quotes");
    terms.push(quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "");
  }
  return (message) => terms.every((one) => message.includes(one));
}

function refused(pattern: string, what: string): AwsError {
  return new AwsError(
    "InvalidParameterException",
    `Invalid filter pattern ${pattern}: ${what} aren't covered locally.`,
  );
}
