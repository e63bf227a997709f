import { aStripeEvent, someBooks } from "./books.ts";
import { aRequest, aWorkplace } from "./workplace.ts";

type Place = ReturnType<typeof aWorkplace>;

function theNextNight({ clock, run }: Place, days = 1) {
  clock.nowMs += days * 24 * 60 * 60 * 1000;
  return run({ ...aRequest, scheduledAt: new Date(clock.nowMs).toISOString() });
}

/** Facts that the provider doesn't list. */
function unlisted({ recorded, books }: Place, ids: readonly string[], isKnown: boolean) {
  for (const id of ids) {
    recorded(aStripeEvent({ id }));
    books.known.set(id, isKnown);
  }
}

const questions = ({ books }: Place) => books.asked.splice(0).filter((question) => question.startsWith("knows"));

describe("our facts of a night", () => {
  it.each(["unavailable", "rate-limited", "unauthorized", "unexpected-answer"] as const)(
    "in which asking was %s are asked for by the next, although all that is listed was checked",
    async (code) => {
      const place = aWorkplace();
      unlisted(place, ["a"], false);
      place.books.failures.set("knows", code);
      const first = await place.run();
      expect(first.unchecked.map(({ part, code: why }) => [part, why])).toEqual([["facts", code]]);
      place.books.failures.clear();
      const second = await theNextNight(place, 3);
      expect(second.discrepancies.map(({ kind, eventId }) => [kind, eventId])).toEqual([
        ["unknown-to-provider", "stripe:a"],
      ]);
      expect(second).toMatchObject({ unchecked: [], factsChecked: 1 });
      expect((await theNextNight(place, 3)).factsChecked).toBe(0);
    },
  );

  it("in which the provider was down are asked for by the next", async () => {
    const place = aWorkplace();
    unlisted(place, ["a"], false);
    for (const part of ["accounts", "events", "money"]) place.books.failures.set(part, "unavailable");
    await place.run();
    place.books.failures.clear();
    expect((await theNextNight(place, 3)).discrepancies).toHaveLength(1);
  });

  it("that are more than it is asked for are worked off over some nights, each asked for once", async () => {
    const place = aWorkplace();
    unlisted(
      place,
      Array.from({ length: 4_500 }, (_, at) => `ours_${at}`),
      true,
    );
    const first = await place.run();
    expect(first.unchecked.map(({ part, code }) => [part, code])).toEqual([["facts", "too-many-questions"]]);
    const asked = [questions(place).length];
    for (let night = 2; night <= 4; night += 1) {
      const { unchecked } = await theNextNight(place);
      expect(unchecked.map(({ code }) => code)).toEqual(night === 2 ? ["too-many-questions"] : []);
      asked.push(questions(place).length);
    }
    expect(asked).toEqual([2_000, 2_000, 500, 0]);
  });

  it("that lie further back than the provider remembers are said to be unchecked", async () => {
    const place = aWorkplace();
    place.progress.times.set("stripe#facts", "2026-10-01T00:00:00.000Z");
    expect((await place.run()).unchecked).toEqual([
      expect.objectContaining({ part: "facts", code: "out-of-reach", from: "2026-10-01T00:00:00.000Z" }),
    ]);
    expect((await theNextNight(place)).unchecked).toEqual([]);
  });
});

