import type { ClaimRecord, DecisionRecord, ReviewRecord } from "../../../tools/aws/records.ts";
import { hintFor } from "../../../tools/commands/hint.ts";
import type { ReviewAnswer } from "../../../tools/commands/review-answer.ts";
import { answerReview, type ReviewPorts, reviewState } from "../../../tools/commands/review-decision.ts";
import { outcomeOf, refusal } from "../../../tools/commands/review-text.ts";
import { aClaim, aDecision, aReview } from "../samples.ts";

const answer: ReviewAnswer = { decision: "APPROVE", by: "ada", why: "called back", at: "2026-11-20T09:00:00.000Z" };
const hint = hintFor({ env: "staging" });
const open = { kind: "open", review: aReview(), taskToken: "token-1" } as const;

/** A system in memory: what is there now, what an answer does, and what happens while the command sleeps. */
interface World {
  review?: ReviewRecord;
  decision?: DecisionRecord;
  claims: Record<string, ClaimRecord>;
}

function portsOver(
  world: World,
  send: ReviewPorts["send"] = async () => "accepted",
  whileAsleep: (round: number) => void = () => {},
): ReviewPorts & { readonly rounds: () => number } {
  let nowMs = 0;
  let round = 0;
  return {
    reader: {
      review: async () => world.review,
      decision: async () => world.decision,
      claim: async (key) => world.claims[key],
    },
    send,
    now: () => nowMs,
    async sleep(milliseconds) {
      nowMs += milliseconds;
      round += 1;
      whileAsleep(round);
    },
    rounds: () => round,
  };
}

describe("whether a review can be answered", () => {
  it("is open with its token", async () => {
    const state = await reviewState("stripe:evt_1", portsOver({ review: aReview(), claims: {} }));
    expect(state).toMatchObject({ kind: "open", taskToken: "token-1" });
  });

  it("says by whom and when it was decided", async () => {
    const { reviewStatus: _, taskToken: __, ...closed } = aReview();
    const state = await reviewState("stripe:evt_1", portsOver({ review: closed, decision: aDecision(), claims: {} }));
    expect(state.kind === "closed" && refusal("stripe:evt_1", state, hint)).toEqual({
      kind: "failed",
      message: "stripe:evt_1 was decided already: APPROVE by ada at 2026-11-20 09:00:00 UTC: called back",
    });
  });

  it("is over once the decision is recorded, although the review isn't closed yet", async () => {
    const world = { review: aReview(), decision: aDecision(), claims: {} };
    expect(await reviewState("stripe:evt_1", portsOver(world))).toMatchObject({ kind: "closed" });
  });

  it("knows no such event", async () => {
    const state = await reviewState("stripe:evt_1", portsOver({ claims: {} }));
    expect(state.kind === "unknown-event" && refusal("stripe:evt_1", state, hint)).toMatchObject({
      message:
        "There is no event stripe:evt_1. List what waits for a person with: npm run cli -- reviews --env staging",
    });
  });

  it.each([
    [undefined, aClaim({ result: "routed as low" }), "it was routed as low."],
    [undefined, aClaim({ status: "SKIPPED", result: "same fact as stripe:evt_0" }), "it was skipped (same fact"],
    [undefined, aClaim({ status: "PROCESSING" }), "it is still being taken in (PROCESSING). Try again"],
    [aClaim({ status: "PROCESSING" }), aClaim(), "its workflow is still at work. Try again"],
    [aClaim({ result: "BLOCK" }), aClaim(), "it was decided without one (BLOCK)."],
    [aClaim({ status: "FAILED" }), aClaim(), "its workflow failed; its event is in the queue workflow-failed."],
  ])("says where an event is that is not under review (%#)", async (workflow, event, message) => {
    const claims = { "stripe:evt_1": event, ...(workflow && { "workflow#stripe:evt_1": workflow }) };
    const state = await reviewState("stripe:evt_1", portsOver({ claims }));
    expect(state.kind === "not-under-review" && refusal("stripe:evt_1", state, hint)).toMatchObject({
      message: expect.stringContaining(`stripe:evt_1 is not under review: ${message}`),
    });
  });
});

