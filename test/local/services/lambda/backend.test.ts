import type { InvocationResult } from "../../../../local/lambda/environment.ts";
import type { LambdaFunction } from "../../../../local/lambda/function.ts";
import { lambdaBackend } from "../../../../local/services/lambda/backend.ts";

const principal = { kind: "operator" } as const;

function aBackend(result: Promise<InvocationResult> | InvocationResult) {
  const events: string[] = [];
  const one: Partial<LambdaFunction> = {
    async invoke(event) {
      events.push(event);
      return result;
    },
  };
  const accepted: string[] = [];
  const asyncInvocations = { accept: (_: LambdaFunction, event: string) => void accepted.push(event) };
  const backend = lambdaBackend(new Map([["score-dev", one as LambdaFunction]]), asyncInvocations);
  const invoke = (input: Record<string, unknown>) =>
    backend.call({ principal, operation: "Invoke", input: { FunctionName: "score-dev", ...input } });
  return { backend, invoke, events, accepted };
}

const ok: InvocationResult = { kind: "ok", payload: '{"score":1}' };

describe("Invoke", () => {
  it("gives the function's answer", async () => {
    const { invoke, events } = aBackend(ok);
    expect(await invoke({ Payload: '{"a":1}' })).toEqual({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      Payload: '{"score":1}',
    });
    await invoke({ Payload: { a: 2 } });
    await invoke({ Payload: "" });
    await invoke({});
    expect(events).toEqual(['{"a":1}', '{"a":2}', "null", "null"]);
  });

  it("gives a failure as 200 with FunctionError", async () => {
    const error = { errorType: "TypeError", errorMessage: "x", trace: ["y"] };
    const answer = await aBackend({ kind: "error", error }).invoke({});
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled", Payload: JSON.stringify(error) });
  });

  it("as an event doesn't wait", async () => {
    const { invoke, events, accepted } = aBackend(new Promise(() => {}));
    expect(await invoke({ InvocationType: "Event", Payload: '{"a":1}' })).toMatchObject({ StatusCode: 202 });
    expect({ events, accepted }).toEqual({ events: [], accepted: ['{"a":1}'] });
  });

  it.each([
    "arn:aws:lambda:us-east-1:000000000000:function:score-dev",
    "arn:aws:lambda:us-east-1:000000000000:function:score-dev:$LATEST",
    "000000000000:function:score-dev",
    "score-dev",
    "score-dev:live",
  ])("finds the function by %s", async (FunctionName) => {
    expect(await aBackend(ok).invoke({ FunctionName })).toMatchObject({ StatusCode: 200 });
  });

  it("of nobody is a 404, and other operations are refused", async () => {
    const { backend, invoke } = aBackend(ok);
    await expect(invoke({ FunctionName: "constructor" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      status: 404,
    });
    await expect(backend.call({ principal, operation: "ListFunctions", input: {} })).rejects.toMatchObject({
      code: "UnknownOperationException",
    });
  });
});
