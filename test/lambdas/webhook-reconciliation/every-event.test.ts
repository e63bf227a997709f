/**
 * Laws of a run, over random books: every event that the provider lists ends as exactly one of fine, in progress,
 * re-entered, reported or unchecked; and a run that is cut anywhere and goes on comes to the same report.
 */
import fc from "fast-check";
import { limits } from "../../../config/limits.ts";
import type { ReconciliationReport } from "../../../config/reconciliation.ts";
import { RetryableError } from "../../../lambdas/shared/domain/retryable-error.ts";
import { seeded } from "../../support/seeded.ts";
import { aWorkerLife, type Fault } from "../../support/worker-life.ts";
import { aMovement, aStripeEvent, someBooks } from "./books.ts";
import { aRequest, aWorkplace, runId } from "./workplace.ts";

/** What we have of an event, and what has to come of it. */
const fates = {
  recorded: "fine",
  skipped: "fine",
  "in-progress": "in-progress",
  missed: "re-entered",
  failed: "re-entered",
  expired: "re-entered",
  exhausted: "reported",
  "wrong-amount": "reported",
  "not-recorded": "reported",
  unreadable: "unchecked",
  malformed: "unchecked",
} as const;
type Fate = keyof typeof fates;

const booksArbitrary = fc.record({
  accounts: fc.integer({ min: 0, max: 3 }),
  pageItems: fc.integer({ min: 1, max: 4 }),
  isShifting: fc.boolean(),
  events: fc.array(
    fc.record({
      fate: fc.constantFrom(...(Object.keys(fates) as Fate[])),
      account: fc.nat(3),
      minute: fc.nat(26 * 60 - 1),
      hasMovement: fc.boolean(),
    }),
    { maxLength: 14 },
  ),
  /** Events of days ago that earlier runs have sent in vain, so often each. */
  stuck: fc.array(fc.integer({ min: 1, max: limits.reconciliationRetries }), { maxLength: 3 }),
  /** Accounts that were checked before, and that the provider doesn't list. */
  gone: fc.nat(3),
  /** Movements that nobody has told of, and facts of ours that the provider doesn't know. */
  unknownMoney: fc.nat(2),
  unknownFacts: fc.nat(2),
});
type Books = typeof booksArbitrary extends fc.Arbitrary<infer T> ? T : never;

function placeWith({ accounts, pageItems, isShifting, events, stuck, gone, unknownMoney, unknownFacts }: Books) {
  const names = Array.from({ length: accounts }, (_, at) => `acct_${at}`);
  const place = aWorkplace(someBooks(...names));
  Object.assign(place.books, { pageItems, isShifting });
  const expected = new Map<string, Fate>();
  for (const [at, { fate, account, minute, hasMovement }] of events.entries()) {
    const name = names[account] ?? "";
    const id = `evt_${at}`;
    const occurredAt = new Date(Date.parse("2026-11-19T00:00:00.000Z") + (minute % 1530) * 60_000).toISOString();
    const event = aStripeEvent({ id, occurredAt, ...(name !== "" && { account: name }) });
    place.books.events.get(name)?.push(fate === "malformed" ? { ...event, body: "nothing" } : event);
    expected.set(`stripe:${id}`, fate);
    preparations[fate](place, event);
    // Money of an event that nobody can read is unknown money, which is another law's.
    const isTold = fate !== "unreadable" && fate !== "malformed" && fate !== "skipped";
    if (hasMovement && isTold) {
      const movement = aMovement({ movementId: `txn_${at}`, objectId: `pi_${id}`, occurredAt });
      place.books.movements.get(name)?.push(movement);
    }
  }
  for (const [at, retries] of stuck.entries()) {
    const event = aStripeEvent({ id: `evt_stuck${at}`, occurredAt: "2026-11-16T12:00:00.000Z" });
    place.books.events.get("")?.push(event);
    place.failedBefore(event, retries);
  }
  for (let at = 0; at < gone; at += 1) place.progress.times.set(`stripe#acct_gone${at}`, "2026-11-19T01:30:00.000Z");
  for (let at = 0; at < unknownMoney; at += 1) {
    place.books.movements.get("")?.push(aMovement({ movementId: `txn_x${at}`, objectId: `pi_x${at}` }));
  }
  for (let at = 0; at < unknownFacts; at += 1) {
    place.recorded(aStripeEvent({ id: `ours_${at}` }));
    place.books.known.set(`ours_${at}`, false);
  }
  return { ...place, expected };
}

type Place = ReturnType<typeof aWorkplace>;
type Listed = ReturnType<typeof aStripeEvent>;

/** What makes a fate come true. */
const preparations: Readonly<Record<Fate, (place: Place, event: Listed) => void>> = {
  recorded: (place, event) => void place.recorded(event),
  skipped: (place, event) => place.claimed(event, { status: "SKIPPED" }),
  "in-progress": (place, event) => place.claimed(event, held(place, 1)),
  missed: () => {},
  failed: (place, event) => place.claimed(event, { status: "FAILED" }),
  expired: (place, event) => place.claimed(event, held(place, -1)),
  exhausted: (place, event) => place.failedBefore(event, limits.reconciliationRetries),
  "wrong-amount": (place, event) => void place.recorded(event, { amountMinor: 4999n }),
  "not-recorded": (place, event) => place.claimed(event, { status: "COMPLETED" }),
  unreadable: (place, event) => void place.books.unreadable.add(event.id),
  malformed: () => {},
};

