import { limits } from "../../../config/limits.ts";
import { aFactRecord } from "../../support/memory-archive.ts";
import { aMovement, aStripeEvent, someBooks } from "./books.ts";
import { aRequest, aWorkplace, moneyOf, runId } from "./workplace.ts";

const dayMs = 24 * 60 * 60 * 1000;

function theNextDay({ clock }: ReturnType<typeof aWorkplace>) {
  clock.nowMs += dayMs;
  return { ...aRequest, scheduledAt: new Date(clock.nowMs).toISOString() };
}

async function comparedWith(...events: readonly ReturnType<typeof aStripeEvent>[]) {
  const place = aWorkplace();
  place.books.events.get("")?.push(...events);
  const { compare, settle } = place.phases();
  await compare(aRequest, () => false);
  return { ...place, settle };
}

describe("settling a run", () => {
  it("closes what was re-entered and is recorded by now", async () => {
    const place = await comparedWith(aStripeEvent({ id: "evt_1" }), aStripeEvent({ id: "evt_2" }));
    place.deliver();
    place.claimed(aStripeEvent({ id: "evt_2" }), { status: "FAILED" });
    const report = place.reportAt((await place.settle(runId)).report);
    expect(report.discrepancies.map(({ eventId, status, closedBy }) => [eventId, status, closedBy])).toEqual([
      ["stripe:evt_1", "REPAIRED", runId],
      ["stripe:evt_2", "OPEN", undefined],
    ]);
    expect(report).toMatchObject({ retriedEvents: 2, successfulRetries: 1, open: { found: 1, foundCritical: 1 } });
    expect([...place.discrepancies.items.values()].map(({ status }) => status)).toEqual(["REPAIRED", "OPEN"]);
  });

  it("a second time changes nothing and tells nobody", async () => {
    const place = await comparedWith(aStripeEvent({ id: "evt_1" }));
    const first = await place.settle(runId);
    const [before, alerts, measures] = [place.reportAt(first.report), place.alerts.length, place.measures.length];
    place.deliver();
    place.clock.nowMs += 1_000;
    expect(await place.settle(runId)).toEqual(first);
    expect(place.reportAt(first.report)).toEqual(before);
    expect([place.alerts.length, place.measures.length]).toEqual([alerts, measures]);
  });

  it("refuses a run that isn't there, or isn't compared to its end", async () => {
    const place = aWorkplace();
    const { compare, settle } = place.phases();
    await expect(settle(runId)).rejects.toMatchObject({ code: "run-not-compared" });
    await compare(aRequest, () => true);
    await expect(settle(runId)).rejects.toMatchObject({ code: "run-not-compared" });
  });

  it("names a discrepancy that can't be read, and goes on with the others", async () => {
    const place = await comparedWith(aStripeEvent({ id: "evt_1" }));
    const id = "c".repeat(16);
    place.discrepancies.unreadable.push({ id, provider: "stripe", places: ["transactionId"] });
    const report = place.reportAt((await place.settle(runId)).report);
    expect(report.discrepancies.map(({ eventId }) => eventId)).toEqual(["stripe:evt_1"]);
    expect(report.unchecked).toEqual([
      expect.objectContaining({
        part: "discrepancy",
        code: "unreadable-discrepancy",
        detail: expect.stringContaining(id),
      }),
    ]);
    const [, alert] = place.alerts;
    expect(alert?.text).toContain(`reconcile report --run ${runId} --env test`);
    expect(alert?.text).toContain("reconcile list --env test");
  });

  it("writes the page beside the report", async () => {
    const place = await comparedWith(aStripeEvent({ id: "evt_1" }));
    const { report } = await place.settle(runId);
    expect(report).toBe(`reconciliation/dt=2026-11-20/run=${runId}/report.json`);
    const page = place.objects.stored.get(report.replace(/json$/, "html"))?.bytes ?? Buffer.of();
    expect(Buffer.from(page).toString()).toContain("stripe:evt_1");
  });

  it("measures the run by the names that alarms look at", async () => {
    const place = await comparedWith(aStripeEvent({ id: "evt_1" }), { ...aStripeEvent({ id: "evt_2" }), body: "[" });
    place.deliver();
    await place.settle(runId);
    expect(place.measures).toEqual([
      {
        "WebhookReconciliation.EventsChecked": 2,
        "WebhookReconciliation.MissedEvents": 1,
        "WebhookReconciliation.FailedEvents": 0,
        "WebhookReconciliation.SuccessfulRetries": 1,
        "WebhookReconciliation.Discrepancies": 1,
        "WebhookReconciliation.CriticalDiscrepancies": 1,
        "WebhookReconciliation.OpenCriticalDiscrepancies": 0,
        "WebhookReconciliation.Unchecked": 1,
      },
    ]);
  });
});

