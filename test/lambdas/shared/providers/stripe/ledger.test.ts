import type {
  LedgerAccount,
  ProviderLedger,
} from "../../../../../lambdas/shared/domain/reconciliation/provider-ledger.ts";
import { createStripeLedger } from "../../../../../lambdas/shared/providers/stripe/ledger.ts";
import { apiKey, pay, startMs, startWorld, type World } from "../../../../local/providers/stripe/harness.ts";
import { all, day, hour, iso, serving } from "../ledger-harness.ts";

let world: World;
let ledger: ProviderLedger;
/** Pauses that were asked for, in milliseconds; none is waited. */
let pauses: number[];

beforeEach(async () => {
  world = await startWorld();
  pauses = [];
  ledger = ledgerWith(apiKey);
});
afterEach(() => world.stop());

function ledgerWith(key: string): ProviderLedger {
  return createStripeLedger({
    apiKey: key,
    apiUrl: world.url,
    now: () => world.clock.now,
    wait: async (milliseconds) => void pauses.push(milliseconds),
  });
}

/** All of a test's day. */
const wide = { from: iso(startMs - day), to: iso(startMs + day) };

const eventsOf = (account: LedgerAccount = {}, window = wide) => all((after) => ledger.events(account, window, after));
const movementsOf = (account: LedgerAccount = {}, window = wide) =>
  all((after) => ledger.movements(account, window, after));

/** Payments as another system tells of them, a second apart, from this time on. */
function payments(count: number, fromMs: number): object[] {
  return Array.from({ length: count }, (_unused, index) => ({
    id: `evt_${fromMs}_${index}`,
    type: "payment_intent.succeeded",
    created: Math.floor(fromMs / 1_000) + index,
    data: { object: { id: `pi_${fromMs}_${index}`, object: "payment_intent", amount: 100 + index, currency: "usd" } },
  }));
}

const open = () => world.stripe.accounts.create({ type: "custom" });

describe("events", () => {
  it("are read to the last page, each as its webhook had it", async () => {
    world.order("import", payments(250, startMs - hour));
    const { items, unreadable, pages } = await eventsOf();
    expect([items.length, new Set(items.map(({ providerEventId }) => providerEventId)).size, pages]).toEqual([
      250, 250, 3,
    ]);
    expect(unreadable).toEqual([]);
    const [newest] = items;
    expect(JSON.parse(Buffer.from(newest?.body ?? []).toString())).toMatchObject({
      id: newest?.providerEventId,
      type: "payment_intent.succeeded",
      data: { object: { amount: 349 } },
    });
  });

  it("are those at or after the window's beginning and before its end", async () => {
    world.order("import", payments(10, startMs));
    const at = (seconds: number, milliseconds = 0) => iso(startMs + seconds * 1_000 + milliseconds);
    const ids = async (from: string, to: string) =>
      (await eventsOf({}, { from, to })).items.map(({ providerEventId }) => Number(providerEventId.split("_")[2]));
    expect(await ids(at(2), at(5))).toEqual([4, 3, 2]);
    expect(await ids(at(1, 1), at(4, 1))).toEqual([4, 3, 2]);
    expect(await ids(at(9, 1), at(99))).toEqual([]);
  });

  it("are all read though more happen meanwhile", async () => {
    world.order("import", payments(150, startMs - hour));
    const { items: first, next } = await ledger.events({}, wide);
    world.order("import", payments(80, startMs));
    const { items: second, next: third } = await ledger.events({}, wide, next);
    const ids = [...first, ...second].map(({ providerEventId }) => providerEventId);
    expect(third).toBeUndefined();
    expect(ids.filter((id) => id.startsWith(`evt_${startMs - hour}`))).toHaveLength(150);
  });

  it("go on where the last page ended, though that event is gone", async () => {
    world.order("import", payments(250, startMs - hour));
    const { items: first, next } = await ledger.events({}, wide);
    const gone = `${next?.split(".")[0]}.evt_gone`;
    const rest = await all((after) => ledger.events({}, wide, after ?? gone));
    const ids = [...first, ...rest.items].map(({ providerEventId }) => providerEventId);
    expect(new Set(ids).size).toBe(250);
    expect(ids.length).toBe(251);
  });

  it("that came garbled are named, and the others read", async () => {
    world.order("import", payments(3, startMs));
    world.trouble("kind=garbled&path=/v1/events");
    const { items, unreadable } = await eventsOf();
    expect(items.map(({ providerEventId }) => providerEventId)).toEqual([`evt_${startMs}_1`, `evt_${startMs}_0`]);
    expect(unreadable).toEqual([{ id: `evt_${startMs}_2`, detail: expect.stringMatching(/not an event/) }]);
  });

  it("that aren't events are named, and the others read", async () => {
    const stripe = await answering(() => ({
      object: "list",
      has_more: false,
      data: [{ id: "evt_1", type: "charge.updated", created: 1 }, { id: "evt_2" }, null, "evt_3"],
    }));
    const page = await stripe.events({}, wide);
    expect(page.items.map(({ providerEventId }) => providerEventId)).toEqual(["evt_1"]);
    expect(page.unreadable.map(({ id }) => id)).toEqual(["evt_2", undefined, undefined]);
  });
});

