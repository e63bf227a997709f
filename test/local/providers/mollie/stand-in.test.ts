import type { KeptText, Shelf } from "../../../../local/providers/shelf.ts";
import { apiKey, startWorld, type World } from "./harness.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const amount = (value: string, currency = "EUR") => ({ currency, value });
const create = (value = "75.00") =>
  world.client.payments.create({
    paymentRequest: { description: "Order 1", amount: amount(value), redirectUrl: "https://shop.example/thanks" },
  });
async function payPaid(): Promise<string> {
  const { id } = await create();
  world.order(`pay?id=${id}`);
  return id;
}
const refund = (paymentId: string, value: string) =>
  world.client.refunds.create({ paymentId, refundRequest: { description: "Back", amount: amount(value) } });
async function calls(): Promise<string[]> {
  await world.untilDelivered();
  return world.sent.map(({ body }) => body);
}
const raw = async (target: string, init: RequestInit = {}) => {
  const response = await fetch(`${world.url}${target}`, {
    ...init,
    headers: { authorization: `Bearer ${apiKey}`, ...(init.headers as object) },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe("Mollie's stand-in", () => {
  it("makes payments for Mollie's own client, and shows them as they are by then", async () => {
    const { id, status, mode } = await create();
    expect([id.slice(0, 3), status, mode]).toEqual(["tr_", "open", "test"]);
    expect(await calls()).toEqual([]);
    world.order(`pay?id=${id}`);
    const paid = await world.client.payments.get({ paymentId: id });
    expect([paid.status, paid.paidAt]).toEqual(["paid", "2026-11-19T12:00:00+00:00"]);
  });

  it("calls with a form that has the id and nothing else, whatever has changed", async () => {
    const id = await payPaid();
    const { id: refundId } = await refund(id, "10.00");
    world.order(`refund?id=${refundId}&status=processing`);
    world.order(`refund?id=${refundId}`);
    world.order(`chargeback?payment=${id}&amount=65.00`);
    expect(await calls()).toEqual(Array(4).fill(`id=${id}`));
    expect(world.sent[0]?.headers).toEqual({ "content-type": "application/x-www-form-urlencoded" });
  });

  it("embeds what is asked for", async () => {
    const id = await payPaid();
    const { id: refundId } = await refund(id, "10.00");
    const { id: chargebackId } = world.order<{ id: string }>(`chargeback?payment=${id}`);
    world.order(`reverse?id=${chargebackId}`);
    const { body } = await raw(`/v2/payments/${id}?embed=refunds,chargebacks`);
    expect(body._embedded).toMatchObject({
      refunds: [{ id: refundId, paymentId: id, status: "pending", amount: amount("10.00") }],
      chargebacks: [{ id: chargebackId, paymentId: id, amount: amount("75.00"), reversedAt: expect.any(String) }],
    });
    expect((await raw(`/v2/payments/${id}`)).body).not.toHaveProperty("_embedded");
    expect((await raw(`/v2/payments/${id}/refunds`)).body).toMatchObject({ count: 1 });
  });

  it("refunds no more than was paid", async () => {
    const id = await payPaid();
    await refund(id, "70.00");
    await expect(refund(id, "5.01")).rejects.toMatchObject({ statusCode: 422 });
    const { id: last } = await refund(id, "5.00");
    world.order(`refund?id=${last}&status=canceled`);
    expect((await refund(id, "5.00")).status).toBe("pending");
    await expect(refund((await create()).id, "1.00")).rejects.toMatchObject({ statusCode: 422 });
  });

  it("shows a payment to keys of its own mode, and refuses what Mollie would", async () => {
    const id = await payPaid();
    const live = { headers: { authorization: `Bearer live_${"k".repeat(30)}` } };
    expect(await raw(`/v2/payments/${id}`, live)).toMatchObject({ status: 404, body: { title: "Not Found" } });
    expect((await raw("/v2/payments/tr_none")).status).toBe(404);
    expect((await raw(`/v2/payments/${id}`, { headers: { authorization: "Bearer nobody" } })).status).toBe(401);
    expect((await raw(`/v2/payments/${id}`, { method: "DELETE" })).status).toBe(405);
    expect((await raw("/v2/payments", { method: "POST", body: "amount=1" })).status).toBe(400);
    for (const stated of [
      amount("10"),
      amount("10.005"),
      amount("0.00"),
      amount("10.00", "EURO"),
      amount("1.00", "JPY"),
    ]) {
      const body = JSON.stringify({ description: "x", amount: stated });
      expect(await raw("/v2/payments", { method: "POST", body })).toMatchObject({
        status: 422,
        body: { field: "amount" },
      });
    }
  });

  it("says what is wrong with an order", async () => {
    const { id } = await create();
    expect(() => world.order("pay?id=tr_none")).toThrow("id: there is no payment of this id.");
    expect(() => world.order(`chargeback?payment=${id}`)).toThrow("payment: it is not paid.");
    world.order(`pay?id=${id}&status=failed`);
    expect(() => world.order(`pay?id=${id}`)).toThrow("status: it is failed; that is the end of it.");
    const paid = await payPaid();
    expect(() => world.order(`chargeback?payment=${paid}&amount=75.01`)).toThrow(/amount: write it like 75.00/);
    expect(world.order("nothing")).toBeUndefined();
  });

  it("loses webhooks as it is told, and is refused for haste", async () => {
    world.order("faults?lose=1");
    await payPaid();
    expect(await calls()).toEqual([]);
    expect(world.order("deliveries")).toMatchObject({ counts: { lost: 1, sent: 0 } });
    world.trouble("kind=rate-limited&times=1");
    expect(await raw("/v2/payments/tr_1")).toMatchObject({ status: 429, body: { title: "Too Many Requests" } });
  });

  it("knows its payments after a restart", async () => {
    const texts = new Map<string, KeptText>();
    const shelf: Shelf = {
      load: () => [...texts.values()],
      save: (text) => void texts.set(`${text.collection} ${text.id}`, text),
      remove() {},
      commit() {},
      close() {},
    };
    const before = await startWorld(shelf);
    const created = await before.client.payments.create({
      paymentRequest: { description: "Order 1", amount: amount("1.00"), redirectUrl: "https://shop.example" },
    });
    before.order(`pay?id=${created.id}`);
    await before.untilDelivered();
    await before.stop();
    const after = await startWorld(shelf);
    expect((await after.client.payments.get({ paymentId: created.id })).status).toBe("paid");
    expect(after.order("deliveries")).toMatchObject({ counts: { sent: 1 } });
    await after.stop();
  });
});
