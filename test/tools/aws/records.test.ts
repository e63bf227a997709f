import { readClaim, readEntry, readReview } from "../../../tools/aws/records.ts";
import { reviewItem } from "../samples.ts";

describe("records", () => {
  it("rule 10: keeps all digits of a review's amount", () => {
    expect(readReview(reviewItem)).toMatchObject({
      eventId: "stripe:evt_1",
      amountMinor: "123456789012345678901234567890",
      score: 0.6,
      escalations: 0,
      reasons: [{ code: "provider-risk", weight: 0.6, detail: "The provider is wary" }],
    });
  });

  it("reads a closed review", () => {
    const { reviewStatus: _, taskToken: __, ...closed } = reviewItem;
    const review = readReview({ ...closed, closedAt: { S: "2026-11-20T09:00:00.000Z" } });
    expect(review).toMatchObject({ closedAt: "2026-11-20T09:00:00.000Z" });
    expect(review.reviewStatus).toBeUndefined();
  });

  it("rule 19: drops bodies, headers and signatures", () => {
    const raw = readEntry({
      kind: { S: "raw" },
      eventId: { S: "stripe:evt_1" },
      receivedAt: { S: "2026-11-20T08:00:00.000Z" },
      sizeBytes: { N: "2" },
      sha256: { S: "44136f" },
      encoding: { S: "identity" },
      body: { B: Buffer.from("{}") },
      headers: { M: { "stripe-signature": { S: "t=1,v1=aa" } } },
    });
    expect(Object.keys(raw).sort()).toEqual(["encoding", "eventId", "kind", "receivedAt", "sha256", "sizeBytes"]);
    const claim = readClaim({ status: { S: "COMPLETED" }, signature: { S: "t=1,v1=aa" }, lockToken: { S: "lock-1" } });
    expect(claim).toEqual({ status: "COMPLETED", retryCount: 0 });
  });

  it("names what is wrong with an item, without quoting it", () => {
    const odd = { ...reviewItem, reasons: { S: "secret" }, escalations: { S: "many" } };
    expect(() => readReview(odd)).toThrow(/A review in the table .*: reasons, escalations$/);
    expect(() => readEntry({ kind: { S: "novelty" } })).toThrow(/An? entry in the table/);
  });
});
