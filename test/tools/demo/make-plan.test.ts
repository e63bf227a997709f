import { type ProviderName, providerNames } from "../../../config/providers.ts";
import { isLate, makePlan } from "../../../tools/demo/make-plan.ts";
import { kindCounts, leastCount, mix } from "../../../tools/demo/mix.ts";
import { signed } from "../../../tools/demo/send.ts";

const secret = { secrets: ["whsec_c2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0ZXMhISEh"] };
const secrets = Object.fromEntries(providerNames.map((name) => [name, secret])) as Record<ProviderName, unknown>;
const startMs = Date.UTC(2026, 10, 20, 8, 0, 0);
const planOf = (count: number, seed = 1) => makePlan({ count, seed, startMs });

describe("makePlan", () => {
  it("is decided by its seed alone", () => {
    const plan = (seed: number) => JSON.stringify(planOf(500, seed));
    expect(plan(7)).toBe(plan(7));
    expect(plan(7)).not.toBe(plan(8));
  });

  it("plans exactly as many webhooks as it is asked for, from the smallest plan on", () => {
    for (let count = leastCount; count < 2 * leastCount; count++) expect(planOf(count).webhooks).toHaveLength(count);
    expect(planOf(2_000).webhooks).toHaveLength(2_000);
  });

  it("refuses to leave a kind out", () => {
    expect(() => planOf(leastCount - 1)).toThrow(`at least ${leastCount} webhooks`);
  });

  it.each([leastCount, 2_000])("has every kind of webhook that the pipeline has to cope with, of %i", (count) => {
    const { webhooks, events, transactions, steps } = planOf(count);
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
    expect(new Set(transactions.map(({ status }) => status))).toEqual(new Set(["refunded", "partially-refunded"]));
    expect(events.some(({ sameFactAs }) => sameFactAs !== undefined)).toBe(true);
    expect(webhooks.some(({ paddingBytes = 0 }) => paddingBytes > 64 * 1024)).toBe(true);
    expect(webhooks.some(({ refundedBeforeMinor = "0" }) => refundedBeforeMinor !== "0")).toBe(true);
    // Duplicates at once, and duplicates later.
    expect(steps.some((step) => step.length > 1 && step[0]?.event === step[1]?.event)).toBe(true);
    const single = steps.filter((step) => step.length === 1).map(([one]) => one?.event?.index);
    expect(new Set(single).size).toBeLessThan(single.length);
  });

  it("sends a refund some time before the payment that it refunds", () => {
    const { transactions, webhooks } = planOf(2_000, 3);
    for (const { events } of transactions.filter(({ status }) => status === "refunded")) {
      const [refund, payment] = events.map((event) => webhooks.findIndex((one) => one.event === event));
      expect(refund).toBeLessThan(payment ?? 0);
    }
  });

  it("refunds parts of one amount under an id each, and of one object each", () => {
    for (const { events, refundedMinor } of planOf(2_000).transactions) {
      const [payment, ...refunds] = events.toSorted((a, b) => (a.type < b.type ? -1 : 1));
      const ids = new Set(events.map(({ order }) => order.transactionId));
      const sum = refunds.reduce((total, { money }) => total + BigInt(money?.amountMinor ?? 0), 0n);
      expect([payment?.type, ids.size, String(sum)]).toEqual(["payment.succeeded", 1, refundedMinor]);
    }
  });

  it.each(["standard-webhooks", "hmac"] as const)(
    "lets %s tell of two equal refunds by nothing but their ids",
    (name) => {
      const { transactions, webhooks } = planOf(leastCount);
      const partial = transactions.filter(({ status }) => status === "partially-refunded");
      const refunds = partial
        .flatMap(({ events }) => events.slice(1))
        .filter(({ provider }) => provider === name)
        .map((event) => webhooks.find((one) => one.event === event));
      const sent = refunds.flatMap((refund) => (refund === undefined ? [] : [signed(refund, secrets)]));
      expect([new Set(sent.map(({ deliveryId }) => deliveryId)).size, sent.length]).toEqual([2, 2]);
      expect(sent[0]?.body).toEqual(sent[1]?.body);
    },
  );

  it("gives two payments one event id, and says so", () => {
    const reusing = planOf(leastCount).events.filter(({ reuses }) => reuses !== undefined);
    expect(reusing.length).toBeGreaterThanOrEqual(mix["reused-id"].least);
    for (const { order, reuses } of reusing) {
      expect(order.eventId).toBe(reuses?.order.eventId);
      expect(order.token).not.toBe(reuses?.order.token);
    }
  });

  it("sends the late ones last", () => {
    const late = planOf(2_000).steps.map(isLate);
    expect(late.indexOf(true)).toBe(late.filter((one) => !one).length);
    expect(late).toContain(true);
  });

  it("has at least as many of each kind as it has variants", () => {
    for (const [kind, count] of kindCounts(leastCount)) expect(count).toBeGreaterThanOrEqual(mix[kind].least);
  });
});
