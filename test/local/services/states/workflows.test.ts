/** The two real state machines of workflows/, from claim to end, over a fake AWS. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsError } from "../../../../local/aws/types.ts";
import { type Answer, type Call, fakeAws, machine, service, until } from "./harness.ts";

const substitutions: Readonly<Record<string, string>> = {
  workflowClaimArn: "arn:aws:lambda:us-east-1:000000000000:function:workflow-claim-test",
  fraudDetectorArn: "arn:aws:lambda:us-east-1:000000000000:function:fraud-detector-test",
  transactionAlertsArn: "arn:aws:sns:us-east-1:000000000000:transaction-alerts-test",
  transactionsTable: "transactions-test",
  processedWebhooksTable: "processed-webhooks-test",
  workflowFailedQueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/workflow-failed-test",
};

function workflow(name: string, type: "STANDARD" | "EXPRESS") {
  const text = readFileSync(join(process.cwd(), "workflows", `${name}.asl.json`), "utf8");
  const filled = text
    .replaceAll(/"\$\{reviewTimeoutSeconds\}"|\$\{reviewTimeoutSeconds\}/g, "86400")
    .replaceAll(/\$\{(\w+)\}/g, (whole, key: string) => substitutions[key] ?? whole);
  return machine(JSON.parse(filled), { name, type });
}

const event = {
  eventId: "stripe:evt_1",
  transactionId: "stripe:pi_1",
  provider: "stripe",
  type: "payment.succeeded",
  providerType: "payment_intent.succeeded",
  amountMinor: "1500000",
  currency: "USD",
  routingAmountUsd: 15_000,
  signals: {},
  occurredAt: "2026-11-20T10:00:00.000Z",
  receivedAt: "2026-11-20T10:00:01.000Z",
  correlationId: "c-1",
};

const score = {
  eventId: event.eventId,
  score: 0.1,
  decision: "APPROVE",
  reasons: [{ code: "NEW_CUSTOMER", weight: 0.1, detail: 'first seen as "Ann \\ Bob"' }],
  modelVersion: "1",
};

/** AWS as the machines need it; `special` answers first where it does. */
function pipelineAws(special: (call: Call) => ReturnType<Answer> | undefined = () => undefined) {
  return fakeAws(async (call) => {
    const answer = special(call);
    if (answer !== undefined) return answer;
    if (functionOf(call) === "workflow-claim") return payload({ status: "claimed", lockToken: "lock-1" });
    if (functionOf(call) === "fraud-detector") return payload(score);
    return call.service === "sns" || call.service === "sqs" ? { MessageId: "m" } : {};
  });
}

function payload(value: unknown) {
  return { StatusCode: 200, ExecutedVersion: "$LATEST", Payload: JSON.stringify(value) };
}

function functionOf({ input }: Call): string | undefined {
  return /function:(.+)-test$/.exec(String(input.FunctionName))?.[1];
}

type Attributes = Readonly<Record<string, { S?: string; N?: string }>>;

const decisionsOf = (calls: readonly Call[]) =>
  calls.filter((call) => call.operation === "PutItem").map((call) => call.input.Item as Attributes);

const openingsOf = (calls: readonly Call[]) =>
  calls
    .filter((call) => call.operation === "UpdateItem")
    .map((call) => call.input.ExpressionAttributeValues as Attributes | undefined)
    .filter((values) => values?.[":token"] !== undefined);

const updatesWith = (calls: readonly Call[], status: string) =>
  calls.filter((call) => JSON.stringify(call.input.ExpressionAttributeValues ?? {}).includes(`"${status}"`));

async function answer(made: ReturnType<typeof service>, calls: readonly Call[], output: object) {
  const token = openingsOf(calls).at(-1)?.[":token"]?.S;
  await made.send("SendTaskSuccess", { taskToken: token, output: JSON.stringify(output) });
}

const cases = [
  ["transaction-workflow", "EXPRESS", "medium"],
  ["high-value-review", "STANDARD", "high"],
] as const;

