import { claimed, conditionFailed, event, run, scored, statesOf, TaskError, type TaskFake } from "./run.ts";

const happy = { Claim: claimed, ScoreFraud: scored("APPROVE") };
const failing = () => {
  throw new TaskError("Lambda.ServiceException");
};

describe("transaction-workflow", () => {
  it("claims, scores, alerts, records and completes", async () => {
    const result = await run("transaction-workflow", happy);

    expect(statesOf(result)).toEqual(["Claim", "ScoreFraud", "NotifyAlert", "RecordDecision", "CompleteClaim"]);
    expect(result).toMatchObject({ end: "Done", failed: false });
  });

  it("rule 14: claims first, as the execution", async () => {
    const { calls } = await run("transaction-workflow", happy);

    expect(calls[0]).toMatchObject({ state: "Claim", input: { Payload: { event, owner: "execution-1" } } });
  });

  it.each(["completed", "busy"])("rule 14: does nothing when the event is %s", async (status) => {
    const result = await run("transaction-workflow", { Claim: () => ({ Payload: { status } }) });

    expect(statesOf(result)).toEqual(["Claim"]);
    expect(result).toMatchObject({ end: "AlreadyHandled", failed: false });
  });

  it("gives the detector the event alone", async () => {
    const { calls } = await run("transaction-workflow", happy);

    expect(calls.find(({ state }) => state === "ScoreFraud")?.input.Payload).toEqual(event);
  });

  it("rule 19: alerts with ids and the amount, without the customer", async () => {
    const { calls } = await run("transaction-workflow", happy);

    expect(calls.find(({ state }) => state === "NotifyAlert")?.input).toEqual({
      TopicArn: "arn:aws:sns:us-east-1:000000000000:transaction-alerts-test",
      Subject: "Payment from 1,000 to 10,000 USD",
      Message: {
        kind: "medium-value",
        eventId: event.eventId,
        transactionId: event.transactionId,
        provider: event.provider,
        type: event.type,
        amountMinor: event.amountMinor,
        currency: event.currency,
        occurredAt: event.occurredAt,
        correlationId: event.correlationId,
      },
    });
  });

  it("records the decision as a create-only item", async () => {
    const { calls } = await run("transaction-workflow", happy);

    expect(calls.find(({ state }) => state === "RecordDecision")?.input).toEqual({
      TableName: "transactions-test",
      Item: {
        transactionId: { S: "stripe:pi_1" },
        entry: { S: "decision#2026-11-20T09:59:58.000Z#stripe:evt_1" },
        kind: { S: "decision" },
        eventId: { S: "stripe:evt_1" },
        decision: { S: "APPROVE" },
        score: { N: "0.25" },
        reasons: { S: '[{"code":"NEW_CUSTOMER","weight":0.25,"detail":"first payment"}]' },
        modelVersion: { S: "test-1" },
        decidedAt: { S: "2026-11-20T10:00:01.000Z" },
        decidedBy: { S: "fraud-detector" },
        tier: { S: "medium" },
      },
      ConditionExpression: "attribute_not_exists(entry)",
    });
  });

  it("records a REVIEW as the decision: nobody is asked at these amounts", async () => {
    const { calls } = await run("transaction-workflow", { ...happy, ScoreFraud: scored("REVIEW") });

    expect(calls.find(({ state }) => state === "RecordDecision")?.input).toMatchObject({
      Item: { decision: { S: "REVIEW" } },
    });
  });

  it("rule 14: goes on, without a retry, when the decision is recorded already", async () => {
    const result = await run("transaction-workflow", { ...happy, RecordDecision: conditionFailed });

    expect(statesOf(result).slice(-2)).toEqual(["RecordDecision", "CompleteClaim"]);
    expect(result.end).toBe("Done");
  });

  it("rule 8: completes under the claim's token", async () => {
    const { calls } = await run("transaction-workflow", happy);

    expect(calls.at(-1)?.input).toEqual({
      TableName: "processed-webhooks-test",
      Key: { eventId: { S: "workflow#stripe:evt_1" } },
      UpdateExpression:
        "SET #status = :completed, #result = :result, processingCompletedAt = :now REMOVE leaseExpiresAt",
      ConditionExpression: "lockToken = :lockToken",
      ExpressionAttributeNames: { "#status": "status", "#result": "result" },
      ExpressionAttributeValues: {
        ":lockToken": { S: "lock-1" },
        ":completed": { S: "COMPLETED" },
        ":result": { S: "APPROVE" },
        ":now": { S: "2026-11-20T10:00:01.000Z" },
      },
    });
  });

  it("rule 8: leaves the event to the execution that took the claim over", async () => {
    const result = await run("transaction-workflow", { ...happy, CompleteClaim: conditionFailed });

    expect(statesOf(result).at(-1)).toBe("CompleteClaim");
    expect(result).toMatchObject({ end: "Superseded", failed: false });
  });

  it("retries a task that fails for a while", async () => {
    const flaky: TaskFake = (input, runs) => (runs < 4 ? failing() : scored("BLOCK")(input, runs));
    const result = await run("transaction-workflow", { ...happy, ScoreFraud: flaky });

    expect(statesOf(result).filter((state) => state === "ScoreFraud")).toHaveLength(5);
    expect(result.end).toBe("Done");
  });

  it.each(["ScoreFraud", "NotifyAlert", "RecordDecision"])(
    "rule 15: sends the event to workflow-failed and frees the claim when %s keeps failing",
    async (state) => {
      const result = await run("transaction-workflow", { ...happy, [state]: failing });

      expect(statesOf(result).slice(-2)).toEqual(["ReleaseClaim", "SendToWorkflowFailed"]);
      expect(result).toMatchObject({ end: "Failed", failed: true });
    },
  );

  it("says in the released claim what went wrong, under the claim's token", async () => {
    const { calls } = await run("transaction-workflow", { ...happy, ScoreFraud: failing });

    const input = calls.find(({ state }) => state === "ReleaseClaim")?.input;
    expect(input).toMatchObject({
      ConditionExpression: "lockToken = :lockToken",
      ExpressionAttributeValues: { ":failed": { S: "FAILED" }, ":lockToken": { S: "lock-1" } },
    });
    expect(JSON.stringify(input)).toContain("Lambda.ServiceException");
  });

  it("sends event, error and execution to workflow-failed", async () => {
    const { calls } = await run("transaction-workflow", { ...happy, ScoreFraud: failing });

    expect(calls.at(-1)?.input).toMatchObject({
      QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/workflow-failed-test",
      MessageBody: { event, error: { Error: "Lambda.ServiceException" }, execution: "execution-1" },
    });
  });

  it("sends the event to workflow-failed when it can't even be claimed", async () => {
    const result = await run("transaction-workflow", { Claim: failing });

    expect(statesOf(result).at(-1)).toBe("SendToWorkflowFailed");
    expect(statesOf(result)).not.toContain("ReleaseClaim");
    expect(result.failed).toBe(true);
  });

  it("sends the event to workflow-failed when the claim can't be released", async () => {
    const result = await run("transaction-workflow", { ...happy, ScoreFraud: failing, ReleaseClaim: conditionFailed });

    expect(statesOf(result).slice(-2)).toEqual(["ReleaseClaim", "SendToWorkflowFailed"]);
  });

  it("fails, and rings, even when workflow-failed doesn't take the event", async () => {
    const result = await run("transaction-workflow", { Claim: failing, SendToWorkflowFailed: failing });

    expect(result).toMatchObject({ end: "Failed", failed: true });
  });
});
