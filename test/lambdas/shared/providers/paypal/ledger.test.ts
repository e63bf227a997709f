import type { ProviderLedger } from "../../../../../lambdas/shared/domain/reconciliation/provider-ledger.ts";
import { createPaypalLedger } from "../../../../../lambdas/shared/providers/paypal/ledger.ts";
import {
  captures,
  credentials,
  paypalEvent,
  startMs,
  startWorld,
  type World,
} from "../../../../local/providers/paypal/harness.ts";
import { all, day, hour, iso, serving } from "../ledger-harness.ts";

let world: World;
let ledger: ProviderLedger;
/** Pauses that were asked for, in milliseconds; none is waited. */
let pauses: number[];

beforeEach(async () => {
  world = await startWorld();
  pauses = [];
  ledger = ledgerAt(world.url);
});
afterEach(() => world.stop());

function ledgerAt(apiUrl: string, changes: object = {}): ProviderLedger {
  return createPaypalLedger({
    ...credentials,
    apiUrl,
    now: () => world.clock.now,
    wait: async (milliseconds) => void pauses.push(milliseconds),
    ...changes,
  });
}

const wide = { from: iso(startMs - day), to: iso(startMs) };

const eventsOf = (window = wide, from = ledger) => all((after) => from.events({}, window, after));
const movementsOf = (window = wide, from = ledger) => all((after) => from.movements({}, window, after));

describe("events", () => {
  it("are read to the last page, each as its webhook had it", async () => {
    const made = captures(250, startMs - 2 * hour);
    world.order("import", made);
    const { items, unreadable, pages } = await eventsOf();
    expect(pages).toBe(3);
    expect(unreadable).toEqual([]);
    const bodies = new Map(items.map(({ providerEventId, body }) => [providerEventId, JSON.parse(String(body))]));
    expect([...bodies.values()].toReversed()).toEqual(made);
  });

  it("are those of the window, to the second", async () => {
    world.order("import", captures(10, startMs - hour));
    const at = (seconds: number) => iso(startMs - hour + seconds * 1_000);
    const { items } = await eventsOf({ from: at(2), to: at(5) });
    const numbers = items.map(({ providerEventId }) => Number(providerEventId.split("-")[2]));
    // What happens in the window's last second is listed, too: PayPal's ends are inclusive.
    expect(numbers).toEqual([5, 4, 3, 2]);
  });

  it("are read in halves where a full page doesn't say how it goes on", async () => {
    const made = captures(230, startMs - hour);
    const linkless = await answering((url) => {
      const query = new URL(url, "http://x").searchParams;
      const [from, to] = ["start_time", "end_time"].map((name) => Date.parse(query.get(name) ?? ""));
      const found = made.filter((one) => {
        const time = Date.parse((one as { create_time: string }).create_time);
        return time >= (from ?? 0) && time <= (to ?? 0);
      });
      return { events: found.slice(0, Number(query.get("page_size"))), count: 0 };
    });
    const { items } = await eventsOf(wide, linkless);
    expect(new Set(items.map(({ providerEventId }) => providerEventId)).size).toBe(230);
  });

  it("of one second that are more than PayPal tells are said to be", async () => {
    const flood = await answering(() => ({
      events: Array.from({ length: 100 }, () => ({ id: "WH-1", event_type: "A" })),
    }));
    await expect(eventsOf(wide, flood)).rejects.toMatchObject({ code: "unexpected-answer" });
  });

  it("go on at the host that was asked, whatever host a link names", async () => {
    const asked: string[] = [];
    const elsewhere = await answering((url) => {
      asked.push(url);
      const links =
        asked.length === 1 ? [{ rel: "next", href: "https://evil.example/v1/notifications/webhooks-events?p=2" }] : [];
      return { events: [{ id: `WH-${asked.length}`, event_type: "A" }], links };
    });
    expect((await eventsOf(wide, elsewhere)).items).toHaveLength(2);
    expect(asked[1]).toBe("/v1/notifications/webhooks-events?p=2");
  });

  it.each([
    "https://api-m.paypal.com/v1/oauth2/token?x=1",
    "https://api-m.paypal.com/v1/notifications/webhooks-events",
    7,
  ])("don't go on at %p", async (href) => {
    const astray = await answering(() => ({ events: [], links: [{ rel: "next", href }] }));
    await expect(eventsOf(wide, astray)).rejects.toMatchObject({ code: "unexpected-answer" });
  });

  it("that came garbled are named, and the others read", async () => {
    world.order("import", captures(3, startMs - hour));
    world.trouble("kind=garbled&path=/v1/notifications");
    const { items, unreadable } = await eventsOf();
    expect(items).toHaveLength(2);
    expect(unreadable).toEqual([{ id: `WH-${startMs - hour}-2`, detail: expect.stringMatching(/not an event/) }]);
  });
});

