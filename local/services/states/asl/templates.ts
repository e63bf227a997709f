/** Payload templates (`Parameters`, `ResultSelector`): JSON whose members named `….$` are expressions. */
import type { Json } from "./definition.ts";
import { compileExpression } from "./expressions.ts";

/** @throws TaskFailure States.Runtime for a path that leads nowhere, States.IntrinsicFailure from a function. */
export function fillTemplate(template: Json, input: Json, context: Json): Json {
  if (template === null || typeof template !== "object") return template;
  if (isList(template)) return template.map((item) => fillTemplate(item, input, context));
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith(".$") && typeof value === "string"
        ? [name.slice(0, -2), compileExpression(value)(input, context)]
        : [name, fillTemplate(value, input, context)],
    ),
  );
}

/** The expressions in a template, to check them before anything runs. */
export function* expressionsIn(template: Json | undefined): Generator<string> {
  if (template === undefined || template === null || typeof template !== "object") return;
  if (isList(template)) {
    for (const item of template) yield* expressionsIn(item);
    return;
  }
  for (const [name, value] of Object.entries(template)) {
    if (name.endsWith(".$") && typeof value === "string") yield value;
    else yield* expressionsIn(value);
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
