import { limits } from "../../../config/limits.ts";
import { ownIdSuffix } from "../../../lambdas/shared/domain/own-id.ts";
import { aFactRecord, aRawRecord } from "../../support/memory-archive.ts";
import { aMovement, aStripeEvent, someBooks } from "./books.ts";
import { aRequest, aWorkplace, moneyOf, scheduledAt } from "./workplace.ts";

const listed = (place: ReturnType<typeof aWorkplace>, ...events: readonly ReturnType<typeof aStripeEvent>[]) =>
  void place.books.events.get("")?.push(...events);

describe("rule 17: the provider's events", () => {
  it("that we never took are re-entered as such, without a signature", async () => {
    const place = aWorkplace();
    listed(place, aStripeEvent({ id: "evt_1" }), aStripeEvent({ id: "evt_2", type: "customer.updated" }));
    const report = await place.run();
    expect(
      report.discrepancies.map(({ kind, severity, action, eventId }) => [kind, severity, action, eventId]),
    ).toEqual([
      ["missed-critical-event", "CRITICAL", "re-entered", "stripe:evt_1"],
      ["missed-event", "MEDIUM", "re-entered", "stripe:evt_2"],
    ]);
    const [message] = place.messages();
    expect(message).toMatchObject({
      source: "reconciliation",
      event: { eventId: "stripe:evt_1", amountMinor: "5000", currency: "USD" },
      raw: { headers: {} },
    });
    expect(report).toMatchObject({ totalEventsChecked: 2, missedEvents: 2, retriedEvents: 2, successfulRetries: 0 });
  });

  it("that we recorded as they are told are fine", async () => {
    const place = aWorkplace();
    const event = aStripeEvent({ id: "evt_1" });
    listed(place, event);
    place.recorded(event);
    const report = await place.run();
    expect(report).toMatchObject({ discrepancies: [], unchecked: [], totalEventsChecked: 1, factsChecked: 1 });
    expect(place.alerts).toEqual([]);
    expect(report.totals).toEqual([
      {
        provider: "stripe",
        currency: "USD",
        theirPayments: "5000",
        ourPayments: "5000",
        theirRefunds: "0",
        ourRefunds: "0",
      },
    ]);
  });

  it.each([
    ["amount-mismatch", { amountMinor: 5001n }],
    ["currency-mismatch", { currency: "EUR" }],
    ["status-mismatch", { type: "payment.failed" }],
  ] as const)("that we recorded otherwise are a %s, and are left alone", async (kind, change) => {
    const place = aWorkplace();
    const event = aStripeEvent({ id: "evt_1" });
    listed(place, event);
    place.recorded(event, change);
    const report = await place.run();
    expect(report.discrepancies).toEqual([expect.objectContaining({ kind, action: "none", eventId: "stripe:evt_1" })]);
    expect(place.messages()).toEqual([]);
  });

  it("that FAILED are retried while retries are left, and then are a person's", async () => {
    const place = aWorkplace();
    const [first, second] = [aStripeEvent({ id: "evt_1" }), aStripeEvent({ id: "evt_2" })];
    listed(place, first, second);
    place.claimed(first, { status: "FAILED" });
    place.failedBefore(second, limits.reconciliationRetries);
    const report = await place.run();
    expect(report.discrepancies.map(({ kind, eventId }) => [kind, eventId])).toEqual([
      ["failed-for-good", "stripe:evt_2"],
      ["failed-event", "stripe:evt_1"],
    ]);
    expect(place.messages().map(({ event }) => event.eventId)).toEqual(["stripe:evt_1"]);
    expect(report).toMatchObject({ failedEvents: 2, retriedEvents: 1 });
  });

  it("that are PROCESSING are left to whoever holds them, until the lease is over", async () => {
    const place = aWorkplace();
    const [held, lost] = [
      aStripeEvent({ id: "evt_1", occurredAt: "2026-11-19T05:00:00.000Z" }),
      aStripeEvent({ id: "evt_2" }),
    ];
    listed(place, held, lost);
    place.claimed(held, { status: "PROCESSING", leaseExpiresAt: place.clock.nowMs + 1 });
    place.claimed(lost, { status: "PROCESSING", leaseExpiresAt: place.clock.nowMs });
    const report = await place.run();
    expect(report.discrepancies).toEqual([
      expect.objectContaining({ kind: "processing-expired", eventId: "stripe:evt_2" }),
    ]);
    // The next run begins where the event in progress is.
    expect(place.progress.times.get("stripe#-")).toBe(held.occurredAt);
  });

  it("count once, however the pages shift", async () => {
    const place = aWorkplace();
    place.books.isShifting = true;
    listed(place, ...["evt_1", "evt_2", "evt_3", "evt_4", "evt_5", "evt_6", "evt_7"].map((id) => aStripeEvent({ id })));
    const report = await place.run();
    expect(report).toMatchObject({ totalEventsChecked: 7, missedEvents: 7 });
    expect(place.messages()).toHaveLength(7);
  });

  it("of every connected account are read", async () => {
    const place = aWorkplace(someBooks("acct_1", "acct_2", "acct_3", "acct_4"));
    place.books.events.get("acct_4")?.push(aStripeEvent({ id: "evt_1", account: "acct_4" }));
    const report = await place.run();
    expect(report.discrepancies).toEqual([expect.objectContaining({ account: "acct_4", eventId: "stripe:evt_1" })]);
    expect(report.windows).toHaveLength(5);
  });
});

