import Stripe from "stripe";
import { apiVersion, platformId } from "../../../../local/providers/stripe/books.ts";
import { pay, startWorld, type World } from "./harness.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const typesOf = async (account?: string) => {
  const options = account === undefined ? {} : { stripeAccount: account };
  const { data } = await world.stripe.events.list({ limit: 100 }, options);
  return data.map(({ type }) => type).reverse();
};

describe("a payment", () => {
  it("is made by one request, with its charge and its money", async () => {
    const intent = await world.stripe.paymentIntents.create({
      amount: 12_500,
      currency: "usd",
      payment_method: "pm_card_visa",
      confirm: true,
      description: "A bicycle",
      metadata: { order: "7" },
      expand: ["latest_charge.balance_transaction"],
    });
    expect(intent).toMatchObject({ status: "succeeded", amount_received: 12_500, metadata: { order: "7" } });
    const charge = intent.latest_charge as Stripe.Charge;
    expect(charge).toMatchObject({ object: "charge", amount_captured: 12_500, paid: true, payment_intent: intent.id });
    expect(charge.payment_method_details?.card).toMatchObject({ brand: "visa", last4: "4242", country: "US" });
    expect(charge.outcome).toMatchObject({ type: "authorized", risk_score: 20 });
    expect(charge.balance_transaction).toMatchObject({
      amount: 12_500,
      fee: 393,
      net: 12_107,
      source: charge.id,
      reporting_category: "charge",
      status: "pending",
    });
    expect(await typesOf()).toEqual(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]);
  });

  it("may be made first and confirmed later", async () => {
    const { id, status } = await world.stripe.paymentIntents.create({ amount: 100, currency: "eur" });
    expect(status).toBe("requires_payment_method");
    const paid = await world.stripe.paymentIntents.confirm(id, { payment_method: "pm_card_mastercard" });
    expect(paid.status).toBe("succeeded");
    await expect(world.stripe.paymentIntents.confirm(id)).rejects.toMatchObject({
      code: "payment_intent_unexpected_state",
      statusCode: 400,
    });
  });

  it("in another currency is changed into the account's own", async () => {
    const intent = await pay(world, 10_000, { currency: "eur" });
    const { data } = await world.stripe.balanceTransactions.list({ source: String(intent.latest_charge) });
    expect(data).toMatchObject([{ amount: 11_600, currency: "usd", exchange_rate: 1.16 }]);
    const yen = await pay(world, 5_000, { currency: "jpy" });
    const { data: inYen } = await world.stripe.balanceTransactions.list({ source: String(yen.latest_charge) });
    expect(inYen).toMatchObject([{ amount: 3_300, currency: "usd", exchange_rate: 0.0066 }]);
  });

  it("is declined by the cards that are declined, and may be tried again with another", async () => {
    const error: unknown = await pay(world, 100, { card: "pm_card_chargeDeclinedInsufficientFunds" }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error).toMatchObject({ statusCode: 402, code: "card_declined", decline_code: "insufficient_funds" });
    const { id } = (error as Stripe.errors.StripeCardError).payment_intent ?? { id: "" };
    const failed = await world.stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] });
    expect(failed.status).toBe("requires_payment_method");
    expect(failed.last_payment_error).toMatchObject({ decline_code: "insufficient_funds" });
    expect(failed.latest_charge).toMatchObject({ status: "failed", paid: false, balance_transaction: null });
    expect(await typesOf()).toEqual(["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]);
    expect(await world.stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" })).toMatchObject({
      status: "succeeded",
      last_payment_error: null,
    });
  });

  it("waits for its customer where the card asks for him", async () => {
    const intent = await pay(world, 100, { card: "pm_card_authenticationRequired" });
    expect(intent).toMatchObject({ status: "requires_action", next_action: { type: "use_stripe_sdk" } });
    expect(await world.stripe.paymentIntents.confirm(intent.id)).toMatchObject({ status: "succeeded" });
  });

  it("may be captured later, in part; only what is captured moves", async () => {
    const { id } = await world.stripe.paymentIntents.create({
      amount: 900,
      currency: "usd",
      capture_method: "manual",
      payment_method: "pm_card_visa",
      confirm: true,
    });
    expect((await world.stripe.balanceTransactions.list()).data).toEqual([]);
    const captured = await world.stripe.paymentIntents.capture(id, { amount_to_capture: 400 });
    expect(captured).toMatchObject({ status: "succeeded", amount_received: 400, amount_capturable: 0 });
    expect((await world.stripe.balanceTransactions.list()).data).toMatchObject([{ amount: 400 }]);
    expect(await typesOf()).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.amount_capturable_updated",
      "charge.captured",
      "payment_intent.succeeded",
    ]);
  });

  it("may be canceled before it is paid, and not after", async () => {
    const { id } = await world.stripe.paymentIntents.create({ amount: 100, currency: "usd" });
    const canceled = await world.stripe.paymentIntents.cancel(id, { cancellation_reason: "abandoned" });
    expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned" });
    const paid = await pay(world, 100);
    await expect(world.stripe.paymentIntents.cancel(paid.id)).rejects.toMatchObject({
      code: "payment_intent_unexpected_state",
    });
  });

  it("may be a charge by itself, the older way", async () => {
    const charge = await world.stripe.charges.create({
      amount: 700,
      currency: "usd",
      source: "tok_visa",
      capture: false,
    });
    expect(charge).toMatchObject({ captured: false, payment_intent: null });
    expect(await world.stripe.charges.capture(charge.id, { amount: 500 })).toMatchObject({ amount_captured: 500 });
    await expect(
      world.stripe.charges.create({ amount: 700, currency: "usd", source: "tok_chargeDeclined" }),
    ).rejects.toMatchObject({ decline_code: "generic_decline" });
    expect((await world.stripe.charges.list()).data).toHaveLength(2);
  });
});

