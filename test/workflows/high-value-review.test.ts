import { claimed, conditionFailed, run, scored, statesOf, TaskError } from "./run.ts";

const answer = { decision: "BLOCK", by: "ada", why: "stolen card", at: "2026-11-20T11:00:00.000Z" };
const reviewed = { Claim: claimed, ScoreFraud: scored("REVIEW"), OpenReview: () => answer };
const timeOut = () => {
  throw new TaskError("States.Timeout");
};
const failing = () => {
  throw new TaskError("SNS.InternalErrorException");
};

describe("high-value-review", () => {
  it.each(["APPROVE", "BLOCK"])("records %s at once", async (decision) => {
    const result = await run("high-value-review", { Claim: claimed, ScoreFraud: scored(decision) });

    expect(statesOf(result)).toEqual(["Claim", "ScoreFraud", "AlertHighValue", "RecordDecision", "CompleteClaim"]);
    expect(result.calls.find(({ state }) => state === "RecordDecision")?.input).toMatchObject({
      Item: { decision: { S: decision }, decidedBy: { S: "fraud-detector" }, tier: { S: "high" } },
    });
    expect(result.end).toBe("Done");
  });

  it("waits for a person's word and records it", async () => {
    const result = await run("high-value-review", reviewed);

    expect(statesOf(result).slice(3)).toEqual([
      "HoldClaim",
      "OpenReview",
      "RecordReviewedDecision",
      "CloseReview",
      "CompleteClaim",
    ]);
    expect(result.calls.find(({ state }) => state === "RecordReviewedDecision")?.input).toMatchObject({
      Item: {
        entry: { S: "decision#2026-11-20T09:59:58.000Z#stripe:evt_1" },
        decision: { S: "BLOCK" },
        score: { N: "0.25" },
        decidedBy: { S: "ada" },
        why: { S: "stolen card" },
        decidedAt: { S: "2026-11-20T11:00:00.000Z" },
        tier: { S: "high" },
      },
    });
    expect(result.end).toBe("Done");
  });

  it("completes the claim with the person's decision", async () => {
    const { calls } = await run("high-value-review", reviewed);

    expect(calls.at(-1)?.input).toMatchObject({ ExpressionAttributeValues: { ":result": { S: "BLOCK" } } });
  });

  it("shows the review with its token, amount, score and reasons", async () => {
    const { calls } = await run("high-value-review", reviewed);

    expect(calls.find(({ state }) => state === "OpenReview")?.input).toMatchObject({
      TableName: "processed-webhooks-test",
      Key: { eventId: { S: "review#stripe:evt_1" } },
      ExpressionAttributeValues: {
        ":open": { S: "OPEN" },
        ":now": { S: "2026-11-20T10:00:01.000Z" },
        ":token": { S: "token-1" },
        ":transactionId": { S: "stripe:pi_1" },
        ":amountMinor": { N: "12345678901234567890123" },
        ":currency": { S: "USD" },
        ":score": { N: "0.25" },
        ":reasons": { S: '[{"code":"NEW_CUSTOMER","weight":0.25,"detail":"first payment"}]' },
        ":escalations": { N: "0" },
      },
    });
  });

  it("rule 8: holds the claim without a lease while a person thinks", async () => {
    const { calls } = await run("high-value-review", reviewed);

    expect(calls.find(({ state }) => state === "HoldClaim")?.input).toMatchObject({
      Key: { eventId: { S: "workflow#stripe:evt_1" } },
      UpdateExpression: "REMOVE leaseExpiresAt",
      ConditionExpression: "lockToken = :lockToken",
    });
  });

  it("rule 8: asks nobody when another execution has the claim", async () => {
    const result = await run("high-value-review", { ...reviewed, HoldClaim: conditionFailed });

    expect(statesOf(result)).not.toContain("OpenReview");
    expect(result).toMatchObject({ end: "Superseded", failed: false });
  });

  it("escalates a review that nobody answered, opens it again, and counts", async () => {
    const result = await run("high-value-review", {
      ...reviewed,
      OpenReview: (_input, runs) => (runs < 2 ? timeOut() : answer),
    });

    const opened = result.calls.filter(({ state }) => state === "OpenReview");
    expect(opened.map(({ input }) => input)).toMatchObject(
      ["0", "1", "2"].map((n) => ({ ExpressionAttributeValues: { ":escalations": { N: n } } })),
    );
    expect(result.calls.filter(({ state }) => state === "Escalate").map(({ input }) => input)).toMatchObject([
      { Message: { kind: "review-escalated", eventId: "stripe:evt_1", escalations: 0 } },
      { Message: { kind: "review-escalated", eventId: "stripe:evt_1", escalations: 1 } },
    ]);
    expect(result.end).toBe("Done");
  });

  it("keeps the review open when the escalation can't be sent", async () => {
    const result = await run("high-value-review", {
      ...reviewed,
      OpenReview: (_input, runs) => (runs < 1 ? timeOut() : answer),
      Escalate: failing,
    });

    expect(result).toMatchObject({ end: "Done", failed: false });
  });

  it.each([
    ["an unknown decision", { ...answer, decision: "MAYBE" }],
    ["nobody's name", { decision: "APPROVE", why: "fine", at: answer.at }],
    ["no reason", { decision: "APPROVE", by: "ada", at: answer.at }],
    ["no time", { decision: "APPROVE", by: "ada", why: "fine" }],
  ])("opens the review again on an answer with %s", async (_what, incomplete) => {
    const result = await run("high-value-review", {
      ...reviewed,
      OpenReview: (_input, runs) => (runs < 1 ? incomplete : answer),
    });

    expect(statesOf(result).filter((state) => state === "OpenReview")).toHaveLength(2);
    expect(statesOf(result).filter((state) => state === "RecordReviewedDecision")).toHaveLength(1);
  });

  it("retries when opening the review fails, without escalating", async () => {
    const result = await run("high-value-review", {
      ...reviewed,
      OpenReview: (_input, runs) => (runs < 2 ? failing() : answer),
    });

    expect(statesOf(result)).not.toContain("Escalate");
    expect(result.end).toBe("Done");
  });

  it("takes the closed review out of the index of open ones", async () => {
    const { calls } = await run("high-value-review", reviewed);

    expect(calls.find(({ state }) => state === "CloseReview")?.input).toMatchObject({
      Key: { eventId: { S: "review#stripe:evt_1" } },
      UpdateExpression: "SET closedAt = :now REMOVE reviewStatus, taskToken",
    });
  });

  it("closes the review when its decision is recorded already", async () => {
    const result = await run("high-value-review", { ...reviewed, RecordReviewedDecision: conditionFailed });

    expect(statesOf(result).slice(-3)).toEqual(["RecordReviewedDecision", "CloseReview", "CompleteClaim"]);
  });

  it.each(["ScoreFraud", "AlertHighValue", "HoldClaim", "RecordReviewedDecision", "CloseReview"])(
    "rule 15: sends the event to workflow-failed and frees the claim when %s keeps failing",
    async (state) => {
      const result = await run("high-value-review", { ...reviewed, [state]: failing });

      expect(statesOf(result).slice(-2)).toEqual(["ReleaseClaim", "SendToWorkflowFailed"]);
      expect(result).toMatchObject({ end: "Failed", failed: true });
    },
  );
});
