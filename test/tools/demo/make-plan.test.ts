import { makePlan } from "../../../tools/demo/make-plan.ts";

const startMs = Date.UTC(2026, 10, 20, 8, 0, 0);

describe("makePlan", () => {
  it("is decided by its seed alone", () => {
    const plan = (seed: number) => JSON.stringify(makePlan({ count: 500, seed, startMs }));
    expect(plan(7)).toBe(plan(7));
    expect(plan(7)).not.toBe(plan(8));
  });

  it.each([1, 2, 13, 100, 2_000])("plans exactly %i webhooks", (count) => {
    expect(makePlan({ count, seed: 1, startMs }).webhooks).toHaveLength(count);
  });

  it("has every kind of webhook that the pipeline has to cope with", () => {
    const { webhooks, events, transactions, steps } = makePlan({ count: 2_000, seed: 1, startMs });
    const spoilings = new Set(webhooks.map(({ spoiling }) => spoiling));
    for (const one of [
      "tampered",
      "stale",
      "future",
      "unsigned",
      "malformed",
      "oversized",
      "unknown-provider",
      "wrong-method",
    ]) {
      expect(spoilings).toContain(one);
    }
    expect(new Set(webhooks.map(({ provider }) => provider)).size).toBe(5);
    expect(new Set(events.map(({ tier }) => tier)).size).toBe(5);
    expect(new Set(webhooks.map(({ order }) => order.money?.currency)).size).toBeGreaterThanOrEqual(6);
    const amounts = new Set(webhooks.map(({ order }) => order.money?.amountMinor));
    for (const boundary of ["99999", "100000", "1000000", "1000001"]) expect(amounts).toContain(boundary);
    expect(transactions.length).toBeGreaterThan(0);
    expect(events.some(({ sameFactAs }) => sameFactAs !== undefined)).toBe(true);
    expect(webhooks.some(({ paddingBytes = 0 }) => paddingBytes > 64 * 1024)).toBe(true);
    // Duplicates at once, and duplicates later.
    expect(steps.some((step) => step.length > 1 && step[0]?.event === step[1]?.event)).toBe(true);
    const single = steps.filter((step) => step.length === 1).map(([one]) => one?.event?.index);
    expect(new Set(single).size).toBeLessThan(single.length);
  });

  it("sends a refund some time before the payment that it refunds", () => {
    const { transactions, webhooks } = makePlan({ count: 2_000, seed: 3, startMs });
    for (const { events } of transactions) {
      const [refund, payment] = events.map((event) => webhooks.findIndex((one) => one.event === event));
      expect(refund).toBeLessThan(payment ?? 0);
    }
  });
});
