import Stripe from "stripe";
import { apiKey, pay, startMs, startWorld, type World } from "./harness.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const raw = (path: string, init: RequestInit & { readonly key?: string } = {}) =>
  fetch(`${world.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${init.key ?? apiKey}`, ...(init.headers as Record<string, string>) },
  });
const errorOf = async (response: Response) => ((await response.json()) as { error: Record<string, unknown> }).error;

describe("who asks", () => {
  it("is known by a test key, as a bearer's or a user's name", async () => {
    expect((await raw("/v1/balance")).status).toBe(200);
    const basic = `Basic ${Buffer.from(`${apiKey}:`).toString("base64")}`;
    expect((await raw("/v1/balance", { headers: { authorization: basic } })).status).toBe(200);
    expect((await raw("/v1/balance", { key: "rk_test_restricted" })).status).toBe(200);
  });

  it("is refused without a key, and with any other, which is quoted by its end alone", async () => {
    const nobody = await fetch(`${world.url}/v1/balance`);
    expect(nobody.status).toBe(401);
    expect((await errorOf(nobody)).message).toMatch(/^You did not provide an API key/);
    const stranger = await raw("/v1/balance", { key: "sk_live_abcdefgh1234" });
    expect(stranger.status).toBe(401);
    expect((await errorOf(stranger)).message).toBe("Invalid API Key provided: sk_live_********1234");
  });

  it("can't ask about an account that isn't connected", async () => {
    const refused = await raw("/v1/charges", { headers: { "stripe-account": "acct_stranger" } });
    expect([refused.status, (await errorOf(refused)).code]).toEqual([403, "account_invalid"]);
    await expect(world.stripe.accounts.retrieve("acct_stranger")).rejects.toMatchObject({ code: "account_invalid" });
  });
});

describe("what is asked", () => {
  it.each([
    ["POST", "/v1/payment_intents", "currency=usd", "parameter_missing", "amount"],
    ["POST", "/v1/payment_intents", "amount=1.5&currency=usd", "parameter_invalid_integer", "amount"],
    ["POST", "/v1/payment_intents", "amount=0&currency=usd", "parameter_invalid_integer", "amount"],
    ["POST", "/v1/payment_intents", "amount=100&currency=usd&colour=red", "parameter_unknown", "colour"],
    ["POST", "/v1/payment_intents", "amount=100&currency=usd&a[b]=c", "parameter_unknown", "a"],
    ["POST", "/v1/payment_intents", "amount=100&currency=zzz", undefined, "currency"],
    ["POST", "/v1/payment_intents", "amount=100&currency=usd&confirm=yes", undefined, "confirm"],
    [
      "POST",
      "/v1/payment_intents",
      "amount=100&currency=usd&payment_method=pm_card_none",
      "resource_missing",
      "payment_method",
    ],
    ["POST", "/v1/charges", "amount=100&currency=usd&source=tok_none", "resource_missing", "source"],
    ["POST", "/v1/refunds", "amount=1", undefined, undefined],
    ["GET", "/v1/events?limit=101", "", undefined, "limit"],
    ["GET", "/v1/events?starting_after=evt_none", "", "resource_missing", "starting_after"],
    ["GET", "/v1/events?type=a&types[]=b", "", undefined, undefined],
    ["GET", "/v1/balance_transactions?expand[]=data.amount", "", undefined, "expand"],
  ])("%s %s %s is refused with its parameter", async (method, path, body, code, param) => {
    await pay(world, 100);
    const response = await raw(path, {
      method,
      ...(method === "POST" && { body, headers: { "content-type": "application/x-www-form-urlencoded" } }),
    });
    expect(response.status).toBe(400);
    const error = await errorOf(response);
    expect({ type: error.type, code: error.code, param: error.param }).toEqual({
      type: "invalid_request_error",
      code,
      param,
    });
  });

  it("has to be there", async () => {
    await expect(world.stripe.charges.retrieve("ch_none")).rejects.toMatchObject({
      statusCode: 404,
      code: "resource_missing",
      message: "No such charge: 'ch_none'",
    });
    const unknown = await raw("/v1/charges/ch_1/paint", { method: "POST" });
    expect([unknown.status, (await errorOf(unknown)).message]).toEqual([
      404,
      expect.stringMatching(/^Unrecognized request URL \(POST: \/v1\/charges\/ch_1\/paint\)/),
    ]);
    expect((await raw("/v2/core/events")).status).toBe(404);
  });

  it("is answered with what the SDK tells of an answer", async () => {
    const intent = await pay(world, 100);
    expect(intent.lastResponse).toMatchObject({
      statusCode: 200,
      requestId: expect.stringMatching(/^req_\w{14}$/),
      apiVersion: Stripe.API_VERSION,
      idempotencyKey: expect.stringMatching(/^stripe-node-retry-/),
    });
    const [event] = (await world.stripe.events.list({ limit: 1 })).data;
    expect(event?.request).toEqual({
      id: intent.lastResponse.requestId,
      idempotency_key: intent.lastResponse.idempotencyKey,
    });
  });
});