describe("an account whose books are closed", () => {
  const ids = ["a", "b", "c"];

  /** A night after which the account is gone, with facts of ours of its last day. */
  async function withoutOne(name: string) {
    const place = aWorkplace(someBooks("acct_1"));
    await place.run();
    for (const id of ids) {
      place.recorded(aStripeEvent({ id, account: name, occurredAt: "2026-11-20T12:00:00.000Z" }));
    }
    place.books.events.delete("acct_1");
    place.books.failures.set(`knows:${name}`, "account-gone");
    questions(place);
    return place;
  }
  const resolve = async ({ discrepancies, clock }: Place) => {
    const [found] = [...discrepancies.items.values()];
    const at = new Date(clock.nowMs).toISOString();
    await discrepancies.close(found?.id ?? "", { status: "RESOLVED", at, by: "Ada", why: "has left us" });
  };

  it("since it is gone is said once a run, asked for nothing, and not said once a person has resolved it", async () => {
    const place = await withoutOne("acct_1");
    const second = await theNextNight(place);
    expect(second.unchecked.map(({ part, account, code }) => [part, account, code])).toEqual([
      ["events", "acct_1", "account-gone"],
    ]);
    expect(questions(place)).toEqual([]);
    await resolve(place);
    // Its facts are looked at again, since those of others could not be asked for.
    place.progress.times.set("stripe#facts", "2026-11-20T01:30:00.000Z");
    for (let night = 3; night <= 5; night += 1) {
      expect((await theNextNight(place)).unchecked).toEqual([]);
      place.progress.times.set("stripe#facts", "2026-11-20T01:30:00.000Z");
      expect(questions(place).length).toBeLessThanOrEqual(1);
    }
  });

  it("since it is gone, and that was never checked, is a discrepancy that a person can resolve", async () => {
    const place = await withoutOne("acct_new");
    place.books.events.set("acct_1", []);
    const second = await theNextNight(place);
    expect(second.unchecked.map(({ part, account, code }) => [part, account, code])).toEqual([
      ["facts", "acct_new", "account-gone"],
    ]);
    expect(second.discrepancies.map(({ kind, account }) => [kind, account])).toEqual([["account-gone", "acct_new"]]);
    expect(questions(place)).toEqual(["knows:acct_new"]);
    await resolve(place);
    place.progress.times.set("stripe#facts", "2026-11-20T01:30:00.000Z");
    expect(await theNextNight(place)).toMatchObject({ unchecked: [], discrepancies: [] });
  });

  it("to the key is said once a run, and asked again by the next", async () => {
    const place = aWorkplace(someBooks("acct_1"));
    for (const id of ids) place.recorded(aStripeEvent({ id, account: "acct_1" }));
    place.books.failures.set("knows:acct_1", "unauthorized");
    expect((await place.run()).unchecked.map(({ account, code }) => [account, code])).toEqual([
      ["acct_1", "unauthorized"],
    ]);
    expect(questions(place)).toHaveLength(1);
    place.books.failures.clear();
    await theNextNight(place, 3);
    expect(questions(place)).toHaveLength(ids.length);
  });
});

describe("an event with an id that nobody can use", () => {
  const id = "evt_\u0000";
  const replaced = "b".repeat(64);

  it("is listed as our fact of it, which stands under another id", async () => {
    const place = aWorkplace();
    const event = aStripeEvent({ id });
    place.books.events.get("")?.push(event);
    await place.run();
    place.deliver();
    questions(place);
    expect(await theNextNight(place)).toMatchObject({ discrepancies: [], unchecked: [] });
    const again = await place.run({ ...aRequest, scheduledAt: "2026-11-20T03:00:00.000Z" });
    expect(again).toMatchObject({ discrepancies: [], unchecked: [] });
    expect(questions(place)).toEqual([]);
  });

  it("is asked for by the id in its body", async () => {
    const place = aWorkplace();
    place.recorded(aStripeEvent({ id }), { eventId: `stripe:${replaced}` });
    place.books.known.set(id, true).set(replaced, false);
    expect(await place.run()).toMatchObject({ discrepancies: [], unchecked: [], factsChecked: 1 });
  });
});

describe("a window that a person asks for", () => {
  it.each([
    [
      "out of the provider's reach",
      { from: "2026-09-01T00:00:00.000Z", to: "2026-09-02T00:00:00.000Z" },
      ["out-of-reach"],
    ],
    ["yet to settle", { from: "2026-11-20T01:55:00.000Z" }, []],
  ])("and that is %s is none: nothing is read, and none is shown", async (_where, window, codes) => {
    const place = aWorkplace();
    const report = await place.run({ ...aRequest, ...window });
    expect(report.windows).toEqual([]);
    expect(report.unchecked.map(({ code }) => code)).toEqual(codes);
    expect(place.books.asked).toEqual(["accounts"]);
  });
});
