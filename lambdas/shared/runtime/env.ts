import * as v from "valibot";

/**
 * A function's settings from its environment variables, read once, when the process starts.
 *
 * `schema` is an object schema with one entry per variable, e.g. `v.object({ LEASE_SECONDS: positiveInteger })`.
 * The only place where Lambda code reads `process.env`; tests pass an environment of their own.
 *
 * @throws Error that names every variable that is missing or wrong at once, so that a deployment is corrected in one go.
 */
export function readEnv<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, environment);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const name = issue.path?.[0]?.key;
    const missing = typeof name === "string" && environment[name] === undefined;
    return `  ${String(name ?? "environment")}: ${missing ? "is missing" : issue.message}`;
  });
  throw new Error(`The function's environment variables are wrong:\n${[...new Set(problems)].join("\n")}`);
}

/** Text that isn't empty: a URL, a table's name, an ARN. */
export const requiredText = v.pipe(v.string(), v.minLength(1, "is empty"));

/** A whole number above zero, as the decimal digits that environment variables carry. */
export const positiveInteger = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,8}$/, "is not a whole number above zero"),
  v.transform(Number),
);

const dollars = v.pipe(v.number("is not a number"), v.gtValue(0, "is not above zero"));

/**
 * The environment's routing thresholds as JSON, `{"mediumFrom":1000,"highAbove":10000}`: one variable, so that a function
 * never has one of them without the other.
 */
export const routingThresholds = v.pipe(
  v.string(),
  v.parseJson(undefined, "is not JSON"),
  v.object({ mediumFrom: dollars, highAbove: dollars }),
  v.check(({ mediumFrom, highAbove }) => mediumFrom < highAbove, "has mediumFrom at or above highAbove"),
);

/** The log levels that Terraform may set; Powertools reads the variable itself, the schema only refuses typing errors. */
export const logLevel = v.optional(v.picklist(["DEBUG", "INFO", "WARN", "ERROR"]), "INFO");