describe("a key of idempotency", () => {
  const params = { amount: 100, currency: "usd", payment_method: "pm_card_visa", confirm: true };
  const idempotencyKey = "order-7";

  it("makes one payment of two requests, and says so", async () => {
    const first = await world.stripe.paymentIntents.create(params, { idempotencyKey });
    const again = await world.stripe.paymentIntents.create(params, { idempotencyKey });
    expect(again).toEqual(first);
    expect(again.lastResponse.headers).toMatchObject({ "idempotent-replayed": "true" });
    expect((await world.stripe.charges.list()).data).toHaveLength(1);
  });

  it("stands for its first parameters", async () => {
    await world.stripe.paymentIntents.create(params, { idempotencyKey });
    await expect(
      world.stripe.paymentIntents.create({ ...params, amount: 200 }, { idempotencyKey }),
    ).rejects.toMatchObject({ type: "StripeIdempotencyError", statusCode: 400 });
  });

  it("repeats a decline, and lets a request that never began be put right", async () => {
    const declined = { ...params, payment_method: "pm_card_chargeDeclined" };
    const ask = () => world.stripe.paymentIntents.create(declined, { idempotencyKey });
    const [first, again] = [await ask().catch((error) => error), await ask().catch((error) => error)];
    expect(again.payment_intent.id).toBe(first.payment_intent.id);
    const key = { idempotencyKey: "order-8" };
    await expect(world.stripe.paymentIntents.create({ ...params, currency: "zzz" }, key)).rejects.toThrow(/currency/);
    expect((await world.stripe.paymentIntents.create(params, key)).status).toBe("succeeded");
  });

  it("is one of an account, and of a day", async () => {
    const { id } = await world.stripe.accounts.create({ type: "custom" });
    const here = await world.stripe.paymentIntents.create(params, { idempotencyKey });
    const there = await world.stripe.paymentIntents.create(params, { idempotencyKey, stripeAccount: id });
    world.clock.now += 25 * 60 * 60 * 1_000;
    const tomorrow = await world.stripe.paymentIntents.create(params, { idempotencyKey });
    expect(new Set([here.id, there.id, tomorrow.id]).size).toBe(3);
  });
});

describe("a list", () => {
  const made: string[] = [];
  beforeEach(async () => {
    made.length = 0;
    for (let count = 0; count < 7; count++) {
      // Two in each second.
      world.clock.now = startMs + Math.floor(count / 2) * 1_000;
      made.unshift((await world.stripe.paymentIntents.create({ amount: 100 + count, currency: "usd" })).id);
    }
  });
  const ids = async (params: Stripe.PaymentIntentListParams) =>
    (await world.stripe.paymentIntents.list(params)).data.map(({ id }) => id);

  it("has the newest first, also of one second, ten to a page", async () => {
    expect(await ids({})).toEqual(made);
    const { has_more: hasMore, url } = await world.stripe.paymentIntents.list({ limit: 6 });
    expect([hasMore, url]).toEqual([true, "/v1/payment_intents"]);
    expect((await world.stripe.paymentIntents.list({ limit: 7 })).has_more).toBe(false);
  });

  it("goes on both ways, as far as the SDK pages by itself", async () => {
    expect(await ids({ starting_after: made[2] ?? "", limit: 2 })).toEqual(made.slice(3, 5));
    expect(await ids({ ending_before: made[4] ?? "", limit: 2 })).toEqual(made.slice(2, 4));
    const forwards = await world.stripe.paymentIntents.list({ limit: 3 }).autoPagingToArray({ limit: 100 });
    expect(forwards.map(({ id }) => id)).toEqual(made);
    const backwards = world.stripe.paymentIntents.list({ limit: 3, ending_before: made.at(-1) ?? "" });
    expect((await backwards.autoPagingToArray({ limit: 100 })).map(({ id }) => id)).toEqual(
      made.slice(0, -1).reverse(),
    );
  });

  it("is of the time that is asked for", async () => {
    const first = startMs / 1_000;
    expect(await ids({ created: first + 1 })).toEqual(made.slice(3, 5));
    expect(await ids({ created: { gte: first + 1, lt: first + 2 } })).toEqual(made.slice(3, 5));
    expect(await ids({ created: { gt: first + 1, lte: first + 3 } })).toEqual(made.slice(0, 3));
    expect(await ids({ created: { gt: first + 3 } })).toEqual([]);
  });

  it("of events is of the types that are asked for, for thirty days", async () => {
    await pay(world, 100);
    const count = async (params: Stripe.EventListParams) =>
      (await world.stripe.events.list({ limit: 100, ...params })).data.length;
    expect(await count({ type: "payment_intent.*" })).toBe(9);
    expect(await count({ types: ["charge.succeeded", "payment_intent.succeeded"] })).toBe(2);
    world.clock.now += 31 * 24 * 60 * 60 * 1_000;
    expect(await count({})).toBe(0);
  });
});

describe("the balance", () => {
  it("is pending for two days, and available then", async () => {
    const { latest_charge: charge } = await pay(world, 10_000);
    await world.stripe.refunds.create({ charge: String(charge), amount: 1_000 });
    const amounts = async () => {
      const { available, pending } = await world.stripe.balance.retrieve();
      return [available[0]?.amount, pending[0]?.amount];
    };
    expect(await amounts()).toEqual([-1_000, 9_680]);
    world.clock.now += 2 * 24 * 60 * 60 * 1_000;
    expect(await amounts()).toEqual([8_680, 0]);
    const [refund, payment] = (await world.stripe.balanceTransactions.list()).data;
    expect([refund?.status, payment?.status]).toEqual(["available", "available"]);
  });
});
