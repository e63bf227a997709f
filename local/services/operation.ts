/** What the operations of our own services have in common. */
import * as v from "valibot";
import { AwsError, type Principal } from "../aws/types.ts";

/**
 * An operation of an AWS API; `Output` is the SDK's own command output (dates are `Date`, not yet on the wire).
 * `traceHeader` is the call's X-Amzn-Trace-Id, if it has one.
 */
export type Operation<Output = Record<string, unknown>> = (
  principal: Principal,
  input: Record<string, unknown>,
  traceHeader?: string,
) => Promise<Omit<Output, "$metadata">>;

/** Operations by their name on the wire, such as `StartExecution`. */
export type Operations = Readonly<Record<string, Operation>>;

/**
 * The members that an operation reads; others are left alone.
 * @throws AwsError `code` (ValidationException unless told) that names the first member which is missing or wrong.
 */
export function readInput<const Schema extends v.GenericSchema>(
  schema: Schema,
  input: Record<string, unknown>,
  code = "ValidationException",
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const member = v.getDotPath(issue) ?? "input";
  throw new AwsError(
    code,
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${issue.message}`,
  );
}
