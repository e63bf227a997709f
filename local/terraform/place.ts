/** A place in a stack's file, and the errors and lookups that name it. */
import { isArguments } from "./block.ts";
import { TerraformError } from "./errors.ts";
import { parseTemplate, type Reference, type TemplatePart, UnsupportedExpression } from "./expression.ts";
import type { Stack } from "./read.ts";

/** Where a value stands. */
export interface Place {
  readonly stack: Stack;
  /** `aws_sqs_queue.events`, `output.WebhookApiUrl`, `local.tags` */
  readonly address: string;
  /** Path within it: `tags.owner`, `rule[0].id` */
  readonly path: string;
}

/** `pipeline-dev: aws_sqs_queue.events: tags.owner` */
export function where({ stack, address, path }: Place): string {
  return [stack.name, address, path].filter(Boolean).join(": ");
}

/** @throws TerraformError UNSUPPORTED */
export function partsOf(place: Place, text: string): TemplatePart[] {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (error instanceof UnsupportedExpression) throw unsupportedExpression(place, error.expression);
    throw error;
  }
}

/** Walks into a value. Index 0 of a block that is written as an object is that object. */
export function follow(place: Place, reference: Reference, start: unknown, path: Reference["segments"]): unknown {
  let value = start;
  for (const segment of path) {
    if (Array.isArray(value) && typeof segment === "number") value = value[segment];
    else if (isArguments(value) && segment !== 0) value = value[segment];
    else if (!isArguments(value)) value = undefined;
    if (value === undefined) throw unknownReference(place, reference);
  }
  return value;
}

/** @param expression the whole template: `${length(var.names)}` */
export function unsupportedExpression(place: Place, expression: string): TerraformError {
  const message = `${where(place)}: ${expression} is not a plain reference, and nothing else is supported locally.`;
  return new TerraformError("UNSUPPORTED", message);
}

export function unknownReference(place: Place, reference: Reference): TerraformError {
  return new TerraformError("UNKNOWN_REFERENCE", `${where(place)}: \${${reference.source}} names nothing.`);
}