describe("accounts", () => {
  it("are the key's own, then all that are connected, page by page", async () => {
    for (let count = 0; count < 101; count++) await open();
    const { items, pages } = await all((after) => ledger.accounts(after));
    expect(items[0]).toEqual({});
    expect(new Set(items.slice(1).map(({ account }) => account)).size).toBe(101);
    expect(pages).toBe(3);
  });

  it("begin with the own one even where the others can't be listed", async () => {
    world.trouble("kind=unavailable");
    const { items, next } = await ledger.accounts();
    expect(items).toEqual([{}]);
    await expect(ledger.accounts(next)).rejects.toMatchObject({ code: "unavailable" });
  });

  it("go on behind an account that was deleted meanwhile", async () => {
    const made: string[] = [];
    for (let count = 0; count < 120; count++) {
      world.clock.now += 1_000;
      made.push((await open()).id);
    }
    const { next: first } = await ledger.accounts();
    const { items, next = "" } = await ledger.accounts(first);
    await world.stripe.accounts.del(next.split(".")[1] ?? "");
    const rest = await all((after) => ledger.accounts(after ?? next));
    const seen = new Set([...items, ...rest.items].map(({ account }) => account));
    expect(made.filter((id) => !seen.has(id))).toEqual([]);
  });

  it("with an id that can't be written down are named, and the others read", async () => {
    const stripe = await answering(() => ({
      object: "list",
      has_more: false,
      data: [{ id: "acct_1" }, { id: "acct_".padEnd(300, "x") }],
    }));
    const { items, unreadable } = await stripe.accounts((await stripe.accounts()).next);
    expect([items, unreadable.length]).toEqual([[{ account: "acct_1" }], 1]);
  });

  it("have events and money of their own", async () => {
    const { id } = await open();
    await pay(world, 500, { account: id });
    await pay(world, 700);
    expect((await eventsOf({ account: id })).items).toHaveLength(3);
    expect((await movementsOf({ account: id })).items).toMatchObject([{ amountMinor: "500" }]);
    expect((await movementsOf()).items).toMatchObject([{ amountMinor: "700" }]);
  });

  it("that were deleted are said to be gone", async () => {
    const { id } = await open();
    await world.stripe.accounts.del(id);
    await expect(ledger.events({ account: id }, wide)).rejects.toMatchObject({
      name: "LedgerError",
      code: "account-gone",
      message: expect.stringContaining(id),
    });
    await expect(ledger.movements({ account: id }, wide)).rejects.toMatchObject({ code: "account-gone" });
  });
});

