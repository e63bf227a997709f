import { aStripeEvent, someBooks } from "./books.ts";
import { aRequest, aWorkplace } from "./workplace.ts";

const names = ["acct_1", "acct_2", "acct_3"];
const firstNight = "2026-11-20T01:30:00.000Z";

type Place = ReturnType<typeof aWorkplace>;

function theNextNight({ clock, run }: Place) {
  clock.nowMs += 24 * 60 * 60 * 1000;
  return run({ ...aRequest, scheduledAt: new Date(clock.nowMs).toISOString() });
}

/** A place whose accounts were all checked in the first night, and where one is gone in the second. */
async function withoutOne() {
  const place = aWorkplace(someBooks(...names));
  const first = await place.run();
  expect([first.unchecked, first.discrepancies]).toEqual([[], []]);
  place.books.events.delete("acct_2");
  return { ...place, second: await theNextNight(place) };
}

async function resolve({ discrepancies, clock }: Place, id: string) {
  const at = new Date(clock.nowMs).toISOString();
  await discrepancies.close(id, { status: "RESOLVED", at, by: "Ada", why: "has left us" });
}

describe("an account that isn't listed any more", () => {
  it("is unchecked since it was last checked, and told in the morning", async () => {
    const { second, alerts } = await withoutOne();
    expect(second.unchecked).toEqual([
      expect.objectContaining({ account: "acct_2", part: "events", code: "account-gone", from: firstNight }),
    ]);
    expect(second.discrepancies).toEqual([
      expect.objectContaining({ kind: "account-gone", severity: "HIGH", account: "acct_2", occurredAt: firstNight }),
    ]);
    expect(alerts.map(({ topic }) => topic)).toEqual(["reconciliation"]);
    expect(alerts[0]?.text).toContain("HIGH  account-gone  acct_2  open");
  });

  it("rings until a person resolves it, and then no more", async () => {
    const place = await withoutOne();
    const third = await theNextNight(place);
    expect([third.unchecked.length, third.discrepancies, third.carried.length]).toEqual([1, [], 1]);
    await resolve(place, place.second.discrepancies[0]?.id ?? "");
    place.alerts.splice(0);
    for (let night = 4; night <= 6; night += 1) {
      const { unchecked, discrepancies, carried } = await theNextNight(place);
      expect([unchecked, discrepancies, carried]).toEqual([[], [], []]);
    }
    expect(place.alerts).toEqual([]);
    expect(place.progress.times.get("stripe#acct_2")).toBeUndefined();
  });

  it("is checked since it was last checked once it is listed again", async () => {
    const place = await withoutOne();
    const missed = aStripeEvent({ id: "evt_1", occurredAt: "2026-11-20T12:00:00.000Z", account: "acct_2" });
    place.books.events.set("acct_2", [missed]);
    const third = await theNextNight(place);
    expect(third.unchecked).toEqual([]);
    expect(third.discrepancies.map(({ kind, account }) => [kind, account])).toEqual([
      ["missed-critical-event", "acct_2"],
    ]);
    expect(third.carried.map(({ kind, status }) => [kind, status])).toEqual([["account-gone", "REPAIRED"]]);
  });

  it("rings anew when it goes a second time, though a person has resolved the first", async () => {
    const place = await withoutOne();
    const [first] = place.second.discrepancies;
    await resolve(place, first?.id ?? "");
    await theNextNight(place);
    place.books.events.set("acct_2", []);
    await theNextNight(place);
    place.books.events.delete("acct_2");
    const { discrepancies, unchecked } = await theNextNight(place);
    expect(discrepancies.map(({ kind, account }) => [kind, account])).toEqual([["account-gone", "acct_2"]]);
    expect(discrepancies[0]?.id).not.toBe(first?.id);
    expect(unchecked).toHaveLength(1);
  });

  it("isn't said to be gone where the accounts could not all be listed", async () => {
    const place = aWorkplace(someBooks(...names));
    await place.run();
    place.books.events.delete("acct_2");
    place.books.failures.set("accounts", "unauthorized");
    const second = await theNextNight(place);
    expect(second.unchecked.map(({ part, code }) => [part, code])).toEqual([["accounts", "unauthorized"]]);
    expect(second.discrepancies).toEqual([]);
  });
});