describe("the provider's money", () => {
  const payment = aStripeEvent({ id: "1" });

  it("that no fact tells of is unknown money", async () => {
    const place = aWorkplace();
    place.books.movements.get("")?.push(aMovement({ movementId: "txn_1" }));
    const report = await place.run();
    expect(report.discrepancies).toEqual([
      expect.objectContaining({ kind: "unknown-money", severity: "HIGH", transactionId: "stripe:pi_1" }),
    ]);
    expect(report.moneyMovementsChecked).toBe(1);
  });

  it("in another amount is the fact's mismatch, under the id that its event gives it", async () => {
    const [byMoney, byEvent] = [aWorkplace(), aWorkplace()];
    byMoney.recorded(payment, { amountMinor: 4000n });
    byMoney.books.known.set("1", true);
    byMoney.books.movements.get("")?.push(aMovement({ movementId: "txn_1" }));
    byEvent.recorded(payment, { amountMinor: 4000n });
    listed(byEvent, payment);
    byEvent.books.movements.get("")?.push(aMovement({ movementId: "txn_1" }));
    const [first, second] = [await byMoney.run(), await byEvent.run()];
    expect(first.discrepancies).toEqual([expect.objectContaining({ kind: "amount-mismatch", eventId: "stripe:1" })]);
    expect(second.discrepancies.map(({ id }) => id)).toEqual(first.discrepancies.map(({ id }) => id));
  });

  it("isn't told of twice where the event has told of it", async () => {
    const place = aWorkplace();
    listed(place, payment);
    place.books.movements.get("")?.push(aMovement({ movementId: "txn_1" }));
    expect((await place.run()).discrepancies.map(({ kind }) => kind)).toEqual(["missed-critical-event"]);
  });

  describe("of two refunds of one payment that are just alike", () => {
    const at = (hour: string) => `2026-11-19T${hour}:00:00.000Z`;
    const refund = (movementId: string, hour: string) =>
      aMovement({ movementId, kind: "refund", providerType: "refund", amountMinor: "100", occurredAt: at(hour) });
    const refunded = (hour: string) =>
      aFactRecord({ eventId: `stripe:re_${hour}`, type: "refund.created", amountMinor: 100n, occurredAt: at(hour) });

    function placeWith(hours: readonly string[], movements: readonly ReturnType<typeof refund>[]) {
      const place = aWorkplace();
      place.recorded(payment);
      place.books.known.set("1", true);
      place.facts.push(...hours.map(refunded));
      place.books.movements.get("")?.push(...movements);
      return place;
    }

    it.each([
      ["the later", "10", "txn_2"],
      ["the earlier", "12", "txn_1"],
    ])("is found by its money where we know one of them: %s is missing", async (_which, known, missing) => {
      // Newest first, a page each: as Stripe lists them.
      const place = placeWith([known], [refund("txn_2", "12"), refund("txn_1", "10")]);
      place.books.pageItems = 1;
      const { discrepancies } = await place.run();
      // A fact of the later refund is none of the earlier one, by which it would be known if it came first.
      const found = discrepancies.map(({ kind, movementId }) => [kind, movementId]);
      expect(found).toEqual([["unknown-money", missing]]);
    });

    it("is nothing where we know both, and two findings where we know none", async () => {
      const both = placeWith(["10", "12"], [refund("txn_1", "10"), refund("txn_2", "12")]);
      expect((await both.run()).discrepancies).toEqual([]);
      const none = placeWith([], [refund("txn_1", "10"), refund("txn_2", "12")]);
      expect((await none.run()).discrepancies.map(({ movementId, sameMoney }) => [movementId, sameMoney])).toEqual([
        ["txn_1", 0],
        ["txn_2", 1],
      ]);
    });

    it("is found where we know the one of the night before", async () => {
      const place = placeWith(
        ["10"],
        [refund("txn_1", "10"), { ...refund("txn_2", "10"), occurredAt: "2026-11-20T10:00:00.000Z" }],
      );
      expect((await place.run()).discrepancies).toEqual([]);
      place.clock.nowMs += 24 * 60 * 60 * 1000;
      const second = await place.run({ ...aRequest, scheduledAt: "2026-11-21T02:00:00.000Z" });
      expect(second.discrepancies).toEqual([
        expect.objectContaining({ kind: "unknown-money", movementId: "txn_2", sameMoney: 1 }),
      ]);
    });
  });

  it("on its way is fine while it is told of in any way: a payout is paid days after it is sent", async () => {
    const place = aWorkplace();
    const created = aStripeEvent({ id: "2", type: "payout.created", object: { object: "payout" } });
    listed(place, created);
    place.recorded(created, { type: "other", providerType: "payout.created", ...moneyOf(undefined, undefined) });
    place.books.movements.get("")?.push(aMovement({ movementId: "txn_2", kind: "payout", objectId: "pi_2" }));
    expect((await place.run()).discrepancies).toEqual([]);
  });

  it("of a payment that we know only as begun is a status mismatch", async () => {
    const place = aWorkplace();
    const created = aStripeEvent({ id: "2", type: "payment_intent.created" });
    listed(place, created);
    place.recorded(created, {
      type: "other",
      providerType: "payment_intent.created",
      ...moneyOf(undefined, undefined),
    });
    place.books.movements.get("")?.push(aMovement({ movementId: "txn_2", objectId: "pi_2" }));
    const report = await place.run();
    expect(report.discrepancies).toEqual([
      expect.objectContaining({ kind: "status-mismatch", transactionId: "stripe:pi_2", ours: { status: "other" } }),
    ]);
  });
});