describe("movements", () => {
  it("say what the customer paid, in his currency, and by what our transactions go", async () => {
    const intent = await pay(world, 10_000, { currency: "eur" });
    const charge = await world.stripe.charges.create({ amount: 300, currency: "usd", source: "tok_visa" });
    const refund = await world.stripe.refunds.create({ payment_intent: intent.id, amount: 4_000 });
    const { items, unreadable } = await movementsOf();
    expect(unreadable).toEqual([]);
    const occurredAt = iso(startMs);
    expect(items).toEqual([
      {
        movementId: String(refund.balance_transaction),
        kind: "refund",
        providerType: "refund",
        objectId: intent.id,
        amountMinor: "4000",
        currency: "EUR",
        occurredAt,
        madeAt: occurredAt,
      },
      {
        movementId: String(charge.balance_transaction),
        kind: "payment",
        providerType: "charge",
        objectId: charge.id,
        amountMinor: "300",
        currency: "USD",
        occurredAt,
      },
      expect.objectContaining({ kind: "payment", objectId: intent.id, amountMinor: "10000", currency: "EUR" }),
    ]);
  });

  it("have ISO's minor units where Stripe has others", async () => {
    await pay(world, 50_000, { currency: "isk" });
    expect((await movementsOf()).items).toMatchObject([{ amountMinor: "500", currency: "ISK" }]);
  });

  it("are what was captured, not what was allowed", async () => {
    const { id } = await world.stripe.paymentIntents.create({
      amount: 900,
      currency: "usd",
      capture_method: "manual",
      payment_method: "pm_card_visa",
      confirm: true,
    });
    await world.stripe.paymentIntents.capture(id, { amount_to_capture: 400 });
    expect((await movementsOf()).items).toMatchObject([{ objectId: id, amountMinor: "400" }]);
  });

  it("are disputes and their reversals, by the payment that they are of", async () => {
    const intent = await pay(world, 2_000, { card: "pm_card_createDispute" });
    const { data } = await world.stripe.disputes.list();
    await world.stripe.disputes.update(data[0]?.id ?? "", { evidence: { uncategorized_text: "winning_evidence" } });
    expect((await movementsOf()).items).toMatchObject([
      { kind: "dispute", providerType: "dispute_reversal", objectId: intent.id, amountMinor: "2000" },
      { kind: "dispute", providerType: "dispute", objectId: intent.id, amountMinor: "2000" },
      { kind: "payment", objectId: intent.id },
    ]);
  });

  it("are payouts once they are paid, in the window of their arrival", async () => {
    await pay(world, 10_000, { card: "pm_card_bypassPending" });
    const paid = await world.stripe.payouts.create({ amount: 1_000, currency: "usd", method: "instant" });
    await world.stripe.payouts.create({ amount: 2_000, currency: "usd" });
    const failed = await world.stripe.payouts.create({ amount: 3_000, currency: "usd" });
    world.order(`payout?id=${paid.id}&status=paid`);
    world.order(`payout?id=${failed.id}&status=failed`);
    const payouts = async (window = wide) =>
      (await movementsOf({}, window)).items.filter(({ kind }) => kind === "payout");
    expect(await payouts()).toEqual([
      {
        movementId: String(paid.balance_transaction),
        kind: "payout",
        providerType: "payout",
        objectId: paid.id,
        amountMinor: "1000",
        currency: "USD",
        occurredAt: iso(startMs),
      },
    ]);
    expect(await payouts({ from: iso(startMs - 2 * day), to: iso(startMs - day) })).toEqual([]);
    // One that is paid a day after it should have arrived is seen all the same.
    expect(await payouts({ from: iso(startMs + day), to: iso(startMs + 2 * day) })).toHaveLength(1);
    expect(await payouts({ from: iso(startMs + 2 * day + 1_000), to: iso(startMs + 3 * day) })).toEqual([]);
  });

  it("are read to the last page", async () => {
    world.order("import", payments(230, startMs - hour));
    const { items, pages } = await movementsOf();
    expect([items.length, new Set(items.map(({ movementId }) => movementId)).size]).toEqual([230, 230]);
    // Three of the balance, and the one of the payouts.
    expect(pages).toBe(4);
  });

  it("that can't be read are named", async () => {
    const stripe = await answering((path) => ({
      object: "list",
      has_more: false,
      data: path.startsWith("/v1/payouts")
        ? []
        : [
            { id: "txn_1", type: "charge", reporting_category: "charge", source: "ch_1", created: 1 },
            {
              id: "txn_2",
              type: "charge",
              reporting_category: "charge",
              source: { id: "ch_2", amount: 5, currency: "zzz" },
              created: 1,
            },
            { id: "txn_3", type: "stripe_fee", reporting_category: "fee", source: null, created: 1 },
            { reporting_category: "charge" },
            {
              id: "txn_5",
              type: "payment",
              reporting_category: "charge",
              source: { id: "py_1", amount: 5, currency: "usd", source_transfer: "tr_1" },
              created: 1,
            },
          ],
    }));
    const page = await stripe.movements({}, wide);
    expect(page.items).toEqual([]);
    expect(page.unreadable.map(({ id }) => id)).toEqual(["txn_1", "txn_2", undefined]);
  });
});