describe.each(cases)("%s", (name, type, tier) => {
  const config = workflow(name, type);

  const run = async (aws: ReturnType<typeof fakeAws>) => {
    const made = service([config], aws);
    const arn = await made.start(config.arn, event);
    await made.states.idle();
    return { ...made, arn };
  };

  it("claims, scores and alerts, records the decision and completes the claim", async () => {
    const aws = pipelineAws();
    const { arn } = await run(aws);
    const claim = aws.calls.find((call) => functionOf(call) === "workflow-claim");
    expect(JSON.parse(String(claim?.input.Payload))).toEqual({ event, owner: arn });
    expect(decisionsOf(aws.calls)).toMatchObject([
      {
        transactionId: { S: event.transactionId },
        entry: { S: `decision#${event.occurredAt}#${event.eventId}` },
        decision: { S: "APPROVE" },
        score: { N: "0.1" },
        decidedBy: { S: "fraud-detector" },
        tier: { S: tier },
      },
    ]);
    expect(JSON.parse(decisionsOf(aws.calls)[0]?.reasons?.S ?? "")).toEqual(score.reasons);
    const alert = JSON.parse(String(aws.of("Publish")[0]?.input.Message));
    expect(alert).toMatchObject({ kind: `${tier}-value`, eventId: event.eventId, amountMinor: "1500000" });
    expect(updatesWith(aws.calls, "COMPLETED")).toHaveLength(1);
    expect(JSON.stringify(updatesWith(aws.calls, "COMPLETED"))).toContain("lock-1");
    expect(aws.of("SendMessage")).toHaveLength(0);
  });

  it.each(["completed", "busy"])("rule 14: does nothing when the claim is %s elsewhere", async (status) => {
    const aws = pipelineAws((call) => (functionOf(call) === "workflow-claim" ? payload({ status }) : undefined));
    await run(aws);
    expect(aws.calls).toHaveLength(1);
  });

  it("rule 14: goes on where the decision was recorded by an earlier run", async () => {
    const aws = pipelineAws(({ operation }) => {
      if (operation === "PutItem")
        throw new AwsError("ConditionalCheckFailedException", "The conditional request failed");
      return undefined;
    });
    await run(aws);
    expect(aws.of("PutItem")).toHaveLength(1);
    expect(updatesWith(aws.calls, "COMPLETED")).toHaveLength(1);
    expect(aws.of("SendMessage")).toHaveLength(0);
  });

  it("releases the claim and sends event and error to workflow-failed when scoring fails for good", async () => {
    const failed = { FunctionError: "Unhandled", Payload: '{"errorType":"Broken","errorMessage":"said \\"no\\""}' };
    const aws = pipelineAws((call) => (functionOf(call) === "fraud-detector" ? failed : undefined));
    await run(aws);
    expect(decisionsOf(aws.calls)).toEqual([]);
    expect(updatesWith(aws.calls, "FAILED")).toHaveLength(1);
    const body = JSON.parse(String(aws.of("SendMessage")[0]?.input.MessageBody));
    expect(body).toMatchObject({ event, error: { Error: "Broken", Cause: failed.Payload } });
  });

  it("retries what throttles", async () => {
    let throttles = 3;
    const aws = pipelineAws(() => {
      if (throttles-- > 0) throw new AwsError("ThrottlingException", "Rate exceeded");
      return undefined;
    });
    await run(aws);
    expect(decisionsOf(aws.calls)).toHaveLength(1);
    expect(aws.of("SendMessage")).toHaveLength(0);
  });
});

describe("high-value-review, a REVIEW", () => {
  const config = workflow("high-value-review", "STANDARD");
  const review = (call: Call) =>
    functionOf(call) === "fraud-detector" ? payload({ ...score, decision: "REVIEW" }) : undefined;
  const reviewer = { decision: "BLOCK", by: "Ann", why: 'looks "odd"', at: "2026-11-20T11:00:00.000Z" };

  it("waits for a person, whose decision is recorded with name and reason", async () => {
    const aws = pipelineAws(review);
    const made = service([config], aws);
    const arn = await made.start(config.arn, event);
    await made.states.idle();
    expect(decisionsOf(aws.calls)).toEqual([]);
    await answer(made, aws.calls, reviewer);
    expect(await made.end(arn)).toMatchObject({ status: "SUCCEEDED" });
    expect(decisionsOf(aws.calls)).toMatchObject([
      { decision: { S: "BLOCK" }, decidedBy: { S: "Ann" }, why: { S: 'looks "odd"' }, decidedAt: { S: reviewer.at } },
    ]);
    expect(updatesWith(aws.calls, "COMPLETED")).toHaveLength(1);
  });

  it("escalates when nobody answers in time and waits again with a fresh token", async () => {
    const aws = pipelineAws(review);
    // 24 hours become 432 ms.
    const made = service([config], { ...aws, speed: 200_000 });
    const arn = await made.start(config.arn, event);
    await until(() => (openingsOf(aws.calls).length === 3 ? true : undefined));
    await answer(made, aws.calls, reviewer);
    expect(await made.end(arn)).toMatchObject({ status: "SUCCEEDED" });
    const openings = openingsOf(aws.calls);
    expect(new Set(openings.map((values) => values?.[":token"]?.S)).size).toBe(openings.length);
    expect(openings.map((values) => values?.[":escalations"]?.N)).toEqual(["0", "1", "2"]);
    const alerts = aws.of("Publish").map((call) => JSON.parse(String(call.input.Message)).kind);
    expect(alerts).toEqual(["high-value", "review-escalated", "review-escalated"]);
    const types = (await made.events(arn)).map(({ type }) => String(type));
    expect(types.filter((type) => type === "TaskTimedOut")).toHaveLength(2);
    expect(decisionsOf(aws.calls)).toHaveLength(1);
  });
});
