/** webhook-reconciliation.asl.json in the local Step Functions, which runs it as AWS does. */
import aslValidator from "asl-validator";
import { lambdas } from "../../config/lambdas.ts";
import { AwsError } from "../../local/aws/types.ts";
import { workflowDefinition } from "../../stacks/constructs/workflowDefinition.ts";
import webhookReconciliation from "../../workflows/webhook-reconciliation.asl.json" with { type: "json" };
import { type Answer, fakeAws, machine, service } from "../local/services/states/harness.ts";

const definition = JSON.parse(
  workflowDefinition(webhookReconciliation, {
    webhookReconciliationArn: "webhook-reconciliation",
    settleAfterSeconds: 120,
  }),
) as { readonly States: Readonly<Record<string, { readonly TimeoutSeconds?: number; readonly Seconds?: number }>> };

interface Request {
  readonly phase: string;
  readonly scheduledAt?: string;
  readonly runId?: string;
}

async function run(answer: Answer, input: object) {
  const { call, calls } = fakeAws(answer);
  const config = machine(definition);
  const { start, end, events } = service([config], { call, speed: 100_000, random: () => 0 });
  const execution = await start(config.arn, input);
  const { status, error, output } = await end(execution);
  const requests = calls.map((one) => JSON.parse(String(one.input.Payload)) as Request);
  const states = (await events(execution)).flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
  return { status, error, output: String(output), requests, states };
}

/** A function that needs so many invocations to compare all. */
function comparing(invocations: number, about: object = {}): Answer {
  let compared = 0;
  return ({ input }) => {
    const request = JSON.parse(String(input.Payload)) as Request;
    if (request.phase === "compare") compared += 1;
    const answer = { ...request, runId: "20261120T020000Z", done: compared >= invocations, ...about };
    return { StatusCode: 200, Payload: JSON.stringify(answer) };
  };
}

const scheduled = { scheduledAt: "2026-11-20T02:00:00Z" };

describe("webhook-reconciliation.asl.json", () => {
  it("is valid Amazon States Language", () => {
    const { isValid, errorsText } = aslValidator(definition);
    expect(isValid ? "" : errorsText("\n")).toBe("");
  });

  it("gives the function more time than it takes", () => {
    for (const task of ["Compare", "Settle"]) {
      const { TimeoutSeconds: seconds } = definition.States[task] ?? {};
      expect(seconds).toBeGreaterThan(lambdas["webhook-reconciliation"].timeoutSeconds);
    }
  });

  it("waits for what was re-entered, as a number of seconds", () => {
    expect(definition.States.LetRepairsArrive?.Seconds).toBe(120);
  });

  it("compares until all is compared, then settles, with what the last comparison said", async () => {
    const { status, requests, output } = await run(comparing(3), { ...scheduled, providers: ["stripe"] });
    expect(status).toBe("SUCCEEDED");
    expect(requests.map(({ phase, runId }) => `${phase} ${runId}`)).toEqual([
      "compare undefined",
      "compare 20261120T020000Z",
      "compare 20261120T020000Z",
      "settle 20261120T020000Z",
    ]);
    for (const request of requests) expect(request).toMatchObject({ ...scheduled, providers: ["stripe"] });
    expect(JSON.parse(output)).toMatchObject({ phase: "settle", runId: "20261120T020000Z" });
  });

  it.each([
    ["something was re-entered", { hasReentered: true }, true],
    ["nothing was re-entered", { hasReentered: false }, false],
    ["a function of before doesn't say", {}, true],
  ])("waits or doesn't: %s", async (_, about, waits) => {
    const { status, states } = await run(comparing(2, about), scheduled);
    expect([status, states.includes("LetRepairsArrive")]).toEqual(["SUCCEEDED", waits]);
    expect(states.filter((name) => name === "Compare" || name === "Settle")).toEqual(["Compare", "Compare", "Settle"]);
  });

  it("tries again what fails, and fails in the end, so that it rings", async () => {
    let calls = 0;
    const { status, requests } = await run((call) => {
      calls += 1;
      if (calls === 1) throw new AwsError("TooManyRequestsException", "slow down", { status: 429 });
      return comparing(1)(call);
    }, scheduled);
    expect([status, requests.length]).toEqual(["SUCCEEDED", 3]);
    const failure = { StatusCode: 200, FunctionError: "Unhandled", Payload: '{"errorType":"TypeError"}' };
    const broken = await run(() => failure, scheduled);
    expect([broken.status, broken.requests.length]).toEqual(["FAILED", 3]);
  });
});