function held({ clock }: Place, leftMs: number) {
  return { status: "PROCESSING", leaseExpiresAt: clock.nowMs + leftMs } as const;
}

/** What a report says of an event, however often it says it. */
function fatesIn(report: ReconciliationReport, sent: ReadonlySet<string>, eventId: string): readonly string[] {
  const found = report.discrepancies.filter((one) => one.eventId === eventId);
  const unchecked = report.unchecked.filter((one) => one.eventId === eventId);
  return [
    ...found.map(({ action }) => (action === "none" ? "reported" : "re-entered")),
    ...unchecked.map(() => "unchecked"),
    // What is put on the queue without being found would be a second fate.
    ...(sent.has(eventId) && found.every(({ action }) => action === "none") ? ["sent"] : []),
  ];
}

it("every listed event ends as exactly one thing", async () => {
  await fc.assert(
    fc.asyncProperty(booksArbitrary, async (books) => {
      const place = placeWith(books);
      const report = await place.run();
      const sent = new Set(place.messages().map(({ event }) => event.eventId));
      for (const [eventId, fate] of place.expected) {
        const expected = ["fine", "in-progress"].includes(fates[fate]) ? [] : [fates[fate]];
        expect([eventId, fate, fatesIn(report, sent, eventId)]).toEqual([eventId, fate, expected]);
      }
      expect(sent.size).toBe(place.messages().length);
      const isRead = [...place.expected.values()].filter((fate) => fate !== "unreadable").length;
      expect(report.totalEventsChecked).toBe(isRead);
      for (const [at, retries] of books.stuck.entries()) {
        const isDue = retries < limits.reconciliationRetries;
        expect([at, sent.has(`stripe:evt_stuck${at}`)]).toEqual([at, isDue]);
      }
      const others = report.discrepancies.filter(({ eventId }) => !place.expected.has(eventId ?? ""));
      expect(others.map(({ kind }) => kind).toSorted()).toEqual([
        ...Array(books.gone).fill("account-gone"),
        ...books.stuck.filter((retries) => retries === limits.reconciliationRetries).map(() => "failed-for-good"),
        ...Array(books.unknownMoney).fill("unknown-money"),
        ...Array(books.unknownFacts).fill("unknown-to-provider"),
      ]);
    }),
    { numRuns: 60 },
  );
});

/** Plays a run to its report with workers that are refused, lose answers, run out of time and die. */
async function playCut(place: ReturnType<typeof placeWith>, seed: number): Promise<ReconciliationReport> {
  const random = seeded(seed);
  const faults: readonly Fault[] = ["refused", "answer-lost", "dies-before", "dies-after"];
  let calls = 0;
  const nextFault = (): Fault => {
    calls += 1;
    return calls < 4_000 && random() < 0.01 ? (faults[Math.floor(random() * faults.length)] ?? "none") : "none";
  };
  for (let invocation = 0; invocation < 500; invocation += 1) {
    const life = aWorkerLife(nextFault);
    const { ports } = place;
    const endangered = Object.fromEntries(
      Object.entries(ports).map(([name, port]) => [name, typeof port === "object" ? life.endangered(port) : port]),
    ) as typeof ports;
    const stepsPerCheckpoint = 1 + Math.floor(random() * 6);
    const { compare, settle } = place.phases(
      { ...endangered, routingThresholdsUsd: ports.routingThresholdsUsd },
      { stepsPerCheckpoint },
    );
    const outcome = await life.run(async () => {
      try {
        const { done } = await compare(aRequest, () => random() < 0.02);
        return done ? (await settle(runId)).report : "again";
      } catch (error) {
        if (error instanceof RetryableError) return "again";
        throw error;
      }
    });
    // Between two invocations the queue moves on: what was re-entered may be recorded by now.
    if (random() < 0.5) place.deliver();
    if (outcome !== "again" && outcome !== "died") return place.reportAt(outcome);
  }
  throw new Error("The run never comes to its end");
}

/** What must not depend on where a run was cut: everything but what the queue has done since. */
function essence(report: ReconciliationReport) {
  const { discrepancies, carried, successfulRetries: _, open: __, ...rest } = report;
  const openly = (some: ReconciliationReport["carried"]) =>
    some
      .map(({ status: ___, closedAt: ____, closedBy: _____, ...one }) => one)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { ...rest, found: openly(discrepancies), carried: openly(carried) };
}

it("a run that is cut anywhere comes to the same report", async () => {
  await fc.assert(
    fc.asyncProperty(booksArbitrary, fc.integer(), async (books, seed) => {
      const whole = await placeWith(books).run();
      const cut = placeWith(books);
      const report = await playCut(cut, seed);
      expect(essence(report)).toEqual(essence(whole));
      const sent = new Set(cut.messages().map(({ event }) => event.eventId));
      for (const { action, eventId = "" } of report.discrepancies) {
        if (action !== "none") expect([...sent]).toContain(eventId);
      }
    }),
    { numRuns: 40 },
  );
});