describe("our facts", () => {
  it("that the provider didn't list and doesn't know are reported; what it can't tell is unchecked", async () => {
    const place = aWorkplace();
    for (const [id, isKnown] of [
      ["a", true],
      ["b", false],
      ["c", undefined],
    ] as const) {
      place.recorded(aStripeEvent({ id }));
      if (isKnown !== undefined) place.books.known.set(id, isKnown);
    }
    const report = await place.run();
    expect(report.discrepancies).toEqual([
      expect.objectContaining({ kind: "unknown-to-provider", severity: "CRITICAL", eventId: "stripe:b" }),
    ]);
    expect(report.unchecked).toEqual([
      expect.objectContaining({ part: "facts", eventId: "stripe:c", code: "forgotten" }),
    ]);
  });

  it("that a person booked under an id of their own are asked for by the provider's id", async () => {
    const place = aWorkplace();
    const own = ownIdSuffix(aRawRecord({}).sha256);
    place.recorded(aStripeEvent({ id: "a" }), { eventId: `stripe:a${own}` });
    place.books.known.set("a", true);
    expect(await place.run()).toMatchObject({ discrepancies: [], unchecked: [] });
    expect(place.books.asked).toContainEqual(expect.stringContaining("knows"));
  });

  it("are asked for in the account that their webhook told of", async () => {
    const place = aWorkplace(someBooks("acct_1"));
    place.recorded(aStripeEvent({ id: "a", account: "acct_1" }));
    place.books.known.set("a", true);
    await place.run();
    expect(place.books.asked.filter((question) => question.startsWith("knows"))).toEqual(["knows:acct_1"]);
  });

  it("whose body isn't at hand are unchecked, since nobody knows whose they are", async () => {
    const place = aWorkplace();
    place.recorded(aStripeEvent({ id: "a" }));
    for (const entries of place.ports.archive.entries.values()) {
      entries.raw = aRawRecord({ body: { bucket: "payloads", key: "a" } });
    }
    expect((await place.run()).unchecked).toEqual([expect.objectContaining({ code: "account-unknown" })]);
  });

  it("of other providers and of other times aren't asked for", async () => {
    const place = aWorkplace();
    place.ports.archive.recordFact(aFactRecord({ eventId: "github:1", receivedAt: "2026-11-19T12:00:00.000Z" }));
    place.recorded(aStripeEvent({ id: "late", occurredAt: "2026-11-20T01:50:00.000Z" }));
    expect(await place.run()).toMatchObject({ discrepancies: [], unchecked: [] });
    expect(place.books.asked).not.toContainEqual(expect.stringContaining("knows"));
  });

  it("of sealed days may have left the index, and that is said", async () => {
    const place = aWorkplace();
    await place.objects.create("manifests/dt=2026-11-19.json", Buffer.from("{}"));
    expect((await place.run()).unchecked).toEqual([
      expect.objectContaining({ part: "facts", code: "day-sealed", from: "2026-11-19T00:00:00.000Z" }),
    ]);
  });
});