describe("a critical discrepancy that stays open", () => {
  async function carried() {
    const place = aWorkplace();
    const wrong = aStripeEvent({ id: "evt_1" });
    place.books.events.get("")?.push(wrong);
    place.recorded(wrong, { amountMinor: 1n });
    await place.run();
    const first = place.alerts.length;
    await place.run(theNextDay(place));
    return { ...place, later: place.alerts.slice(first), theNext: () => place.run(theNextDay(place)) };
  }
  const openCritical = ({ measures }: Pick<ReturnType<typeof aWorkplace>, "measures">) =>
    measures.map((measure) => measure["WebhookReconciliation.OpenCriticalDiscrepancies"]);

  it("is counted by every run until a person closes it", async () => {
    const place = await carried();
    const [found] = [...place.discrepancies.items.values()];
    const at = new Date(place.clock.nowMs).toISOString();
    await place.discrepancies.close(found?.id ?? "", { status: "RESOLVED", at, by: "Ada", why: "a test charge" });
    await place.theNext();
    expect(openCritical(place)).toEqual([1, 1, 0]);
  });

  it("is told of each night with its age, to those who hear of everything", async () => {
    const { later } = await carried();
    expect(later.map(({ topic, subject }) => [topic, subject])).toEqual([
      ["reconciliation", "Reconciliation test: 0 discrepancies, 0 unchecked, 1 critical from before"],
    ]);
    expect(later[0]?.text).toMatch(
      /^CRITICAL {2}amount-mismatch {2}stripe:evt_1 {2}open for 1 d 0 h {2}[0-9a-f]{16}$/m,
    );
  });
});

describe("alerts", () => {
  it("name kinds and ids, and nothing of a body", async () => {
    const place = await comparedWith(
      aStripeEvent({ id: "evt_1", object: { receipt_email: "jane@example.com", customer: "cus_9" } }),
    );
    await place.settle(runId);
    expect(place.alerts.map(({ topic, subject }) => [topic, subject])).toEqual([
      ["critical", "Reconciliation test: 1 critical discrepancy"],
      ["reconciliation", "Reconciliation test: 1 discrepancy, 0 unchecked"],
    ]);
    const text = place.alerts.map((alert) => alert.text).join();
    expect(text).toContain("CRITICAL  missed-critical-event  stripe:evt_1  open");
    expect(text).not.toMatch(/jane|cus_9|5000/);
  });

  it("ring once for a discrepancy: it is carried without a noise from then on", async () => {
    const place = await comparedWith(aStripeEvent({ id: "evt_1", type: "customer.updated" }));
    await place.settle(runId);
    expect(place.alerts.map(({ topic }) => topic)).toEqual(["reconciliation"]);
    await place.run(theNextDay(place));
    expect(place.alerts).toHaveLength(1);
  });
});