describe("a refund", () => {
  it("gives back parts until nothing is left", async () => {
    const intent = await pay(world, 1_000);
    const first = await world.stripe.refunds.create({ payment_intent: intent.id, amount: 300, expand: ["charge"] });
    expect(first).toMatchObject({ amount: 300, status: "succeeded", payment_intent: intent.id });
    expect(first.charge).toMatchObject({ amount_refunded: 300, refunded: false });
    await expect(world.stripe.refunds.create({ payment_intent: intent.id, amount: 800 })).rejects.toMatchObject({
      type: "StripeInvalidRequestError",
      param: "amount",
    });
    const rest = await world.stripe.refunds.create({ charge: String(intent.latest_charge) });
    expect(rest.amount).toBe(700);
    await expect(world.stripe.refunds.create({ payment_intent: intent.id })).rejects.toMatchObject({
      code: "charge_already_refunded",
    });
    const { data } = await world.stripe.events.list({ type: "charge.refunded" });
    expect(data.map((event) => event.data.previous_attributes)).toEqual([
      { amount_refunded: 300, refunded: false },
      { amount_refunded: 0 },
    ]);
    expect((await world.stripe.balanceTransactions.list({ type: "refund" })).data.map(({ net }) => net)).toEqual([
      -700, -300,
    ]);
    expect((await world.stripe.refunds.list({ payment_intent: intent.id })).data).toHaveLength(2);
  });
});