describe("answering a review", () => {
  it("hands the answer to the execution and waits until it is recorded", async () => {
    const world: World = { review: aReview(), claims: {} };
    const sent: unknown[] = [];
    const ports = portsOver(
      world,
      async (...given) => {
        sent.push(given);
        return "accepted";
      },
      (round) => {
        if (round === 3) world.decision = aDecision();
      },
    );
    const outcome = await answerReview(open, answer, 30_000, ports);
    expect(sent).toEqual([["token-1", answer]]);
    expect(outcome).toEqual({ kind: "recorded", decision: aDecision() });
    expect(outcomeOf("stripe:evt_1", answer, outcome, hint)).toMatchObject({
      kind: "done",
      text: "stripe:evt_1: APPROVE by ada at 2026-11-20 09:00:00 UTC: called back",
      json: { recorded: true, eventId: "stripe:evt_1", decision: "APPROVE", decidedBy: "ada", why: "called back" },
    });
  });

  it("doesn't wait by wish", async () => {
    const ports = portsOver({ claims: {} });
    expect(await answerReview(open, answer, 0, ports)).toEqual({ kind: "accepted" });
    expect(ports.rounds()).toBe(0);
  });

  it("waits no longer than it was told", async () => {
    const ports = portsOver({ claims: {} });
    const outcome = await answerReview(open, answer, 3_000, ports);
    expect(outcome).toEqual({ kind: "accepted-unrecorded" });
    expect(ports.rounds()).toBe(20);
    expect(outcomeOf("stripe:evt_1", answer, outcome, hint)).toMatchObject({ kind: "failed" });
  });

  it("tells the slower of two people who was faster", async () => {
    const world: World = { review: aReview(), claims: {} };
    const other = aDecision({ decision: "BLOCK", decidedBy: "bob", why: "stolen" });
    const ports = portsOver(
      world,
      async () => "not-waiting",
      () => {
        world.decision = other;
      },
    );
    const outcome = await answerReview(open, answer, 30_000, ports);
    expect(outcome).toEqual({ kind: "beaten", decision: other });
    expect(outcomeOf("stripe:evt_1", answer, outcome, hint)).toEqual({
      kind: "failed",
      message:
        "Somebody was faster, and your answer was not taken: stripe:evt_1 was decided, BLOCK by bob at 2026-11-20 09:00:00 UTC: stolen",
    });
  });

  it("knows its own answer again when the SDK had to repeat the call", async () => {
    const world: World = { decision: aDecision(), claims: {} };
    expect(
      await answerReview(
        open,
        answer,
        30_000,
        portsOver(world, async () => "not-waiting"),
      ),
    ).toMatchObject({
      kind: "recorded",
    });
  });

  it.each([
    { decidedBy: "bob" },
    { decidedAt: "2026-11-20T09:00:00.001Z" },
    { why: "other" },
    { decision: "BLOCK" as const },
  ])("doesn't take somebody else's decision for its own (%j)", async (difference) => {
    const world: World = { decision: aDecision(difference), claims: {} };
    expect(await answerReview(open, answer, 30_000, portsOver(world))).toMatchObject({ kind: "beaten" });
  });

  it("asks to try again after an escalation", async () => {
    const world: World = { review: aReview(), claims: {} };
    const ports = portsOver(
      world,
      async () => "not-waiting",
      (round) => {
        if (round === 2) world.review = aReview({ taskToken: "token-2", escalations: 1 });
      },
    );
    const outcome = await answerReview(open, answer, 30_000, ports);
    expect(outcome).toEqual({ kind: "escalated", escalations: 1 });
    expect(outcomeOf("stripe:evt_1", answer, outcome, hint)).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("has escalated (1×) and is open again. Run the same command once more."),
    });
  });

  it("gives up when nothing says why nobody waits", async () => {
    const ports = portsOver({ review: aReview(), claims: {} }, async () => "not-waiting");
    expect(await answerReview(open, answer, 0, ports)).toEqual({ kind: "not-waiting" });
    expect(ports.rounds()).toBeGreaterThan(10);
  });
});
