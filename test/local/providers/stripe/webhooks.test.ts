import type { DeliveryReport } from "../../../../local/providers/deliveries.ts";
import { fateOf } from "../../../../local/providers/fates.ts";
import type { ImportReport } from "../../../../local/providers/stripe/import-events.ts";
import { apiKey, pay, startMs, startWorld, type World } from "./harness.ts";

let world: World;

beforeEach(async () => {
  // Pauses between tries are a thousandth of Stripe's.
  world = await startWorld({ speed: 1_000 });
});
afterEach(() => world.stop());

const report = () => world.order<DeliveryReport>("deliveries");
const allEvents = () => world.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });

describe("webhooks", () => {
  it("tell of each event once, signed, with the event as it is listed", async () => {
    await pay(world, 700);
    await world.untilDelivered();
    expect(
      world
        .events()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(["charge.succeeded", "payment_intent.created", "payment_intent.succeeded"]);
    const listed = await allEvents();
    expect(listed.map((event) => event.pending_webhooks)).toEqual([0, 0, 0]);
    for (const { headers } of world.sent) expect(headers).toMatchObject({ "stripe-signature": expect.any(String) });
    for (const event of world.events()) {
      expect(listed.find(({ id }) => id === event.id)).toEqual({ ...event, pending_webhooks: 0 });
    }
  });

  it("are sent again until they are taken", async () => {
    world.receiver.status = 503;
    await pay(world, 700);
    await until(() => world.sent.length > 6);
    expect((await world.stripe.events.list({ delivery_success: false })).data).toHaveLength(3);
    expect(report().pending).toMatchObject([{ lastStatus: 503 }, {}, {}]);
    world.receiver.status = 200;
    await until(() => report().counts.sent === 3);
    expect(new Set(world.events().map(({ id }) => id)).size).toBe(3);
    expect((await world.stripe.events.list({ delivery_success: false })).data).toHaveLength(0);
  });

  it("are given up after three days", async () => {
    world.receiver.status = 401;
    await pay(world, 700);
    await until(() => world.sent.length >= 3);
    world.clock.now += 3 * 24 * 60 * 60 * 1_000;
    await until(() => report().counts["given-up"] === 3);
    expect(report().givenUp).toMatchObject([{ lastStatus: 401 }, {}, {}]);
  });

  it("may be lost: the event is listed all the same", async () => {
    world.order("faults?lose=1");
    await pay(world, 700);
    await world.untilDelivered();
    const listed = await allEvents();
    expect(world.sent).toEqual([]);
    expect(
      report()
        .lost.map(({ id }) => id)
        .sort(),
    ).toEqual(listed.map(({ id }) => id).sort());
  });

  it("may say another amount than the event has, where it has one", async () => {
    world.order("faults?misstate=1");
    const intent = await pay(world, 700);
    await world.stripe.refunds.create({ payment_intent: intent.id, amount: 300 });
    await world.untilDelivered();
    const { misstated, counts } = report();
    expect(misstated.map(({ type, misstatement }) => ({ type, ...misstatement }))).toEqual([
      { type: "charge.succeeded", field: "amount", actual: 700, stated: 800 },
      { type: "payment_intent.succeeded", field: "amount_received", actual: 700, stated: 800 },
      { type: "refund.created", field: "amount", actual: 300, stated: 400 },
      { type: "charge.refunded", field: "amount_refunded", actual: 300, stated: 400 },
    ]);
    expect(counts.sent).toBe(1);
    const sent = world.events().find(({ type }) => type === "payment_intent.succeeded");
    expect(sent?.data.object).toMatchObject({ amount_received: 800 });
    expect((await world.stripe.events.retrieve(sent?.id ?? "")).data.object).toMatchObject({ amount_received: 700 });
  });

  it("are lost and misstated by their shares, the same ones for the same seed", () => {
    const ids = Array.from({ length: 20_000 }, (_unused, index) => `evt_${index}`);
    const fates = (seed: number) => ids.map((id) => fateOf(id, { seed, lose: 0.03, misstate: 0.01 }));
    const share = (fate: string) => fates(7).filter((one) => one === fate).length / ids.length;
    expect(share("lost")).toBeCloseTo(0.03, 2);
    expect(share("misstated")).toBeCloseTo(0.01, 2);
    expect(fates(7)).toEqual(fates(7));
    expect(fates(8)).not.toEqual(fates(7));
  });

  it.each(["faults?lose=2", "faults?lose=0.6&misstate=0.6", "faults?lose=", "faults?lose=-1", "faults?seed=a"])(
    "aren't lost by a wrong order: %s",
    (order) => {
      expect(() => world.order(order)).toThrow(/seed|shares/);
    },
  );
});

describe("an import", () => {
  const created = startMs / 1_000 - 3_600;
  const event = (id: string, type: string, object: object, rest: object = {}) => ({
    id,
    type,
    created,
    data: { object, ...rest },
  });
  const paid = event("evt_a", "payment_intent.succeeded", {
    id: "pi_a",
    object: "payment_intent",
    amount: 5_000,
    currency: "eur",
    customer: "cus_a",
    latest_charge: { id: "ch_a", outcome: { risk_score: 71 } },
  });
  const refunded = (id: string) =>
    event(
      id,
      "charge.refunded",
      { id: "ch_b", object: "charge", amount: 900, amount_refunded: 500, currency: "usd", payment_intent: "pi_b" },
      { previous_attributes: { amount_refunded: 200 } },
    );
  const old = (id: string) => ({ ...refunded(id), api_version: "2020-08-27" });

  it("lists events as if they had happened here, with their objects and money", async () => {
    expect(world.order<ImportReport>("import", [paid])).toEqual({ imported: 1, known: 0, refused: [] });
    expect(await allEvents()).toMatchObject([{ ...paid, object: "event", pending_webhooks: 0 }]);
    const intent = await world.stripe.paymentIntents.retrieve("pi_a", { expand: ["latest_charge"] });
    expect(intent).toMatchObject({ amount: 5_000, status: "succeeded", customer: "cus_a", created });
    expect(intent.latest_charge).toMatchObject({
      id: "ch_a",
      amount_captured: 5_000,
      payment_intent: "pi_a",
      outcome: { risk_score: 71 },
    });
    expect((await world.stripe.balanceTransactions.list()).data).toMatchObject([{ amount: 5_800, created }]);
    expect(world.sent).toEqual([]);
  });

  it("moves the money of one fact once, however often it is told", async () => {
    const twice = { ...paid, id: "evt_b" };
    const byCharge = event("evt_c", "charge.succeeded", {
      id: "ch_x",
      amount: 5_000,
      currency: "eur",
      payment_intent: "pi_a",
    });
    world.order("import", [paid, twice, byCharge, old("evt_d"), old("evt_e")]);
    expect(world.order("import", [paid])).toMatchObject({ imported: 0, known: 1 });
    const { data } = await world.stripe.balanceTransactions.list({ expand: ["data.source"] });
    expect(data.map(({ type, source }) => [type, (source as { amount: number }).amount])).toEqual([
      ["refund", 300],
      ["charge", 5_000],
    ]);
  });

  it("knows disputes and payouts, and what moves nothing", async () => {
    world.order("import", [
      event("evt_1", "charge.dispute.created", {
        id: "dp_1",
        charge: "ch_1",
        payment_intent: "pi_1",
        amount: 70,
        currency: "usd",
      }),
      event("evt_2", "payout.paid", { id: "po_1", amount: 80, currency: "usd", arrival_date: created }),
      event("evt_3", "account.updated", { id: "acct_1" }),
      event("evt_4", "payment_intent.succeeded", { id: "pi_2", amount: "much", currency: "usd" }),
      event("evt_5", "payment_intent.payment_failed", {
        id: "pi_3",
        object: "payment_intent",
        amount: 1,
        currency: "usd",
      }),
    ]);
    expect(await allEvents()).toHaveLength(5);
    const { data } = await world.stripe.balanceTransactions.list({ expand: ["data.source"] });
    expect(data).toMatchObject([
      { amount: -80, reporting_category: "payout", source: { id: "po_1", status: "paid" } },
      { amount: -70, reporting_category: "dispute", source: { id: "dp_1", payment_intent: "pi_1" } },
    ]);
    expect(await world.stripe.paymentIntents.retrieve("pi_3")).toMatchObject({ status: "requires_payment_method" });
  });

  it("knows payouts and refunds whose money came back, once each, whichever is told first", async () => {
    const back = { id: "re_1", object: "refund", charge: "ch_1", amount: 30, currency: "usd", status: "failed" };
    const payout = { id: "po_1", amount: 80, currency: "usd", arrival_date: created };
    world.order("import", [
      event("evt_1", "refund.failed", back),
      event("evt_2", "refund.created", { ...back, status: "succeeded" }),
      event("evt_3", "payout.paid", payout),
      event("evt_4", "payout.failed", { ...payout, status: "failed" }),
      event("evt_5", "payout.failed", { ...payout, status: "failed" }),
    ]);
    const { data } = await world.stripe.balanceTransactions.list({ expand: ["data.source"] });
    expect(data.map(({ type, amount }) => [type, amount])).toEqual([
      ["payout_failure", 80],
      ["payout", -80],
      ["refund_failure", 30],
      ["refund", -30],
    ]);
    expect(data.map(({ source }) => (source as { status: string }).status)).toEqual(Array(4).fill("failed"));
  });

  it("sends them too, if it is told to", async () => {
    world.order("import?send=true", [paid]);
    await world.untilDelivered();
    expect(world.events().map(({ id }) => id)).toEqual(["evt_a"]);
  });

  it("keeps every digit of a number that a float can't hold, in answers and in webhooks", async () => {
    const long = JSON.stringify([{ ...paid, id: "evt_long" }]).replace(/"amount":\d+/, '"amount":9007199254740993');
    expect(long).toContain('"amount":9007199254740993');
    world.standIn.control("import", new URLSearchParams("send=true"), long);
    await world.untilDelivered();
    const answer = await fetch(`http://127.0.0.1:${world.port}/v1/events/evt_long`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    for (const text of [await answer.text(), String(world.sent.at(-1)?.body)]) {
      expect(text).toMatch(/"amount": ?9007199254740993\b/);
    }
  });

  it("refuses what is no event, and takes the rest", () => {
    const { imported, refused } = world.order<ImportReport>("import", [
      null,
      { id: "evt_x" },
      { ...paid, id: "evt_y", account: "acct_stranger" },
      paid,
    ]);
    expect(imported).toBe(1);
    expect(refused.map(({ id }) => id)).toEqual([undefined, "evt_x", "evt_y"]);
    expect(() => world.order("import", { paid })).toThrow(/JSON list/);
  });
});

/** Looks again until it is so; the test's own time-out is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
