import { setTimeout as wait } from "node:timers/promises";
import { AwsError } from "../../../local/aws/types.ts";
import { createAsyncInvocations } from "../../../local/lambda/async-invocations.ts";
import type { InvocationResult } from "../../../local/lambda/environment.ts";
import type { LambdaFunction } from "../../../local/lambda/function.ts";
import { type Answer, fakeAws } from "../services/states/harness.ts";

const failed: InvocationResult = {
  kind: "error",
  error: { errorType: "TypeError", errorMessage: "no such table", trace: [] },
};
const ok: InvocationResult = { kind: "ok", payload: "null" };

/** A function that answers with these results, the last of them again and again. */
function aFunction(results: readonly InvocationResult[], changed: Partial<LambdaFunction> = {}) {
  const events: string[] = [];
  const invoked: Partial<LambdaFunction> = {
    name: "sweep-dev",
    roleArn: "arn:role",
    deadLetterArn: "arn:aws:sqs:us-east-1:000000000000:letters",
    async invoke(event) {
      events.push(event);
      return results[events.length - 1] ?? (results.at(-1) as InvocationResult);
    },
    ...changed,
  };
  return { invoked: invoked as LambdaFunction, events };
}

function invocations(answer: Answer = () => ({}), speed = 1_000_000) {
  const aws = fakeAws(answer);
  const lost: string[] = [];
  const clock = { speed, now: Date.now, scaled: (milliseconds: number) => milliseconds / speed };
  const created = createAsyncInvocations({
    call: aws.call,
    clock,
    onLost: (name, reason) => lost.push(`${name}: ${reason}`),
  });
  return { ...created, aws, lost };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(2);
}

describe("an asynchronous invocation", () => {
  it("runs once when it succeeds", async () => {
    const { invoked, events } = aFunction([ok]);
    const { accept, pending, aws } = invocations();
    accept(invoked, '{"a":1}');
    await until(() => events.length === 1 && pending() === 0);
    await wait(10);
    expect({ events, calls: aws.calls }).toEqual({ events: ['{"a":1}'], calls: [] });
  });

  it("is tried again, and nothing is put aside when that helps", async () => {
    const { invoked, events } = aFunction([failed, failed, ok]);
    const { accept, pending, aws } = invocations();
    accept(invoked, "{}");
    await until(() => events.length === 3 && pending() === 0);
    expect(aws.calls).toEqual([]);
  });

  it("is put aside after three attempts, by the function's role, as it came", async () => {
    const { invoked, events } = aFunction([failed]);
    const { accept, aws } = invocations();
    accept(invoked, '{"a":1}');
    await until(() => aws.calls.length === 1);
    expect(events).toHaveLength(3);
    expect(aws.calls).toMatchObject([
      {
        principal: { kind: "function", functionName: "sweep-dev", roleArn: "arn:role" },
        operation: "SendMessage",
        input: {
          QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/letters",
          MessageBody: '{"a":1}',
          MessageAttributes: { ErrorMessage: { StringValue: "no such table" }, ErrorCode: { StringValue: "200" } },
        },
      },
    ]);
  });

  it("is told of when it reaches no dead-letter queue", async () => {
    const refusing = invocations(() => {
      throw new AwsError("AccessDeniedException", "no");
    });
    refusing.accept(aFunction([failed]).invoked, "{}");
    await until(() => refusing.lost.length === 1);
    const without = invocations();
    without.accept(aFunction([failed], { deadLetterArn: undefined }).invoked, "{}");
    await until(() => without.lost.length === 1);
    expect([...refusing.lost, ...without.lost]).toEqual([
      "sweep-dev: TypeError, no such table; its dead-letter queue: no",
      "sweep-dev: TypeError, no such table; it has no dead-letter queue",
    ]);
  });

  it("counts as under way while it waits for another attempt, until all stops", async () => {
    const { invoked, events } = aFunction([failed]);
    const { accept, pending, stop } = invocations(undefined, 1);
    accept(invoked, "{}");
    await until(() => events.length === 1 && pending() === 1);
    stop();
    await until(() => pending() === 0);
    expect(events).toHaveLength(1);
  });
});
