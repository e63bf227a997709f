/** Lambda's Invoke: synchronous, or accepted and run afterwards (`Event`). */
import type { Backend } from "../../aws/backends.ts";
import { AwsError } from "../../aws/types.ts";
import type { AsyncInvocations } from "../../lambda/async-invocations.ts";
import type { LambdaFunction } from "../../lambda/function.ts";

/** @param functions by name */
export function lambdaBackend(
  functions: ReadonlyMap<string, LambdaFunction>,
  asyncInvocations: Pick<AsyncInvocations, "accept">,
): Backend {
  return {
    async call({ operation, input, traceHeader }) {
      if (operation !== "Invoke")
        throw new AwsError("UnknownOperationException", `Lambda ${operation} is not covered locally.`);
      const invoked = find(functions, String(input.FunctionName));
      const payload = typeof input.Payload === "string" ? input.Payload : JSON.stringify(input.Payload ?? null);
      const event = payload === "" ? "null" : payload;
      if (input.InvocationType === "Event") {
        asyncInvocations.accept(invoked, event, traceHeader);
        return { StatusCode: 202, Payload: "", ExecutedVersion: "$LATEST" };
      }
      const outcome = await invoked.invoke(event, traceHeader);
      const answer = { StatusCode: 200, ExecutedVersion: "$LATEST" };
      if (outcome.kind === "ok") return { ...answer, Payload: outcome.payload };
      return { ...answer, FunctionError: "Unhandled", Payload: JSON.stringify(outcome.error) };
    },
  };
}

/** By name or ARN, with or without a qualifier. */
function find(functions: ReadonlyMap<string, LambdaFunction>, nameOrArn: string): LambdaFunction {
  const parts = nameOrArn.split(":");
  const name = parts[parts.lastIndexOf("function") + 1] ?? nameOrArn;
  const found = functions.get(name);
  if (found !== undefined) return found;
  throw new AwsError("ResourceNotFoundException", `Function not found: ${nameOrArn}`, { status: 404 });
}
