/** Stripe's stand-in, PayPal's and Mollie's beside the running pipeline: what is paid there arrives here by webhook, unless it is lost. */
import { Client } from "mollie-api-typescript";
import Stripe from "stripe";
import type { ProviderLedger } from "../../lambdas/shared/domain/reconciliation/provider-ledger.ts";
import { createPaypalLedger } from "../../lambdas/shared/providers/paypal/ledger.ts";
import { createStripeLedger } from "../../lambdas/shared/providers/stripe/ledger.ts";
import type { LocalProcess } from "../../local/process.ts";
import { startPipeline, tablesOf, temporaryDirectory, until } from "./harness.ts";

const apiKey = "sk_test_flow0001";
const minute = 60_000;

function stripeOf({ providersUrl }: LocalProcess): Stripe {
  return new Stripe(apiKey, { host: "127.0.0.1", port: new URL(providersUrl).port, protocol: "http" });
}

const pay = (stripe: Stripe, amount: number) =>
  stripe.paymentIntents.create({ amount, currency: "usd", payment_method: "pm_card_visa", confirm: true });

async function order<T>(runtime: LocalProcess, path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`${runtime.awsUrl}/_local/providers/stripe/${path}`, init);
  return { status: response.status, ...((await response.json()) as object) } as T;
}

async function allEvents(ledger: ProviderLedger): Promise<string[]> {
  const window = {
    from: new Date(Date.now() - 10 * minute).toISOString(),
    to: new Date(Date.now() + minute).toISOString(),
  };
  const ids: string[] = [];
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const { items, next } = await ledger.events({}, window, after);
    ids.push(...items.map(({ providerEventId }) => providerEventId));
    after = next;
  }
  return ids;
}