describe("movements", () => {
  const refund = (id: string, value: string) => ({
    id,
    amount: { currency_code: "USD", value },
    links: [{ rel: "up", href: "https://api.paypal.com/v2/payments/captures/CAP1" }],
  });
  const item = {
    payout_item_id: "ITEM1",
    transaction_id: "PAYOUT1",
    payout_item: { amount: { currency: "HUF", value: "5000" } },
  };

  it("are payments, refunds, reversals and payouts, by what our transactions go", async () => {
    const at = startMs - hour;
    world.order("import", [
      paypalEvent("WH-1", "PAYMENT.CAPTURE.COMPLETED", at, {
        id: "CAP1",
        amount: { currency_code: "USD", value: "10.00" },
      }),
      paypalEvent("WH-2", "PAYMENT.CAPTURE.REFUNDED", at + 1_000, refund("REF1", "4.00")),
      paypalEvent("WH-3", "PAYMENT.CAPTURE.REVERSED", at + 2_000, refund("REV1", "6.00")),
      paypalEvent("WH-4", "PAYMENT.PAYOUTS-ITEM.SUCCEEDED", at + 3_000, item),
      paypalEvent("WH-5", "CHECKOUT.ORDER.APPROVED", at + 4_000, { id: "ORDER1" }),
    ]);
    const { items, unreadable } = await movementsOf();
    expect(unreadable).toEqual([]);
    expect(items).toEqual([
      {
        movementId: "CAP1",
        kind: "payment",
        providerType: "T0006",
        objectId: "CAP1",
        amountMinor: "1000",
        currency: "USD",
        occurredAt: iso(at),
      },
      expect.objectContaining({ movementId: "REF1", kind: "refund", objectId: "CAP1", amountMinor: "400" }),
      expect.objectContaining({ movementId: "REV1", kind: "refund", objectId: "CAP1", amountMinor: "600" }),
      expect.objectContaining({ kind: "payout", objectId: "PAYOUT1", amountMinor: "500000", currency: "HUF" }),
    ]);
  });

  it("are read to the last page", async () => {
    world.order("import", captures(1_100, startMs - 2 * hour));
    const { items, pages } = await movementsOf();
    expect([new Set(items.map(({ movementId }) => movementId)).size, pages]).toEqual([1_100, 3]);
  });

  it("are looked for three hours further back, since they appear that late", async () => {
    world.order("import", captures(1, startMs - 4 * hour));
    world.order("lag?seconds=10800");
    const at = (hours: number) => iso(startMs + hours * hour);
    // An hour and a half after it happened, the transaction isn't there yet.
    world.clock.now = startMs - 2.5 * hour;
    expect((await movementsOf({ from: at(-24), to: at(-2.75) })).items).toHaveLength(0);
    world.clock.now = startMs;
    expect((await movementsOf({ from: at(-2.75), to: at(-0.25) })).items).toHaveLength(1);
  });

  it("of books that are older than they should be are not said to be all", async () => {
    world.order("lag?seconds=36000");
    await expect(ledger.movements({}, wide)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/until 2026-11-19T02/),
    });
  });

  it("of more than 31 days are asked for in parts", async () => {
    world.order("import", [...captures(1, startMs - 40 * day), ...captures(1, startMs - day)]);
    const { items, pages } = await movementsOf({ from: iso(startMs - 45 * day), to: iso(startMs) });
    expect([items.length, pages]).toEqual([2, 2]);
  });

  it("that are too many for one answer are asked for in halves", async () => {
    world.order("import", captures(10_500, startMs - 10 * hour));
    const { items } = await movementsOf();
    expect(new Set(items.map(({ movementId }) => movementId)).size).toBe(10_500);
  });

  it("whose list changes while it is read are read from its beginning", async () => {
    const counts = [501, 502, 502, 502];
    const list = await answering((url) => {
      const page = Number(new URL(url, "http://x").searchParams.get("page"));
      const total = counts.shift() ?? 502;
      const ids = Array.from({ length: total }, (_, index) => `T${total - index}`).slice((page - 1) * 500, page * 500);
      return { transaction_details: ids.map((id) => transaction(id)), total_items: total, total_pages: 2 };
    });
    const { items } = await movementsOf(wide, list);
    expect(new Set(items.map(({ movementId }) => movementId)).size).toBe(502);
    let growing = 500;
    const restless = await answering(() => {
      growing += 1;
      return { transaction_details: [], total_items: growing, total_pages: 2 };
    });
    await expect(movementsOf(wide, restless)).rejects.toMatchObject({ code: "unexpected-answer" });
  });

  it("that are of other kinds are left out, and those that can't be read are named", async () => {
    const given = await answering(() => ({
      transaction_details: [
        transaction("A", { transaction_event_code: "T0006", transaction_status: "P" }),
        transaction("B", { transaction_event_code: "T0400" }),
        transaction("C", {
          transaction_event_code: "T0006",
          transaction_amount: { currency_code: "USD", value: "-1.00" },
        }),
        transaction("D", { transaction_event_code: "T0001" }),
        transaction("E", { transaction_event_code: undefined }),
        transaction("F", { transaction_amount: { currency_code: "JPY", value: "1.5" } }),
        transaction("G", { transaction_initiation_date: "yesterday" }),
        transaction("H", {
          transaction_event_code: "T1201",
          paypal_reference_id: "CAP1",
          paypal_reference_id_type: "TXN",
        }),
        transaction("I", { transaction_status: "V" }),
        transaction("J", {
          transaction_event_code: "T1201",
          paypal_reference_id: "C".repeat(600),
          paypal_reference_id_type: "TXN",
        }),
        transaction("K".repeat(600)),
        {},
      ],
      total_items: 12,
      total_pages: 1,
    }));
    const { items, unreadable } = await movementsOf(wide, given);
    expect(items.map(({ movementId, kind, objectId }) => [movementId, kind, objectId])).toEqual([
      ["H", "dispute", "CAP1"],
      ["I", "payment", "I"],
    ]);
    expect(unreadable.map(({ id }) => id)).toEqual(["E", "F", "G", "J", undefined, undefined]);
  });
});

