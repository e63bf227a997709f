/** Parameters of a request, by a schema of those that are covered; the others are refused as Stripe refuses them. */
import * as v from "valibot";
import { invalid, type StripeRefusal } from "./errors.ts";
import type { Form } from "./form.ts";

export const text = v.pipe(v.string(), v.maxLength(5000));
export const integer = v.pipe(v.string(), v.regex(/^-?\d{1,15}$/, "integer"), v.transform(Number));
export const boolean = v.pipe(
  v.picklist(["true", "false"], "boolean"),
  v.transform((value) => value === "true"),
);
export const currencyCode = v.pipe(v.string(), v.regex(/^[A-Za-z]{3}$/), v.toLowerCase());
/** Members that are set to nothing are removed, as Stripe does. */
export const metadata = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(40)), v.pipe(v.string(), v.maxLength(500))),
  v.transform((entries) => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== ""))),
);
const expand = v.array(v.string());

/** Members that every request may have. */
export const common = { expand: v.optional(expand) };

/** A time, or a range of times, in seconds. */
export const range = v.union([
  integer,
  v.strictObject({
    gt: v.optional(integer),
    gte: v.optional(integer),
    lt: v.optional(integer),
    lte: v.optional(integer),
  }),
]);

export const paging = {
  ...common,
  limit: v.optional(v.pipe(integer, v.minValue(1), v.maxValue(100)), "10"),
  starting_after: v.optional(text),
  ending_before: v.optional(text),
  created: v.optional(range),
};

/** @throws StripeRefusal that names the first parameter which is missing, unknown or wrong */
export function readParams<const Schema extends v.GenericSchema>(schema: Schema, form: Form): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, form);
  if (parsed.success) return parsed.output;
  throw refusalOf(parsed.issues[0]);
}

function refusalOf(issue: v.BaseIssue<unknown>): StripeRefusal {
  const [first = "", ...rest] = (issue.path ?? []).map(({ key }) => String(key));
  const param = first + rest.map((name) => `[${name}]`).join("");
  if (issue.received === "undefined") {
    return invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  }
  if (issue.expected === "never") {
    const isOurs = "The local stand-in doesn't cover it, or Stripe doesn't know it.";
    return invalid(`Received unknown parameter: ${param}. ${isOurs}`, { code: "parameter_unknown", param });
  }
  const value = String(issue.input);
  if (issue.message === "integer") {
    return invalid(`Invalid integer: ${value}`, { code: "parameter_invalid_integer", param });
  }
  if (issue.message === "boolean") return invalid(`Invalid boolean: ${value}`, { param });
  return invalid(`Invalid ${param}: ${issue.message}`, { param });
}