describe("payments at the stand-in", () => {
  const directory = temporaryDirectory();
  const args = ["--data", directory, "--speed", "20"];
  let runtime: LocalProcess;

  beforeAll(async () => {
    runtime = await startPipeline(args);
  }, 60_000);
  afterAll(() => runtime.stop());

  it("arrive by signed webhooks, and are decided", async () => {
    const intent = await pay(stripeOf(runtime), 250_000);
    await runtime.untilIdle();
    const items = await tablesOf(runtime).ofTransaction(`stripe:${intent.id}`);
    const facts = items.filter(({ kind }) => kind === "fact");
    expect(facts.map(({ providerType }) => providerType).sort()).toEqual([
      "charge.succeeded",
      "payment_intent.created",
      "payment_intent.succeeded",
    ]);
    expect(items.some(({ kind }) => kind === "decision")).toBe(true);
    const { counts } = await order<{ counts: Record<string, number> }>(runtime, "deliveries");
    expect(counts).toMatchObject({ sent: 3, lost: 0, pending: 0 });
  });

  it("that are lost are in Stripe's books, and not in ours, also after a restart", async () => {
    await order(runtime, "faults?lose=1&seed=7");
    const intent = await pay(stripeOf(runtime), 1_000);
    await order(runtime, "faults");
    await runtime.kill();
    runtime = await startPipeline(args);
    await runtime.untilIdle();
    expect(await tablesOf(runtime).ofTransaction(`stripe:${intent.id}`)).toEqual([]);
    expect((await stripeOf(runtime).paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
    const { lost } = await order<{ lost: { id: string }[] }>(runtime, "deliveries");
    const ledger = createStripeLedger({ apiKey, apiUrl: runtime.providersUrl, now: Date.now });
    const listed = await allEvents(ledger);
    expect(lost).toHaveLength(3);
    expect(listed).toEqual(expect.arrayContaining(lost.map(({ id }) => id)));
    expect(listed).toHaveLength(6);
  });

  it("of PayPal's arrive by webhooks that its certificate proves, and those that are lost are in its books", async () => {
    const at = (path: string) => `${runtime.awsUrl}/_local/providers/paypal/${path}`;
    const send = async (id: string, name: string, resource: object) => {
      const event = { id, event_type: name, create_time: new Date().toISOString(), resource };
      await fetch(at("import?send=true"), { method: "POST", body: JSON.stringify([event]) });
    };
    const amount = { currency_code: "USD", value: "2500.00" };
    const links = [{ rel: "up", href: "https://api.paypal.com/v2/payments/captures/CAP1" }];
    await send("WH-1", "PAYMENT.CAPTURE.COMPLETED", { id: "CAP1", amount });
    await fetch(at("faults?lose=1"));
    await send("WH-2", "PAYMENT.CAPTURE.REFUNDED", { id: "REF1", amount, links });
    await fetch(at("faults"));
    await runtime.untilIdle();
    const items = await tablesOf(runtime).ofTransaction("paypal:CAP1");
    expect(items.filter(({ kind }) => kind === "fact").map(({ providerType }) => providerType)).toEqual([
      "PAYMENT.CAPTURE.COMPLETED",
    ]);
    expect(items.some(({ kind }) => kind === "decision")).toBe(true);
    const credentials = { clientId: "flow_client_0001", clientSecret: "flow_secret_0001" };
    const ledger = createPaypalLedger({ ...credentials, apiUrl: runtime.providersUrl, now: Date.now });
    expect((await allEvents(ledger)).sort()).toEqual(["WH-1", "WH-2"]);
    const window = {
      from: new Date(Date.now() - minute).toISOString(),
      to: new Date(Date.now() + minute).toISOString(),
    };
    const { items: movements } = await ledger.movements({}, window);
    expect(movements.map(({ kind, objectId, amountMinor }) => [kind, objectId, amountMinor]).sort()).toEqual([
      ["payment", "CAP1", "250000"],
      ["refund", "CAP1", "250000"],
    ]);
  });

  it("of Mollie's arrive by forms that only have an id, each fact once, and later when Mollie was down", async () => {
    const client = new Client({ security: { apiKey: `test_${"f".repeat(30)}` }, serverURL: runtime.providersUrl });
    const ask = async <T>(path: string) =>
      (await (await fetch(`${runtime.awsUrl}/_local/providers/mollie/${path}`)).json()) as T;
    const amount = { currency: "USD", value: "2500.00" };
    const { id } = await client.payments.create({
      paymentRequest: { description: "Order 1", amount, redirectUrl: "https://shop.example" },
    });
    const facts = async () => {
      const items = await tablesOf(runtime).ofTransaction(`mollie:${id}`);
      return items.flatMap(({ kind, eventId }) => (kind === "fact" ? [eventId] : [])).sort();
    };
    await ask("trouble?kind=unavailable&path=/v2/payments");
    await ask(`pay?id=${id}`);
    const refused = await until("a refusal", async () => {
      const { pending } = await ask<{ pending: { lastStatus?: number }[] }>("deliveries");
      return pending.find(({ lastStatus }) => lastStatus !== undefined);
    });
    expect(refused.lastStatus).toBe(503);
    expect(await facts()).toEqual([]);
    await ask("trouble?kind=none");
    const decision = await tablesOf(runtime).decision(`mollie:${id}`);
    expect(decision.eventId).toBe(`mollie:${id}:paid`);
    const refund = await client.refunds.create({
      paymentId: id,
      refundRequest: { description: "", amount: { currency: "USD", value: "5.00" } },
    });
    await ask(`refund?id=${refund.id}`);
    const { id: chargebackId } = await ask<{ id: string }>(`chargeback?payment=${id}&amount=7.00`);
    const all = [`mollie:${chargebackId}:received`, `mollie:${refund.id}:refunded`, `mollie:${id}:paid`].sort();
    await until("all facts", async () => ((await facts()).length === all.length ? true : undefined));
    await runtime.untilIdle();
    expect(await facts()).toEqual(all);
    expect(await ask("deliveries")).toMatchObject({ counts: { sent: 3, pending: 0 } });
  });

  it("take their orders over HTTP, and say what is wrong with one", async () => {
    const event = {
      id: "evt_by_post",
      type: "account.updated",
      created: 1_795_000_000,
      data: { object: { id: "acct_1" } },
    };
    expect(await order(runtime, "import", { method: "POST", body: JSON.stringify([event]) })).toMatchObject({
      status: 200,
      imported: 1,
    });
    expect(await order(runtime, "faults?lose=7")).toEqual({ status: 400, error: expect.stringMatching(/shares/) });
    expect(await order(runtime, "trouble?kind=flood")).toMatchObject({ status: 400 });
    expect(await order(runtime, "nothing")).toMatchObject({ status: 404 });
  });

  it("are refused while Stripe is told to be down", async () => {
    const stripe = stripeOf(runtime);
    await order(runtime, "trouble?kind=down&path=/v1/payment_intents&times=9");
    await expect(pay(stripe, 1_000)).rejects.toMatchObject({ type: "StripeConnectionError" });
    await order(runtime, "trouble?kind=none");
    expect((await pay(stripe, 1_000)).status).toBe("succeeded");
  });
});
