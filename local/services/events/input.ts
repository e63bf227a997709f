/**
 * What a target gets of an event: the whole, a part, a constant or a template filled in.
 * Source: "Amazon EventBridge input transformation" in the user guide.
 */
import { AwsError } from "../../aws/types.ts";
import type { RuleConfig, TargetConfig } from "./config.ts";
import { type BusEvent, isoSeconds } from "./event.ts";
import { compilePath } from "./json-path.ts";

/** Makes the payload, JSON text (a template may make any text). */
type InputOf = (event: BusEvent) => string;

/**
 * Compiles a target's input.
 * @throws AwsError ValidationException: more than one kind of input, a bad path, a placeholder without a path
 */
export function compileInput(rule: RuleConfig, target: TargetConfig): InputOf {
  const { input, inputPath, inputTransformer } = target;
  if ([input, inputPath, inputTransformer].filter((given) => given !== undefined).length > 1) {
    throw invalid(target, "Only one of Input, InputPath, or InputTransformer must be provided");
  }
  if (input !== undefined) return () => input;
  if (inputTransformer !== undefined) return compileTemplate(rule, target, inputTransformer);
  if (inputPath === undefined || inputPath === "$") return (event) => event.json;
  if (inputPath === "$.detail") return (event) => event.detailJson;
  const path = compilePath(inputPath);
  // A path that finds nothing gives null and not silence, so that the target's own check shows it.
  return (event) => JSON.stringify(path(event.envelope) ?? null);
}

const reservedVariables: Readonly<Record<string, (event: BusEvent, rule: RuleConfig) => unknown>> = {
  "aws.events.rule-arn": (_event, rule) => rule.arn,
  "aws.events.rule-name": (_event, rule) => rule.name,
  "aws.events.event.ingestion-time": ({ ingestedAt }) => isoSeconds(ingestedAt),
  "aws.events.event": ({ envelope: { detail: _detail, ...rest } }) => rest,
  "aws.events.event.json": ({ envelope }) => envelope,
};

type Piece = string | { readonly value: (event: BusEvent) => unknown; readonly isQuoted: boolean };

function compileTemplate(
  rule: RuleConfig,
  target: TargetConfig,
  { paths, template }: NonNullable<TargetConfig["inputTransformer"]>,
): InputOf {
  const variables = new Map<string, (event: BusEvent) => unknown>();
  for (const [name, path] of Object.entries(paths)) {
    if (/^aws/i.test(name)) throw invalid(target, `InputPathsMap must not use the reserved name ${name}`);
    const compiled = compilePath(path);
    variables.set(name, (event) => compiled(event.envelope));
  }
  for (const [name, value] of Object.entries(reservedVariables)) variables.set(name, (event) => value(event, rule));
  const pieces = piecesOf(template, (name) => {
    const value = variables.get(name);
    if (!value) throw invalid(target, `Invalid InputTemplate: <${name}> is not in InputPathsMap`);
    return value;
  });
  return (event) =>
    pieces
      .map((piece) => {
        if (typeof piece === "string") return piece;
        const value = piece.value(event);
        return piece.isQuoted ? insideQuotes(value) : JSON.stringify(value ?? "");
      })
      .join("");
}

/** Splits at the placeholders and notes which of them stand between a JSON string's quotes. */
function piecesOf(template: string, variable: (name: string) => (event: BusEvent) => unknown): Piece[] {
  const pieces: Piece[] = [];
  let isQuoted = false;
  let position = 0;
  for (const match of template.matchAll(/<([^<>\s]+)>|\\.|"/gs)) {
    if (match[0] === '"') isQuoted = !isQuoted;
    if (match[1] === undefined) continue;
    pieces.push(template.slice(position, match.index), { value: variable(match[1]), isQuoted });
    position = match.index + match[0].length;
  }
  pieces.push(template.slice(position));
  return pieces;
}

/** Text is escaped so that the result stays JSON; EventBridge drops an object's quotes when it puts it into text. */
function insideQuotes(value: unknown): string {
  if (value === undefined) return "";
  const json = JSON.stringify(value);
  if (typeof value === "string") return json.slice(1, -1);
  return json.replace(/\\?"/g, "");
}

function invalid(target: TargetConfig, reason: string): AwsError {
  return new AwsError("ValidationException", `Target ${target.id} of rule ${target.ruleName}: ${reason}.`);
}