describe("a refund that fails", () => {
  it("by order gives the money back, and may be made again", async () => {
    const intent = await pay(world, 1_000);
    const { id } = await world.stripe.refunds.create({ payment_intent: intent.id });
    const before = (await world.stripe.balance.retrieve()).pending[0]?.amount ?? 0;
    world.order(`refund?id=${id}&status=failed&failure_reason=lost_or_stolen_card`);
    const failed = await world.stripe.refunds.retrieve(id, { expand: ["failure_balance_transaction", "charge"] });
    expect(failed).toMatchObject({ status: "failed", failure_reason: "lost_or_stolen_card", amount: 1_000 });
    expect(failed.failure_balance_transaction).toMatchObject({
      amount: 1_000,
      net: 1_000,
      source: id,
      type: "refund_failure",
      reporting_category: "refund_failure",
    });
    expect(failed.charge).toMatchObject({ amount_refunded: 0, refunded: false });
    const after = await world.stripe.balance.retrieve();
    expect((after.available[0]?.amount ?? 0) + (after.pending[0]?.amount ?? 0)).toBe(before);
    const { data } = await world.stripe.events.list({ types: ["refund.*", "charge.refund.updated"] });
    expect(data.map(({ type }) => type)).toEqual([
      "refund.failed",
      "refund.updated",
      "charge.refund.updated",
      "refund.created",
    ]);
    expect(data[0]?.data).toMatchObject({
      object: { id, status: "failed" },
      previous_attributes: { status: "succeeded" },
    });
    expect(await world.stripe.refunds.create({ payment_intent: intent.id })).toMatchObject({ status: "succeeded" });
  });

  it("by its test card succeeds at first", async () => {
    const intent = await pay(world, 1_000, { card: "pm_card_refundFail" });
    const refund = await world.stripe.refunds.create({ payment_intent: intent.id, amount: 400 });
    expect(refund.status).toBe("succeeded");
    world.clock.now += 60 * 1_000;
    await until(async () => (await world.stripe.refunds.retrieve(refund.id)).status === "failed");
    expect((await typesOf()).slice(-1)).toEqual(["refund.failed"]);
    expect(() => world.order(`refund?id=${refund.id}&status=failed`)).toThrow(/failed already/);
  });

  it.each(["refund?id=re_1&status=paid", "refund?id=re_1&status=failed&failure_reason=bad_mood"])(
    "doesn't by a wrong order: %s",
    (order) => {
      expect(() => world.order(order)).toThrow(/choose/);
    },
  );
});

describe("a dispute", () => {
  const disputed = async () => {
    await pay(world, 2_000, { card: "pm_card_createDispute" });
    const { data } = await world.stripe.disputes.list();
    return data[0]?.id ?? "";
  };

  it("comes by a test card, takes the money and a fee, and forbids a refund", async () => {
    const dispute = await world.stripe.disputes.retrieve(await disputed(), { expand: ["charge"] });
    expect(dispute).toMatchObject({ amount: 2_000, reason: "fraudulent", status: "needs_response" });
    expect(dispute.balance_transactions).toMatchObject([
      { amount: -2_000, fee: 1_500, net: -3_500, type: "adjustment", reporting_category: "dispute" },
    ]);
    expect(dispute.charge).toMatchObject({ disputed: true });
    await expect(world.stripe.refunds.create({ payment_intent: String(dispute.payment_intent) })).rejects.toMatchObject(
      { code: "charge_disputed" },
    );
  });

  it.each([
    ["winning_evidence", "won", ["charge.dispute.funds_reinstated", "charge.dispute.closed"]],
    ["losing_evidence", "lost", ["charge.dispute.closed"]],
  ])("is decided by %s", async (text, status, events) => {
    const id = await disputed();
    const closed = await world.stripe.disputes.update(id, { evidence: { uncategorized_text: text } });
    expect(closed.status).toBe(status);
    expect((await typesOf()).slice(-events.length)).toEqual(events);
    await expect(world.stripe.disputes.close(id)).rejects.toMatchObject({ statusCode: 400 });
  });

  it("may be accepted, and opened by order", async () => {
    const intent = await pay(world, 500);
    const { id } = world.order<{ id: string }>(`dispute?charge=${intent.latest_charge}&reason=duplicate`);
    expect(await world.stripe.disputes.retrieve(id)).toMatchObject({ reason: "duplicate" });
    expect(await world.stripe.disputes.close(id)).toMatchObject({ status: "lost" });
  });
});

