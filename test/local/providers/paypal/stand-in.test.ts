import { captures, paypalEvent, startMs, startWorld, type World } from "./harness.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const token = async (authorization: string) => {
  const body = "grant_type=client_credentials";
  const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
  const response = await fetch(`${world.url}/v1/oauth2/token`, { method: "POST", headers, body });
  return (await response.json()) as { readonly access_token?: string; readonly error?: string };
};
const basic = `Basic ${Buffer.from("client_id_0001:client_secret_0001").toString("base64")}`;
const ask = async (target: string) => {
  const { access_token } = await token(basic);
  const response = await fetch(`${world.url}${target}`, { headers: { authorization: `Bearer ${access_token}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe("PayPal's stand-in", () => {
  it("gives a token for credentials, and nothing without one", async () => {
    expect(await token("Basic bm9ib2R5")).toMatchObject({ error: "invalid_client" });
    const response = await fetch(`${world.url}/v1/notifications/webhooks-events`);
    expect([response.status, await response.json()]).toMatchObject([401, { name: "AUTHENTICATION_FAILURE" }]);
    expect(await ask("/v1/notifications/webhooks-events")).toEqual({
      status: 200,
      body: { events: [], count: 0, links: [] },
    });
  });

  it("lists what is imported, once, and says what it refuses", async () => {
    const [one, two] = captures(2, startMs - 1000);
    expect(world.order("import", [one, two, one, { id: "WH-X" }])).toEqual({
      imported: 2,
      known: 1,
      refused: [{ id: "WH-X", why: "It is not an event of PayPal's: event_type." }],
    });
    const { body } = await ask("/v1/notifications/webhooks-events?page_size=1");
    expect(body).toMatchObject({ events: [two], count: 1, links: [{ rel: "next" }] });
    const named = await ask("/v1/notifications/webhooks-events?event_type=PAYMENT.CAPTURE.DENIED");
    expect(named.body.events).toEqual([]);
  });

  it.each([
    ["without dates", ""],
    ["of more than 31 days", "?start_date=2026-01-01T00:00:00Z&end_date=2026-03-01T00:00:00Z"],
    ["with pages of more than 500", "?start_date=2026-01-01T00:00:00Z&end_date=2026-01-02T00:00:00Z&page_size=501"],
    ["without seconds", "?start_date=2026-01-01T00:00Z&end_date=2026-01-02T00:00:00Z"],
  ])("refuses a search %s", async (_what, query) => {
    expect(await ask(`/v1/reporting/transactions${query}`)).toMatchObject({
      status: 400,
      body: { name: "INVALID_REQUEST" },
    });
  });

  it("sends signed webhooks, loses and misstates them as it is told", async () => {
    world.order("faults?misstate=1");
    world.order("import?send=true", captures(1, startMs));
    await world.untilDelivered();
    expect(JSON.parse(world.sent[0]?.body ?? "{}")).toMatchObject({ resource: { amount: { value: "2.50" } } });
    expect(world.sent[0]?.headers).toEqual({ "paypal-transmission-sig": "00" });
    const item = { payout_item_id: "I", payout_item: { amount: { currency: "JPY", value: "5" } } };
    world.order("import?send=true", [paypalEvent("WH-2", "PAYMENT.PAYOUTS-ITEM.SUCCEEDED", startMs, item)]);
    world.order("faults?lose=1");
    world.order("import?send=true", captures(1, startMs + 1000));
    await world.untilDelivered();
    expect(world.order("deliveries")).toMatchObject({
      counts: { lost: 1, misstated: 2, sent: 0 },
      misstated: [
        { misstatement: { field: "resource.amount.value", actual: 1.5, stated: 2.5 } },
        { misstatement: { field: "resource.payout_item.amount.value", actual: 5, stated: 6 } },
      ],
    });
  });

  it("knows no other questions, and says what is wrong with those that it knows", () => {
    expect(world.order("dispute")).toBeUndefined();
    expect(() => world.order("lag?seconds=soon")).toThrow(/seconds/);
    expect(() => world.order("import", {})).toThrow(/JSON list/);
  });
});