function transaction(id: string, changes: object = {}): object {
  const info = {
    transaction_id: id,
    transaction_event_code: "T0006",
    transaction_status: "S",
    transaction_initiation_date: "2026-11-19T01:00:00+0000",
    transaction_amount: { currency_code: "USD", value: "1.00" },
  };
  return { transaction_info: { ...info, ...changes } };
}

describe("accounts and single events", () => {
  it("are the key's own account alone", async () => {
    expect(await ledger.accounts()).toEqual({ items: [{}], unreadable: [] });
  });

  it("are known, unknown, or too old to tell", async () => {
    world.order("import", captures(1, startMs - hour));
    expect(await ledger.knowsEvent({}, `WH-${startMs - hour}-0`, iso(startMs))).toBe(true);
    expect((await ledger.event({}, `WH-${startMs - hour}-0`))?.providerEventId).toBe(`WH-${startMs - hour}-0`);
    expect(await ledger.event({}, "WH-NEVER")).toBeUndefined();
    expect(await ledger.knowsEvent({}, "WH-NEVER", iso(startMs - 28 * day))).toBe(false);
    expect(await ledger.knowsEvent({}, "WH-NEVER", iso(startMs - 30 * day))).toBeUndefined();
    world.trouble("kind=garbage");
    await expect(ledger.knowsEvent({}, "WH-NEVER", iso(startMs))).rejects.toMatchObject({ code: "unexpected-answer" });
  });
});