describe("a payout", () => {
  const day = 24 * 60 * 60 * 1_000;

  it("takes what is available, and is paid when its day comes", async () => {
    await pay(world, 10_000);
    await expect(world.stripe.payouts.create({ amount: 5_000, currency: "usd" })).rejects.toMatchObject({
      code: "balance_insufficient",
    });
    world.clock.now += 3 * day;
    const payout = await world.stripe.payouts.create({ amount: 5_000, currency: "usd" });
    expect(payout).toMatchObject({ status: "pending", method: "standard" });
    expect((await world.stripe.balance.retrieve()).available).toMatchObject([{ amount: 9_680 - 5_000 }]);
    world.clock.now += 2 * day;
    await until(async () => (await world.stripe.payouts.retrieve(payout.id)).status === "paid");
    expect((await typesOf()).slice(-2)).toEqual(["payout.created", "payout.paid"]);
  });

  it("fails by order, and gives the money back", async () => {
    await pay(world, 10_000, { card: "pm_card_bypassPending" });
    const { id } = await world.stripe.payouts.create({ amount: 1_000, currency: "usd" });
    world.order(`payout?id=${id}&status=failed&failure_code=no_account`);
    const failed = await world.stripe.payouts.retrieve(id, { expand: ["failure_balance_transaction"] });
    expect(failed).toMatchObject({ status: "failed", failure_code: "no_account" });
    expect(failed.failure_balance_transaction).toMatchObject({
      amount: 1_000,
      source: id,
      type: "payout_failure",
      reporting_category: "payout_reversal",
    });
    expect((await typesOf()).slice(-2)).toEqual(["payout.created", "payout.failed"]);
  });

  it("fails even when it was paid", async () => {
    await pay(world, 10_000, { card: "pm_card_bypassPending" });
    const { id } = await world.stripe.payouts.create({ amount: 1_000, currency: "usd", method: "instant" });
    world.order(`payout?id=${id}&status=paid`);
    world.order(`payout?id=${id}&status=failed`);
    expect((await typesOf()).slice(-3)).toEqual(["payout.created", "payout.paid", "payout.failed"]);
    expect((await world.stripe.balance.retrieve()).available).toMatchObject([{ amount: 9_680 }]);
    expect(() => world.order(`payout?id=${id}&status=failed`)).toThrow(/failed already/);
  });

  it("may be canceled while it is pending", async () => {
    await pay(world, 10_000, { card: "pm_card_bypassPending" });
    const { id } = await world.stripe.payouts.create({ amount: 1_000, currency: "usd" });
    expect(await world.stripe.payouts.cancel(id)).toMatchObject({ status: "canceled" });
    await expect(world.stripe.payouts.cancel(id)).rejects.toMatchObject({ statusCode: 400 });
  });
});

describe("connected accounts", () => {
  const open = () =>
    world.stripe.accounts.create({
      type: "custom",
      country: "GB",
      business_type: "individual",
      external_account: "btok_us_verified",
      tos_acceptance: { date: 1_795_000_000, ip: "127.0.0.1" },
      capabilities: { card_payments: { requested: true } },
    });

  it("have books of their own", async () => {
    const { id, default_currency: currency, charges_enabled: isEnabled } = await open();
    expect([currency, isEnabled]).toEqual(["gbp", true]);
    await pay(world, 100, { currency: "gbp", account: id });
    expect(await typesOf()).toEqual([]);
    expect(await typesOf(id)).toHaveLength(3);
    await world.untilDelivered();
    expect(world.events().map(({ account }) => account)).toEqual([id, id, id]);
    expect((await world.stripe.charges.list({}, { stripeAccount: id })).data).toHaveLength(1);
  });

  it("are enabled once all is known of them", async () => {
    const account = await world.stripe.accounts.create({ type: "express" });
    expect(account.requirements?.currently_due).toContain("business_type");
    const told = await world.stripe.accounts.update(account.id, {
      business_type: "company",
      external_account: "btok_us",
      tos_acceptance: { date: 1_795_000_000 },
    });
    expect(told).toMatchObject({ charges_enabled: true, payouts_enabled: true, requirements: { currently_due: [] } });
    const { data } = await world.stripe.events.list({}, { stripeAccount: account.id });
    expect(data).toMatchObject([
      { type: "account.updated", data: { previous_attributes: { charges_enabled: false } } },
    ]);
  });

  it("are listed without the platform, and gone once they are deleted", async () => {
    const [one, other] = [await open(), await open()];
    expect((await world.stripe.accounts.list()).data.map(({ id }) => id)).toEqual([other.id, one.id]);
    expect(await world.stripe.accounts.del(one.id)).toEqual({ id: one.id, object: "account", deleted: true });
    expect((await world.stripe.accounts.list()).data.map(({ id }) => id)).toEqual([other.id]);
    await expect(world.stripe.events.list({}, { stripeAccount: one.id })).rejects.toMatchObject({
      type: "StripePermissionError",
      code: "account_invalid",
    });
    expect((await world.stripe.accounts.retrieveCurrent()).id).toBe(platformId);
  });
});

it("renders its events in the version of the SDK that is used", () => {
  expect(apiVersion).toBe(Stripe.API_VERSION);
});

/** Looks again until it is so; the test's own time-out is the limit. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
