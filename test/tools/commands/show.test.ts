import type { PipelineReader } from "../../../tools/aws/pipeline-reader.ts";
import type { EntryRecord } from "../../../tools/aws/records.ts";
import { type EventReport, reportOf } from "../../../tools/commands/show-report.ts";
import { reportText } from "../../../tools/commands/show-text.ts";
import { aClaim, aDecision, aFact, aReview } from "../samples.ts";

const raw = {
  kind: "raw",
  eventId: "stripe:evt_1",
  receivedAt: "2026-11-20T07:59:59.000Z",
  sizeBytes: 771,
  sha256: "cdddf4",
  encoding: "zstd",
} as const;
const refund = aFact({
  eventId: "stripe:evt_2",
  type: "refund.created",
  amountMinor: "250000",
  occurredAt: "2026-11-20T09:30:00.000Z",
});
const entries: readonly EntryRecord[] = [aFact(), refund, raw, aDecision(), { kind: "version" }];
const page = { nowMs: Date.UTC(2026, 10, 20, 10), width: 80 };

function readerOver(known: Partial<PipelineReader>): PipelineReader {
  const nothing = async () => undefined;
  return {
    openReviews: async () => [],
    review: nothing,
    claim: nothing,
    decision: nothing,
    transactionIdOf: nothing,
    entries: async () => [],
    undecided: nothing,
    ...known,
  };
}

async function known(reader: Partial<PipelineReader>): Promise<EventReport> {
  const report = await reportOf("stripe:evt_1", readerOver(reader));
  if (report === undefined) throw new Error("nothing is known");
  return report;
}

describe("everything known of an event", () => {
  it("is nothing where there is no record", async () => {
    expect(await reportOf("stripe:evt_1", readerOver({}))).toBeUndefined();
  });

  it("holds its records, its own entries and its transaction's state", async () => {
    const report = await known({
      claim: async (key) => (key === "stripe:evt_1" ? aClaim() : aClaim({ result: "APPROVE" })),
      review: async () => aReview(),
      entries: async (id) => (id === "stripe:pi_1" ? entries : []),
    });
    expect(report).toMatchObject({ event: { result: "routed as high" }, workflow: { result: "APPROVE" }, raw });
    expect(report.fact?.eventId).toBe("stripe:evt_1");
    expect(report.decision?.decidedBy).toBe("ada");
    expect(report.transaction?.state).toMatchObject({ status: "partially-refunded", refundedMinor: "250000" });
    expect(report.transaction?.facts).toHaveLength(2);
  });

  it("never holds the task token", async () => {
    expect(JSON.stringify(await known({ review: async () => aReview() }))).not.toContain("token-1");
  });

  it("finds the transaction of an event without a review by its archive place", async () => {
    const report = await known({
      claim: async (key) => (key === "stripe:evt_1" ? aClaim() : undefined),
      transactionIdOf: async () => "stripe:pi_1",
      entries: async () => entries,
    });
    expect(report.transaction?.transactionId).toBe("stripe:pi_1");
  });

  it("reads well", async () => {
    const report = await known({
      claim: async (key) => (key === "stripe:evt_1" ? aClaim({ retryCount: 2 }) : aClaim({ result: "APPROVE" })),
      review: async () => aReview({ closedAt: "2026-11-20T09:00:00.000Z", escalations: 1 }),
      entries: async () => entries,
    });
    expect(reportText(report, page).split("\n")).toEqual([
      "stripe:evt_1",
      "  Type         payment.succeeded (stripe: payment_intent.succeeded)",
      "  Amount       12,500.00 USD, routed as 12500 USD by the rates of 2026-11-20",
      "  Tier         high",
      "  Occurred     2026-11-20 07:59:58 UTC",
      "  Received     2026-11-20 07:59:59 UTC by webhook",
      "  Correlation  correlation-1",
      "  Archive      2026-11-20T07#03",
      "  Recorded     COMPLETED: routed as high, attempt 3",
      "  Workflow     COMPLETED: APPROVE",
      "  Review       opened 2026-11-20 08:00:00 UTC, closed 2026-11-20 09:00:00 UTC, escalated 1×",
      "  Decision     APPROVE by ada at 2026-11-20 09:00:00 UTC: called back",
      "  Body         771 bytes, SHA-256 cdddf4, zstd, in the ledger",
      "",
      "Score 0.60 by scorecard-1",
      "  0.60 The provider is wary (provider-risk)",
      "",
      "Transaction stripe:pi_1: partially-refunded, 12,500.00 USD, refunded 2,500.00 USD",
      "  OCCURRED                 TYPE                      AMOUNT  EVENT",
      "  2026-11-20 07:59:58 UTC  payment.succeeded  12,500.00 USD  stripe:evt_1",
      "  2026-11-20 09:30:00 UTC  refund.created      2,500.00 USD  stripe:evt_2",
    ]);
  });

  it("says what isn't there yet", async () => {
    const report = await known({
      claim: async (key) => (key === "stripe:evt_1" ? aClaim({ status: "PROCESSING" }) : undefined),
    });
    const text = reportText(report, page);
    expect(text).toContain("none in the ledger yet");
    expect(text).toContain("Decision  none yet");
  });

  it("says who has given it up and why, also when nothing else is known any more", async () => {
    const kept = { eventId: "stripe:evt_1", transactionId: "stripe:pi_1", undecidedSince: "2026-11-20T08:00:00.000Z" };
    const givenUp = { at: "2026-11-20T09:00:00.000Z", by: "ada", why: "refunded by hand" };
    const report = await known({ undecided: async () => ({ ...kept, sweeps: 3, isOpen: false, givenUp }) });
    expect(reportText(report, page)).toContain("Given up  2026-11-20 09:00:00 UTC by ada: refunded by hand");
    expect(report.transaction?.transactionId).toBe("stripe:pi_1");
  });
});