describe("on a bad day", () => {
  it("asks again, and reads on when PayPal is back", async () => {
    world.order("import", captures(2, startMs - hour));
    world.trouble("kind=unavailable&times=1");
    world.trouble("kind=down&times=1");
    expect((await eventsOf()).items).toHaveLength(2);
  });

  it.each(["down", "unavailable"])("says that PayPal is %s", async (kind) => {
    world.trouble(`kind=${kind}`);
    await expect(ledger.events({}, wide)).rejects.toMatchObject({ name: "LedgerError", code: "unavailable" });
    expect(pauses).toEqual([500, 1_000]);
  });

  it("pauses longer and longer where it asks too much, and then says so", async () => {
    world.trouble("kind=rate-limited&times=2&path=/v1/notifications");
    expect((await eventsOf()).items).toEqual([]);
    expect(pauses).toEqual([1_000, 2_000]);
    world.trouble("kind=rate-limited&path=/v1/notifications");
    await expect(ledger.events({}, wide)).rejects.toMatchObject({ code: "rate-limited" });
    expect(pauses.slice(2)).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it("doesn't wait for an answer that never comes", async () => {
    world.trouble("kind=slow");
    const hurried = ledgerAt(world.url, { timeoutMs: 50 });
    await expect(hurried.events({}, wide)).rejects.toMatchObject({ code: "unavailable" });
  });

  it("says that an answer is garbage", async () => {
    world.trouble("kind=garbage");
    await expect(ledger.events({}, wide)).rejects.toMatchObject({ code: "unexpected-answer" });
  });

  it("has a new token when the old one has ended, or is withdrawn before", async () => {
    await eventsOf();
    world.clock.now += 9 * hour;
    expect((await eventsOf()).unreadable).toEqual([]);
    const other = await startWorld();
    // Another server knows none of the first one's tokens.
    let target = world.url;
    const proxy = await answeringBy((url, init) => fetch(`${target}${url}`, init));
    const moved = ledgerAt(proxy);
    await eventsOf(wide, moved);
    target = other.url;
    expect((await eventsOf(wide, moved)).unreadable).toEqual([]);
    await other.stop();
  });

  it("tells of wrong credentials, and doesn't quote them", async () => {
    const stranger = ledgerAt(world.url, { clientSecret: "no secret" });
    const error: unknown = await stranger.events({}, wide).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unauthorized", message: expect.stringContaining("invalid_client") });
    expect(String(error)).not.toContain("no secret");
  });
});

/** A ledger of an API that gives tokens, and these answers by path and query. */
async function answering(answer: (url: string) => unknown): Promise<ProviderLedger> {
  const url = await answeringBy(async (target) =>
    Response.json(target === "/v1/oauth2/token" ? { access_token: "t", expires_in: 32_400 } : answer(target)),
  );
  return ledgerAt(url);
}

function answeringBy(answer: (url: string, init: RequestInit) => Promise<Response>): Promise<string> {
  return serving(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = {
      authorization: incoming.headers.authorization ?? "",
      "content-type": incoming.headers["content-type"] ?? "",
    };
    const isPost = incoming.method === "POST";
    const init = { method: incoming.method ?? "GET", headers, ...(isPost && { body: Buffer.concat(chunks) }) };
    const response = await answer(incoming.url ?? "", init);
    outgoing.writeHead(response.status).end(await response.text());
  });
}