describe("what is open", () => {
  it("is carried to the next report until it is settled, whoever settles it", async () => {
    const place = aWorkplace();
    const [wrong, missed] = [aStripeEvent({ id: "evt_1" }), aStripeEvent({ id: "evt_2" })];
    place.books.events.get("")?.push(wrong, missed);
    place.recorded(wrong, { amountMinor: 1n });
    place.books.movements.get("")?.push(aMovement({ movementId: "txn_3", objectId: "pi_3" }));
    expect((await place.run()).open).toEqual({ found: 3, foundCritical: 2, carried: 0, carriedCritical: 0 });
    place.deliver();
    place.recorded(aStripeEvent({ id: "3" }));
    place.books.known.set("3", true);
    const second = await place.run(theNextDay(place));
    expect(second.discrepancies).toEqual([]);
    expect(second.carried.map(({ kind, status }) => `${kind} ${status}`).toSorted()).toEqual([
      "amount-mismatch OPEN",
      "missed-critical-event REPAIRED",
      "unknown-money REPAIRED",
    ]);
    const third = await place.run(theNextDay(place));
    expect(third.carried.map(({ kind, status }) => [kind, status])).toEqual([["amount-mismatch", "OPEN"]]);
  });

  it("and missed again in the overlap is sent through again, and not found anew", async () => {
    const place = aWorkplace();
    const late = aStripeEvent({ id: "evt_1", occurredAt: "2026-11-20T01:00:00.000Z" });
    place.books.events.get("")?.push(late);
    const first = await place.run();
    const second = await place.run(theNextDay(place));
    expect(second.discrepancies).toEqual([]);
    expect(second.carried.map(({ id, lastRun }) => [id, lastRun])).toEqual([
      [first.discrepancies[0]?.id, "20261121T020000Z"],
    ]);
    expect(second).toMatchObject({ missedEvents: 1, retriedEvents: 1 });
    expect(place.messages()).toHaveLength(2);
  });

  it("and says another status is closed once the ledger says the same", async () => {
    const place = aWorkplace();
    const created = aStripeEvent({ id: "2", type: "payment_intent.created" });
    place.books.events.get("")?.push(created);
    place.recorded(created, {
      type: "other",
      providerType: "payment_intent.created",
      ...moneyOf(undefined, undefined),
    });
    place.books.movements.get("")?.push(aMovement({ movementId: "txn_2", objectId: "pi_2" }));
    const first = await place.run();
    expect(first.discrepancies.map(({ kind, status }) => [kind, status])).toEqual([["status-mismatch", "OPEN"]]);
    const unchanged = await place.run(theNextDay(place));
    expect(unchanged.carried.map(({ status }) => status)).toEqual(["OPEN"]);
    place.facts.push(aFactRecord({ eventId: "stripe:evt_3", transactionId: "stripe:pi_2", amountMinor: 5000n }));
    const settled = await place.run(theNextDay(place));
    expect(settled.carried.map(({ status, closedBy }) => [status, closedBy])).toEqual([
      ["REPAIRED", "20261122T020000Z"],
    ]);
  });

  it("and differs is closed once the ledger's entry of the event agrees, and not by another event's", async () => {
    const place = aWorkplace();
    const [wrong, other] = [aStripeEvent({ id: "evt_1" }), aStripeEvent({ id: "evt_2" })];
    place.books.events.get("")?.push(wrong, other);
    const fact = place.recorded(wrong, { amountMinor: 1n });
    place.recorded(other, { transactionId: fact.transactionId });
    expect((await place.run()).discrepancies.map(({ kind }) => kind)).toEqual(["amount-mismatch", "not-recorded"]);
    const unchanged = await place.run(theNextDay(place));
    expect(unchanged.carried.map(({ status }) => status)).toEqual(["OPEN", "OPEN"]);
    place.facts.splice(place.facts.indexOf(fact), 1, { ...fact, amountMinor: 5000n });
    const settled = await place.run(theNextDay(place));
    expect(settled.carried.map(({ kind, status }) => `${kind} ${status}`).toSorted()).toEqual([
      "amount-mismatch REPAIRED",
      "not-recorded OPEN",
    ]);
  });

  it("of two refunds just alike is closed by a fact of its own, and not by the one that was there", async () => {
    const place = aWorkplace();
    const refund = { kind: "refund", amountMinor: "100", objectId: "pi_1" } as const;
    const told = { transactionId: "stripe:pi_1", type: "refund.created", amountMinor: 100n } as const;
    const occurredAt = "2026-11-19T12:00:00.000Z";
    place.facts.push(aFactRecord({ ...told, eventId: "stripe:re_1", occurredAt }));
    for (const movementId of ["txn_1", "txn_2"]) {
      place.books.movements.get("")?.push(aMovement({ ...refund, movementId, occurredAt }));
    }
    expect((await place.run()).open).toMatchObject({ found: 1 });
    expect((await place.run(theNextDay(place))).open).toMatchObject({ carried: 1 });
    place.facts.push(aFactRecord({ ...told, eventId: "stripe:re_2", occurredAt }));
    expect((await place.run(theNextDay(place))).open).toMatchObject({ carried: 0 });
  });

  it.each([
    ["FAILED", "failed-event"],
    ["PROCESSING", "processing-expired"],
    ["never taken", "missed-event"],
  ] as const)(
    "and %s is sent again night after night while retries are left, and then is a person's",
    async (state, kind) => {
      const place = aWorkplace();
      const event = aStripeEvent({ id: "evt_1", type: "customer.updated" });
      place.books.events.get("")?.push(event);
      if (state !== "never taken") place.claimed(event, { status: state, leaseExpiresAt: place.clock.nowMs });
      expect((await place.run()).discrepancies).toEqual([expect.objectContaining({ kind, retries: 1 })]);
      for (let night = 2; night <= limits.reconciliationRetries; night += 1) {
        const report = await place.run(theNextDay(place));
        expect(report.discrepancies).toEqual([]);
        expect(report.carried).toEqual([expect.objectContaining({ kind, status: "OPEN", retries: night })]);
        expect(report.retriedEvents).toBe(1);
        expect(place.messages()).toHaveLength(night);
      }
      place.alerts.splice(0);
      const last = await place.run(theNextDay(place));
      const [given] = last.discrepancies;
      expect(given).toMatchObject({
        kind: "failed-for-good",
        severity: "HIGH",
        eventId: "stripe:evt_1",
        status: "OPEN",
      });
      expect(last.carried).toEqual([
        expect.objectContaining({ kind, status: "RESOLVED", why: `It is failed-for-good now: ${given?.id}` }),
      ]);
      expect(place.messages()).toHaveLength(limits.reconciliationRetries);
      expect(place.alerts.map(({ topic }) => topic)).toEqual(["reconciliation"]);
      const after = await place.run(theNextDay(place));
      expect([after.discrepancies, after.carried.map(({ kind: its }) => its)]).toEqual([[], ["failed-for-good"]]);
      expect(place.messages()).toHaveLength(limits.reconciliationRetries);
      place.deliver();
      const settled = await place.run(theNextDay(place));
      expect(settled.carried.map(({ status }) => status)).toEqual(["REPAIRED"]);
    },
  );

  it("and CRITICAL doesn't become less so by being tried in vain", async () => {
    const place = aWorkplace();
    place.books.events.get("")?.push(aStripeEvent({ id: "evt_1" }));
    await place.run();
    place.claimed(aStripeEvent({ id: "evt_1" }), { status: "FAILED" });
    for (let night = 2; night <= limits.reconciliationRetries; night += 1) await place.run(theNextDay(place));
    place.alerts.splice(0);
    const { discrepancies, open } = await place.run(theNextDay(place));
    expect(discrepancies).toEqual([expect.objectContaining({ kind: "failed-for-good", severity: "CRITICAL" })]);
    expect(open).toEqual({ found: 1, foundCritical: 1, carried: 0, carriedCritical: 0 });
    expect(place.alerts.map(({ topic }) => topic)).toEqual(["critical", "reconciliation"]);
  });

  it("and fails in the overlap of two nights stays one trouble, and is sent once a night", async () => {
    const place = aWorkplace();
    const late = aStripeEvent({ id: "evt_1", occurredAt: "2026-11-20T01:00:00.000Z" });
    place.books.events.get("")?.push(late);
    await place.run();
    place.claimed(late, { status: "FAILED" });
    const second = await place.run(theNextDay(place));
    expect([second.discrepancies, second.carried.map(({ kind, retries }) => [kind, retries])]).toEqual([
      [],
      [["missed-critical-event", 2]],
    ]);
    expect(place.messages()).toHaveLength(2);
  });

  it("and that the provider can't give any more is a person's at once", async () => {
    const place = aWorkplace(someBooks("acct_1"));
    const [forgotten, ofGone] = [aStripeEvent({ id: "evt_1" }), aStripeEvent({ id: "evt_2", account: "acct_1" })];
    place.books.events.get("")?.push(forgotten);
    place.books.events.get("acct_1")?.push(ofGone);
    await place.run();
    place.books.events.get("")?.splice(0);
    place.books.failures.set("event:acct_1", "account-gone");
    const { discrepancies } = await place.run(theNextDay(place));
    expect(discrepancies.map(({ kind, eventId, account }) => [kind, eventId, account])).toEqual([
      ["failed-for-good", "stripe:evt_1", undefined],
      ["failed-for-good", "stripe:evt_2", "acct_1"],
    ]);
  });

  it("and can't be asked for now stays open, is unchecked, and keeps its retries", async () => {
    const place = aWorkplace();
    place.books.events.get("")?.push(aStripeEvent({ id: "evt_1" }), aStripeEvent({ id: "evt_2" }));
    await place.run();
    place.books.failures.set("event", "unavailable");
    const second = await place.run(theNextDay(place));
    // A provider that is down isn't asked for the next one.
    expect(second.unchecked.map(({ part, eventId, code }) => [part, eventId, code])).toEqual([
      ["event", expect.any(String), "unavailable"],
    ]);
    expect(second.carried.map(({ status, retries }) => [status, retries])).toEqual([
      ["OPEN", 1],
      ["OPEN", 1],
    ]);
    place.books.failures.clear();
    expect((await place.run(theNextDay(place))).carried.map(({ retries }) => retries)).toEqual([2, 2]);
  });

  it("stays resolved when a person said so, however often it is seen", async () => {
    const place = aWorkplace();
    const wrong = aStripeEvent({ id: "evt_1", occurredAt: "2026-11-20T01:00:00.000Z" });
    place.books.events.get("")?.push(wrong);
    place.recorded(wrong, { amountMinor: 1n });
    const [found] = (await place.run()).discrepancies;
    const at = new Date(place.clock.nowMs).toISOString();
    await place.discrepancies.close(found?.id ?? "", { status: "RESOLVED", at, by: "Ada", why: "a test charge" });
    const second = await place.run(theNextDay(place));
    expect([second.discrepancies, second.carried]).toEqual([[], []]);
    expect(place.discrepancies.items.get(found?.id ?? "")).toMatchObject({ status: "RESOLVED", why: "a test charge" });
  });
});
