import fc from "fast-check";
import type { PaymentEventType } from "../../../../config/events.ts";
import { paymentEventTypes } from "../../../../config/events.ts";
import { deriveTransactionState, type TransactionFact } from "../../../../lambdas/shared/domain/transaction-state.ts";

function aFact(type: PaymentEventType, second: number, overrides: Partial<TransactionFact> = {}): TransactionFact {
  const occurredAt = new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString();
  return { eventId: `stripe:${type}-${second}`, type, occurredAt, amountMinor: "1000", currency: "USD", ...overrides };
}

const facts = fc.uniqueArray(
  fc.record({
    eventId: fc.string({ minLength: 1, maxLength: 3 }),
    type: fc.constantFrom(...paymentEventTypes),
    // Few seconds, so that many facts share one; milliseconds, which say nothing.
    occurredAt: fc
      .record({ second: fc.nat(3), ms: fc.nat(999) })
      .map(({ second, ms }) => new Date(Date.UTC(2026, 10, 20, 10, 0, second, ms)).toISOString()),
    amountMinor: fc.bigInt({ min: 1n, max: 10_000n }).map(String),
    currency: fc.constantFrom("USD", "EUR"),
  }),
  { selector: ({ eventId }) => eventId, maxLength: 8 },
);

describe("the state of a transaction", () => {
  it("rule 7: is the same for any order and repetition of its facts", () => {
    const orders = facts.chain((set) =>
      fc.tuple(fc.constant(set), fc.shuffledSubarray([...set, ...set], { minLength: set.length * 2 })),
    );
    fc.assert(
      fc.property(orders, ([set, shuffled]) => {
        expect(deriveTransactionState(shuffled)).toEqual(deriveTransactionState(set));
      }),
    );
  });

  it("rule 7: compares facts of one second by what they are, not by their milliseconds", () => {
    const opened = aFact("dispute.opened", 5, { occurredAt: "2026-11-20T10:00:05.900Z" });
    const closed = aFact("dispute.closed", 5, { occurredAt: "2026-11-20T10:00:05.100Z" });
    expect(deriveTransactionState([opened, closed]).status).toBe("dispute-closed");
  });

  it("rule 7: isn't rolled back by a failure that is heard of, or happened, after the success", () => {
    const succeeded = aFact("payment.succeeded", 5);
    expect(deriveTransactionState([succeeded, aFact("payment.failed", 3)]).status).toBe("succeeded");
    expect(deriveTransactionState([succeeded, aFact("payment.failed", 9)]).status).toBe("succeeded");
  });

  it.each(["status_contradicts", "object_unexpected"])(
    "rule 10: takes nothing from a fact with %s, which a person has to look at",
    (amountProblem) => {
      const { amountMinor: _, currency: __, ...doubtful } = aFact("payment.succeeded", 5, { amountProblem });
      expect(deriveTransactionState([doubtful])).toMatchObject({ status: "unknown", eventIds: [] });
      const unknownCurrency = { ...doubtful, amountProblem: "currency_unknown" };
      expect(deriveTransactionState([unknownCurrency])).toMatchObject({ status: "succeeded" });
    },
  );

  it("rule 7: isn't rolled back by a success that is heard of after the refund", () => {
    const state = deriveTransactionState([aFact("refund.created", 9), aFact("payment.succeeded", 5)]);
    expect(state).toMatchObject({ status: "refunded", amountMinor: "1000", refundedMinor: "1000" });
  });

  it.each<[string, readonly [PaymentEventType, number][], string]>([
    ["nothing", [], "unknown"],
    ["an account's update", [["account.updated", 1]], "unknown"],
    ["a failure", [["payment.failed", 1]], "failed"],
    [
      "a success after a failure",
      [
        ["payment.failed", 1],
        ["payment.succeeded", 2],
      ],
      "succeeded",
    ],
    [
      "a dispute",
      [
        ["payment.succeeded", 1],
        ["dispute.opened", 2],
      ],
      "disputed",
    ],
    [
      "a closed dispute",
      [
        ["payment.succeeded", 1],
        ["dispute.opened", 2],
        ["dispute.closed", 3],
      ],
      "dispute-closed",
    ],
    [
      "a second dispute",
      [
        ["dispute.opened", 2],
        ["dispute.closed", 3],
        ["dispute.opened", 4],
      ],
      "disputed",
    ],
    [
      "a closed dispute whose opening is still on its way",
      [
        ["payment.succeeded", 1],
        ["dispute.closed", 3],
      ],
      "dispute-closed",
    ],
    [
      "a refund during a dispute",
      [
        ["payment.succeeded", 1],
        ["dispute.opened", 2],
        ["refund.created", 3],
      ],
      "disputed",
    ],
    [
      "a refund after a dispute",
      [
        ["payment.succeeded", 1],
        ["dispute.closed", 2],
        ["refund.created", 3],
      ],
      "refunded",
    ],
    ["a payout", [["payout.paid", 1]], "paid-out"],
    [
      "a payout that came back",
      [
        ["payout.paid", 1],
        ["payout.failed", 2],
      ],
      "payout-failed",
    ],
  ])("after %s", (_, steps, status) => {
    expect(deriveTransactionState(steps.map(([type, second]) => aFact(type, second))).status).toBe(status);
  });

  it("adds up partial refunds exactly", () => {
    const paid = aFact("payment.succeeded", 1, { amountMinor: "90071992547409930" });
    const refund = (second: number, amountMinor: string) => aFact("refund.created", second, { amountMinor });
    expect(deriveTransactionState([paid, refund(2, "1"), refund(3, "90071992547409928")])).toMatchObject({
      status: "partially-refunded",
      refundedMinor: "90071992547409929",
    });
    const all = deriveTransactionState([paid, refund(2, "1"), refund(3, "90071992547409928"), refund(4, "1")]);
    expect(all).toMatchObject({
      status: "refunded",
      amountMinor: "90071992547409930",
      refundedMinor: "90071992547409930",
    });
  });

  it("takes the amount from a success, although a failure was tried with another", () => {
    const facts = [
      aFact("payment.failed", 1, { amountMinor: "5" }),
      aFact("payment.succeeded", 2, { amountMinor: "7" }),
    ];
    expect(deriveTransactionState(facts)).toMatchObject({ amountMinor: "7", currency: "USD" });
  });

  it("doesn't add refunds of another currency", () => {
    const euros = aFact("refund.created", 2, { currency: "EUR" });
    expect(deriveTransactionState([aFact("payment.succeeded", 1), euros]).refundedMinor).toBe("0");
    expect(deriveTransactionState([euros])).toMatchObject({ status: "refunded", refundedMinor: "1000" });
  });

  it("rule 5: counts a fact under two event ids once", () => {
    const refund = aFact("refund.created", 2, { amountMinor: "400" });
    const again = { ...refund, eventId: "stripe:evt_again", sameFactAs: refund.eventId };
    const state = deriveTransactionState([aFact("payment.succeeded", 1), refund, again]);
    expect(state).toMatchObject({ status: "partially-refunded", refundedMinor: "400" });
    expect(state.eventIds).toEqual(["stripe:payment.succeeded-1", "stripe:refund.created-2"]);
  });
});