describe("what can't be checked", () => {
  it("is an event that nobody can read, and the rest is checked", async () => {
    const place = aWorkplace();
    listed(
      place,
      { ...aStripeEvent({ id: "evt_1" }), body: "{" },
      aStripeEvent({ id: "evt_2" }),
      aStripeEvent({ id: "evt_3" }),
    );
    place.books.unreadable.add("evt_2");
    const report = await place.run();
    expect(report.unchecked.map(({ part, eventId, code }) => [part, eventId, code])).toEqual([
      ["event", "stripe:evt_2", "unreadable"],
      ["event", "stripe:evt_1", "json_malformed"],
    ]);
    expect(report.missedEvents).toBe(1);
  });

  it("is an account that is deleted half way; the others are checked", async () => {
    const place = aWorkplace(someBooks("acct_1", "acct_2"));
    place.books.failures.set("events:acct_1", "account-gone").set("money:acct_1", "account-gone");
    place.books.events.get("acct_2")?.push(aStripeEvent({ id: "evt_1", account: "acct_2" }));
    const report = await place.run();
    expect(report.unchecked.map(({ part, account, code }) => [part, account, code])).toEqual([
      ["events", "acct_1", "account-gone"],
      ["money", "acct_1", "account-gone"],
    ]);
    expect(report.missedEvents).toBe(1);
    expect(place.alerts.map(({ topic }) => topic)).toEqual(["critical", "reconciliation"]);
  });

  it("is everything where there is no key, and that has somebody get up", async () => {
    const place = aWorkplace();
    place.opened.answer = { kind: "closed", code: "no-api-key", detail: "No key." };
    const report = await place.run();
    expect(report.unchecked).toEqual([{ provider: "stripe", part: "accounts", code: "no-api-key", detail: "No key." }]);
    expect(place.alerts[0]).toMatchObject({
      topic: "critical",
      subject: "Reconciliation test: a provider can't be read",
    });
  });

  it("is left to the next run once the provider doesn't answer any more", async () => {
    const accounts = Array.from({ length: 9 }, (_, at) => `acct_${at}`);
    const place = aWorkplace(someBooks(...accounts));
    place.books.failures.set("events", "unavailable").set("money", "unavailable");
    const report = await place.run();
    expect(place.books.asked.filter((question) => question.startsWith("events"))).toHaveLength(3);
    expect(report.unchecked.filter(({ part }) => part === "accounts")).toHaveLength(1);
    expect(report.unchecked.filter(({ part }) => part === "facts")).toHaveLength(1);
  });

  it("is the list of accounts; the key's own account is checked all the same", async () => {
    const place = aWorkplace(someBooks("acct_1"));
    place.books.failures.set("accounts", "unauthorized");
    listed(place, aStripeEvent({ id: "evt_1" }));
    const report = await place.run();
    expect(report.unchecked.map(({ part, code }) => [part, code])).toEqual([["accounts", "unauthorized"]]);
    expect(report.missedEvents).toBe(1);
  });

  it("is all of a provider that is down: it is asked no more than it takes to know that", async () => {
    const place = aWorkplace(someBooks("acct_1"));
    for (const part of ["accounts", "events", "money"]) place.books.failures.set(part, "unavailable");
    place.recorded(aStripeEvent({ id: "evt_1" }));
    const report = await place.run();
    expect(place.books.asked).toEqual(["accounts", "events:", "money:"]);
    expect(report.unchecked.map(({ part }) => part)).toEqual(["accounts", "events", "money", "accounts", "facts"]);
    expect(place.progress.times.get("stripe#accounts")).toBe(report.windows[0]?.from.replace("T00", "T02"));
  });

  it("is checked again by the next run, from where this one began", async () => {
    const place = aWorkplace();
    place.books.failures.set("events", "unavailable").set("money", "unavailable");
    const first = await place.run();
    place.books.failures.clear();
    place.clock.nowMs += 3 * 24 * 60 * 60 * 1000;
    const later = new Date(place.clock.nowMs).toISOString();
    const second = await place.run({ ...aRequest, scheduledAt: later });
    expect(second.windows[0]?.from).toBe(first.windows[0]?.from);
    expect(second.unchecked.map(({ part }) => part)).toEqual([]);
    expect(place.progress.times.get("stripe#-")).toBe("2026-11-23T01:30:00.000Z");
  });

  it("is what lies further back than the provider remembers", async () => {
    const place = aWorkplace();
    place.progress.times.set("stripe#-", "2026-10-01T00:00:00.000Z");
    const report = await place.run();
    expect(report.unchecked[0]).toMatchObject({
      code: "out-of-reach",
      from: "2026-10-01T00:00:00.000Z",
      to: "2026-10-21T02:00:00.000Z",
    });
  });

  it("is a list that goes round in circles", async () => {
    const place = aWorkplace();
    const { answer } = place.opened;
    if (answer.kind !== "opened") throw new Error("not opened");
    const events = async () => ({ items: [], unreadable: [], next: "same" });
    place.opened.answer = { kind: "opened", ledger: { ...answer.ledger, events } };
    expect((await place.run()).unchecked[0]).toMatchObject({ part: "events", code: "unexpected-answer" });
  });
});

