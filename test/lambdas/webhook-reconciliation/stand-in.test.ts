/** Stripe's stand-in loses and misstates webhooks; the run over its books finds exactly those. */
import { parseExactJson } from "../../../lambdas/shared/domain/exact-json.ts";
import { createStripeLedger } from "../../../lambdas/shared/providers/stripe/ledger.ts";
import { translateStripe } from "../../../lambdas/shared/providers/stripe/translate.ts";
import { apiKey, pay, startWorld, type World } from "../../local/providers/stripe/harness.ts";
import { aFactRecord, aRawRecord, keyOfFact } from "../../support/memory-archive.ts";
import { routingThresholdsUsd } from "../../support/routing.ts";
import { aWorkplace, moneyOf } from "./workplace.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

/** Books every webhook that was sent, as webhook-dedup does. */
function book(place: ReturnType<typeof aWorkplace>): void {
  for (const sent of world.events()) {
    const body = Buffer.from(JSON.stringify(sent));
    const parsed = parseExactJson(body);
    if (parsed.kind !== "parsed") throw new Error("The stand-in sent no JSON");
    const receivedAt = new Date(world.clock.now).toISOString();
    const context = { receivedAt, correlationId: "test", bodySha256: "0".repeat(64), routingThresholdsUsd };
    const [translation] = translateStripe(
      { body: parsed.value, headers: new Map() },
      { provider: "stripe", ...context },
      { testEvents: "route" },
    );
    if (translation?.kind !== "event") throw new Error("The stand-in sent no event");
    const { eventId, transactionId, type, providerType, occurredAt, amountMinor, currency } = translation.event;
    const about = { eventId, transactionId, type, providerType, occurredAt, receivedAt };
    const fact = aFactRecord({ ...about, ...moneyOf(amountMinor, currency) });
    place.claims.set(eventId, { eventId, status: "COMPLETED", firstOccurredAt: occurredAt });
    place.facts.push(fact);
    place.ports.archive.recordFact(fact);
    place.ports.archive.recordRaw(keyOfFact(fact), aRawRecord({ body }));
  }
}

async function paymentsWithFaults(): Promise<void> {
  const { stripe, clock } = world;
  const connected = await stripe.accounts.create({ type: "custom", country: "US" });
  world.order("faults?lose=0.1&misstate=0.1&seed=11");
  for (let at = 0; at < 40; at += 1) {
    clock.now += 30_000;
    const account = at % 5 === 0 ? { account: connected.id } : {};
    const options = at % 5 === 0 ? { stripeAccount: connected.id } : {};
    const intent = await pay(world, 1_000 + at, { currency: at % 3 === 0 ? "eur" : "usd", ...account });
    if (at % 7 === 0) await stripe.refunds.create({ payment_intent: intent.id, amount: 100 }, options);
  }
  await world.untilDelivered();
}

/** The report of a run so much later, over all that happened since a day before. */
async function reported(place: ReturnType<typeof aWorkplace>, laterMs: number) {
  world.clock.now += laterMs;
  place.clock.nowMs = world.clock.now;
  const ledger = createStripeLedger({ apiKey, apiUrl: world.url, now: () => world.clock.now });
  place.opened.answer = { kind: "opened", ledger };
  const from = new Date(world.clock.now - laterMs - 24 * 60 * 60 * 1000).toISOString();
  return place.run({ scheduledAt: new Date(world.clock.now).toISOString(), providers: ["stripe"], from });
}

interface Deliveries {
  readonly lost: readonly { readonly id: string }[];
  readonly misstated: readonly { readonly id: string }[];
}

it("a run over Stripe's stand-in finds what was lost and what was misstated, and a second one nothing new", async () => {
  await paymentsWithFaults();
  const place = aWorkplace();
  book(place);
  const report = await reported(place, 60 * 60 * 1000);
  const { lost, misstated } = world.order<Deliveries>("deliveries");
  const idsOf = (kind: RegExp) =>
    report.discrepancies.flatMap((one) => (kind.test(one.kind) ? [one.eventId] : [])).toSorted();
  const expected = (events: readonly { readonly id: string }[]) => events.map(({ id }) => `stripe:${id}`).toSorted();
  expect(report.unchecked).toEqual([]);
  expect([lost.length > 0, misstated.length > 0]).toEqual([true, true]);
  expect(idsOf(/^missed-/)).toEqual(expected(lost));
  expect(idsOf(/-mismatch$/)).toEqual(expected(misstated));
  expect(report.discrepancies).toHaveLength(lost.length + misstated.length);
  expect(report.moneyMovementsChecked).toBeGreaterThan(40);

  place.deliver();
  const second = await reported(place, 60_000);
  expect(second.discrepancies).toEqual([]);
  const repaired = second.carried.filter(({ status }) => status === "REPAIRED");
  expect(repaired.map(({ eventId }) => eventId).toSorted()).toEqual(expected(lost));
  expect(second.open).toMatchObject({ found: 0, carried: misstated.length });
});

it("a run over Stripe's stand-in finds nothing where every kind of money was told as it moved", async () => {
  const { stripe, clock } = world;
  const place = aWorkplace();
  await pay(world, 500_000, { card: "pm_card_bypassPending" });
  const disputed = await pay(world, 7_000, { card: "pm_card_createDispute" });
  clock.now += 60_000;
  const refunded = await pay(world, 9_000);
  await stripe.refunds.create({ payment_intent: refunded.id, amount: 4_000 });
  await stripe.refunds.create({ payment_intent: refunded.id, amount: 5_000 });
  await stripe.payouts.create({ amount: 100_000, currency: "usd" });
  expect(disputed.id).toMatch(/^pi_/);
  for (const laterMs of [60 * 60 * 1000, 3 * 24 * 60 * 60 * 1000]) {
    clock.now += 60_000;
    await world.untilDelivered();
    book(place);
    const report = await reported(place, laterMs);
    expect([report.discrepancies, report.unchecked]).toEqual([[], []]);
    expect(report.moneyMovementsChecked).toBeGreaterThanOrEqual(5);
  }
});