describe("knowsEvent", () => {
  it("knows what is there, and not what isn't, as long as Stripe remembers", async () => {
    await pay(world, 100);
    const [event] = (await eventsOf()).items;
    expect(await ledger.knowsEvent({}, event?.providerEventId ?? "", iso(startMs))).toBe(true);
    expect(await ledger.event({}, event?.providerEventId ?? "")).toEqual(event);
    expect(await ledger.event({}, "evt_never")).toBeUndefined();
    expect(await ledger.knowsEvent({}, "evt_never", iso(startMs))).toBe(false);
    expect(await ledger.knowsEvent({}, "evt_never", iso(startMs - 28 * day))).toBe(false);
    expect(await ledger.knowsEvent({}, "evt_never", iso(startMs - 30 * day))).toBeUndefined();
  });

  it("doesn't take a failure for a no", async () => {
    world.trouble("kind=garbage");
    await expect(ledger.knowsEvent({}, "evt_1", iso(startMs))).rejects.toMatchObject({ code: "unexpected-answer" });
  });
});

describe("on a bad day", () => {
  it("asks again, and reads on when Stripe is back", async () => {
    await pay(world, 100);
    world.trouble("kind=unavailable&times=1");
    world.trouble("kind=down&times=1");
    expect((await eventsOf()).items).toHaveLength(3);
  });

  it.each(["down", "unavailable"])("says that Stripe is %s", async (kind) => {
    world.trouble(`kind=${kind}`);
    await expect(ledger.events({}, wide)).rejects.toMatchObject({ name: "LedgerError", code: "unavailable" });
  });

  it("pauses longer and longer where it asks too much, and then says so", async () => {
    world.trouble("kind=rate-limited&times=2");
    expect((await eventsOf()).items).toEqual([]);
    expect(pauses).toEqual([1_000, 2_000]);
    world.trouble("kind=rate-limited");
    await expect(ledger.events({}, wide)).rejects.toMatchObject({ code: "rate-limited" });
    expect(pauses.slice(2)).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it("pauses as long as it is asked to, within reason", async () => {
    const asked = ["3", "86400", "soon"];
    const apiUrl = await serving((_incoming, outgoing) => {
      const pause = asked.shift();
      outgoing
        .writeHead(pause === undefined ? 401 : 429, pause === undefined ? {} : { "retry-after": pause })
        .end("{}");
    });
    const patient = createStripeLedger({
      apiKey,
      apiUrl,
      now: () => startMs,
      wait: async (milliseconds) => void pauses.push(milliseconds),
    });
    await expect(patient.events({}, wide)).rejects.toMatchObject({ code: "unauthorized" });
    expect(pauses).toEqual([3_000, 10_000, 4_000]);
  });

  it("doesn't wait for an answer that never comes", async () => {
    world.trouble("kind=slow");
    const hurried = createStripeLedger({ apiKey, apiUrl: world.url, now: () => startMs, timeoutMs: 50 });
    await expect(hurried.events({}, wide)).rejects.toMatchObject({ code: "unavailable" });
  });

  it("says that an answer is garbage", async () => {
    world.trouble("kind=garbage");
    await expect(ledger.events({}, wide)).rejects.toMatchObject({ code: "unexpected-answer" });
  });

  it.each([
    ["no list", { object: "charge" }],
    ["null", null],
    ["a list that doesn't say whether it goes on", { object: "list", data: [] }],
    ["a list that goes on nowhere", { object: "list", data: [], has_more: true }],
  ])("says that %s is no answer", async (_what, answer) => {
    const stripe = await answering(() => answer);
    await expect(stripe.events({}, wide)).rejects.toMatchObject({ code: "unexpected-answer" });
  });

  it("doesn't read the same page for ever", async () => {
    const stripe = await answering(() => ({
      object: "list",
      has_more: true,
      data: [{ id: "evt_1", type: "a.b", created: 1 }],
    }));
    const { next } = await stripe.events({}, wide);
    await expect(stripe.events({}, wide, next)).rejects.toMatchObject({ code: "unexpected-answer" });
  });

  it("tells of a wrong key, and doesn't quote it", async () => {
    const stranger = ledgerWith("sk_live_somebodyelses");
    const error: unknown = await stranger.events({}, wide).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unauthorized" });
    expect(String(error)).not.toMatch(/sk_live|elses/);
  });

  it("refuses a URL with a path, which the SDK would drop", () => {
    expect(() => createStripeLedger({ apiKey, apiUrl: "http://127.0.0.1:1/stripe", now: Date.now })).toThrow(/no path/);
  });
});

/** A ledger of an API that gives these answers by path. */
async function answering(answer: (path: string) => unknown): Promise<ProviderLedger> {
  const apiUrl = await serving((incoming, outgoing) => void outgoing.end(JSON.stringify(answer(incoming.url ?? ""))));
  return createStripeLedger({ apiKey, apiUrl, now: () => startMs });
}