describe("time", () => {
  it("that is up ends an invocation with a checkpoint, from which the next goes on", async () => {
    const place = aWorkplace(someBooks("acct_1"));
    listed(place, ...["evt_1", "evt_2", "evt_3", "evt_4"].map((id) => aStripeEvent({ id })));
    let answers = 0;
    let invocations = 0;
    for (let done = false; !done; invocations += 1) {
      const { compare } = place.phases();
      answers = 0;
      done = (await compare(aRequest, () => answers++ > 0)).done;
      if (invocations > 2_000) throw new Error("It never ends");
    }
    expect(invocations).toBeGreaterThan(5);
    const { compare, settle } = place.phases();
    expect(await compare(aRequest, () => true)).toEqual({
      ...{ runId: "20261120T020000Z", done: true },
      // By one of many invocations.
      hasReentered: true,
    });
    const { report } = await settle("20261120T020000Z");
    expect(place.reportAt(report)).toMatchObject({ totalEventsChecked: 4, missedEvents: 4 });
    expect(place.messages()).toHaveLength(4);
  });

  it("isn't lost on waiting where nothing was re-entered", async () => {
    const place = aWorkplace();
    const event = aStripeEvent({ id: "evt_1" });
    listed(place, event);
    place.recorded(event);
    expect(await place.phases().compare(aRequest, () => false)).toMatchObject({ done: true, hasReentered: false });
  });

  it("that is up between two questions ends the step there, and none is asked twice", async () => {
    const place = aWorkplace();
    const ids = Array.from({ length: 12 }, (_, at) => `ours_${at}`);
    await place.objects.create("manifests/dt=2026-11-19.json", Buffer.from("{}"));
    for (const [at, id] of ids.entries()) {
      place.recorded(aStripeEvent({ id }), { transactionId: "stripe:pi_one", receivedAt: "2026-11-19T12:00:00.000Z" });
      place.books.known.set(id, at % 2 === 0);
    }
    const questions = () => place.books.asked.filter((question) => question.startsWith("knows")).length;
    let invocations = 0;
    for (let done = false; !done && invocations < 2_000; invocations += 1) {
      const before = questions();
      const { compare } = place.phases();
      // Two questions take all of an invocation's time.
      done = (await compare(aRequest, () => questions() - before >= 2)).done;
      expect(questions() - before).toBeLessThanOrEqual(2);
    }
    expect(invocations).toBeGreaterThanOrEqual(6);
    expect(questions()).toBe(ids.length);
    const { report } = await place.phases().settle("20261120T020000Z");
    expect(place.reportAt(report)).toMatchObject({ factsChecked: 12, unchecked: [{ code: "day-sealed" }] });
    expect(place.reportAt(report).discrepancies).toHaveLength(6);
  });

  it("of the window ends a quarter of an hour before the run, and begins a day and two hours before it", async () => {
    const place = aWorkplace();
    const report = await place.run();
    expect(report.windows).toEqual([
      { provider: "stripe", from: "2026-11-19T00:00:00.000Z", to: "2026-11-20T01:45:00.000Z" },
    ]);
    expect(scheduledAt).toBe("2026-11-20T02:00:00.000Z");
  });
});
