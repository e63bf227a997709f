import { hintFor } from "../../../tools/commands/hint.ts";
import { listed } from "../../../tools/commands/reviews.ts";
import { aReview } from "../samples.ts";

const page = { nowMs: Date.UTC(2026, 10, 20, 11, 5, 0), width: 80, hint: hintFor({ local: true }) };

function textOf(...reviews: Parameters<typeof listed>[0]): string {
  const result = listed(reviews, page);
  return result.kind === "done" ? result.text : "";
}

describe("the list of reviews", () => {
  it("says so when none is open", () => {
    expect(listed([], page)).toEqual({ kind: "done", text: "No review is open.", json: [] });
  });

  it("shows amounts in major units, the age, escalations and the reasons", () => {
    const text = textOf(
      aReview(),
      aReview({ eventId: "stripe:evt_2", amountMinor: "99", currency: "JPY", escalations: 2, score: 0.5 }),
    );
    expect(text.split("\n")).toEqual([
      "EVENT                AMOUNT  SCORE    WAITING  ESCALATED",
      "",
      "stripe:evt_1  12,500.00 USD   0.60  3 h 5 min         no",
      "  opened 2026-11-20 08:00:00 UTC",
      "  0.60 The provider is wary (provider-risk)",
      "",
      "stripe:evt_2         99 JPY   0.50  3 h 5 min         2×",
      "  opened 2026-11-20 08:00:00 UTC",
      "  0.60 The provider is wary (provider-risk)",
      "",
      "2 open reviews. Decide the first, by approve or block, with:",
      "  npm run cli -- review stripe:evt_1 approve --by WHO --why 'THE REASON' --local",
    ]);
  });

  it("keeps within 80 columns with ids as long as Stripe's and long reasons", () => {
    const detail =
      "12500.00 USD is 7.1 deviations of 120.00 USD above the customer's mean of 200.00 USD over 31 payments";
    const reasons = [{ code: "amount-deviation", weight: 0.3, detail }];
    const text = textOf(aReview({ eventId: `stripe:evt_${"1".repeat(24)}`, reasons }));
    const [, ...lines] = text.split("\n").reverse();
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("gives programs exact amounts and no task token", () => {
    const { json } = listed([aReview({ amountMinor: "123456789012345678901" })], page) as { json: unknown[] };
    expect(json).toEqual([
      {
        eventId: "stripe:evt_1",
        transactionId: "stripe:pi_1",
        amountMinor: "123456789012345678901",
        amount: "1234567890123456789.01",
        currency: "USD",
        score: 0.6,
        reasons: [{ code: "provider-risk", weight: 0.6, detail: "The provider is wary" }],
        openedAt: "2026-11-20T08:00:00.000Z",
        waitingSeconds: 11_100,
        escalations: 0,
      },
    ]);
  });
});
