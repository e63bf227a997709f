/**
 * Stripe's stand-in, as the demo uses it: its books hold the plan's events, which the demo itself sends, and payments made
 * at it through Stripe's SDK, whose webhooks it sends, loses and misstates by itself.
 */
import Stripe from "stripe";
import type { PaymentEventType } from "../../config/events.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";
import type { Stage } from "./play.ts";
import { type SentWebhook, signed } from "./send.ts";
import { type Deliveries, type Delivery, order, untilDelivered } from "./stand-in-orders.ts";

/** An event that the stand-in didn't tell as it was. */
interface Untold {
  /** As we would have it: `stripe:evt_…`. */
  readonly eventId: string;
  readonly type: string;
  /** The connected account that it is of; absent for the platform's own. */
  readonly account?: string;
  /** Minor units that it should have stated, and those that it did; absent for what it never sent. */
  readonly misstated?: { readonly actual: string; readonly stated: string };
}

export interface StandInEvents {
  /** The connected account. */
  readonly account: string;
  /** Ids of all events of payments made at the stand-in, as we have them. */
  readonly eventIds: ReadonlySet<string>;
  readonly lost: readonly Untold[];
  readonly misstated: readonly Untold[];
  /** What each of them states, by event id, where it states an amount. */
  readonly money: ReadonlyMap<string, StatedMoney>;
}

interface StatedMoney {
  /** Our word for the event. */
  readonly type: PaymentEventType;
  readonly currency: string;
  readonly minor: bigint;
}

/** Shares of webhooks that a bad day at a provider loses and misstates. */
const rates = { lose: 0.03, misstate: 0.01 } as const;
const leastPayments = 30;
const mostPayments = 1_000;
/** Those at the connected account. */
const accountPayments = 2;

type Books = Pick<Stage, "local" | "secrets">;

/** Enters the plan's accepted events of Stripe, as the pipeline has taken them: nobody else knows them. */
export async function enterPlanned(
  { local, secrets }: Books,
  sent: readonly SentWebhook[],
  isKept: (sha256: string) => boolean,
): Promise<void> {
  const bodies = new Map<string, unknown>();
  for (const { planned, status, sha256 } of sent) {
    if (planned.provider !== "stripe" || status !== 200 || !isKept(sha256)) continue;
    const { body } = signed(planned, secrets);
    if (sha256Hex(body) !== sha256) throw new Error("A planned webhook of Stripe has other bytes each time.");
    bodies.set(sha256, JSON.parse(body.toString()));
  }
  const report = await order<{ refused: readonly unknown[] }>(local, "import", [...bodies.values()]);
  if (report.refused.length > 0) throw new Error(`The stand-in refuses events: ${JSON.stringify(report.refused[0])}.`);
}

/**
 * Pays until some webhook is lost and some is misstated, then at a connected account, of which all are lost, and waits
 * until the rest is sent.
 */
export async function payWithFaults({ local }: Books, seed: number): Promise<StandInEvents> {
  const { hostname, port } = new URL(local.providersUrl);
  const stripe = new Stripe("sk_test_demo", { host: hostname, port, protocol: "http", maxNetworkRetries: 2 });
  const since = Math.floor(Date.now() / 1000) - 1;
  const { id: account } = await stripe.accounts.create({ type: "custom" });
  await order(local, `faults?lose=${rates.lose}&misstate=${rates.misstate}&seed=${seed}`);
  for (let payments = 0; payments < mostPayments; payments += 1) {
    await pay(stripe, payments);
    if (payments < leastPayments || payments % 10 > 0) continue;
    const { lost, misstated, pending } = await order<Deliveries>(local, "deliveries");
    // What is under way has its fate: to wait for its arrival here would be to pay on meanwhile, hundreds of times.
    const areMisstated = misstated.length > 0 || pending.some(({ misstatement }) => misstatement !== undefined);
    if (lost.length > 0 && areMisstated) break;
  }
  await order(local, "faults?lose=1");
  for (let payments = 1; payments <= accountPayments; payments += 1) await pay(stripe, payments, account);
  await order(local, "faults");
  const { lost, misstated, givenUp } = await untilDelivered(local);
  if (givenUp.length > 0) throw new Error(`The stand-in gave up sending ${givenUp.length} webhooks.`);
  const [own, connected] = [await ownEvents(stripe, since), await ownEvents(stripe, since, account)];
  return {
    account,
    eventIds: new Set([...own.eventIds, ...connected.eventIds]),
    money: new Map([...own.money, ...connected.money]),
    lost: lost.map(untold),
    misstated: misstated.map(untold),
  };
}

/** Small ones, and some of each higher tier; every fifth is refunded in part. */
async function pay(stripe: Stripe, number: number, account?: string): Promise<void> {
  const major = number % 20 === 7 ? 2_500 : number % 20 === 13 ? 12_500 : 10 + number;
  const { id } = await stripe.paymentIntents.create(
    {
      amount: major * 100 + (number % 100),
      currency: number % 3 === 0 ? "eur" : "usd",
      payment_method: "pm_card_visa",
      confirm: true,
      metadata: { made_by: madeBy },
    },
    optionsOf(account),
  );
  if (number % 5 === 0) await stripe.refunds.create({ payment_intent: id, amount: 500 }, optionsOf(account));
}

const madeBy = "demo";

function optionsOf(account: string | undefined): Stripe.RequestOptions {
  return account === undefined ? {} : { stripeAccount: account };
}

/** All events since then that nobody imported: those whose payment was made here. */
async function ownEvents(
  stripe: Stripe,
  since: number,
  account?: string,
): Promise<Pick<StandInEvents, "eventIds" | "money">> {
  const recent = { created: { gte: since }, limit: 100 };
  const eventIds = new Set<string>();
  const money = new Map<string, StatedMoney>();
  const own = new Set<string>();
  for await (const intent of stripe.paymentIntents.list(recent, optionsOf(account))) {
    if (intent.metadata.made_by === madeBy) own.add(intent.id);
  }
  for await (const event of stripe.events.list(recent, optionsOf(account))) {
    const object = event.data.object as StatedObject;
    const intent = event.type.startsWith("payment_intent.") ? object.id : object.payment_intent;
    if (typeof intent !== "string" || !own.has(intent)) continue;
    const eventId = `stripe:${event.id}`;
    eventIds.add(eventId);
    const stated = statements.get(event.type);
    if (stated === undefined) continue;
    const { type, field } = stated;
    money.set(eventId, { type, currency: String(object.currency).toUpperCase(), minor: BigInt(object[field] ?? 0) });
  }
  return { eventIds, money };
}

interface StatedObject {
  readonly id?: string;
  readonly payment_intent?: unknown;
  readonly currency?: string;
  readonly amount?: number;
  /** Of a charge, in all: no payment here has more than one refund. */
  readonly amount_refunded?: number;
}

/** Stripe's events that state an amount, and our words: the charge repeats what intent and refund say. */
const statements: ReadonlyMap<
  string,
  { readonly type: PaymentEventType; readonly field: "amount" | "amount_refunded" }
> = new Map([
  ["payment_intent.succeeded", { type: "payment.succeeded", field: "amount" }],
  ["charge.succeeded", { type: "other", field: "amount" }],
  ["refund.created", { type: "refund.created", field: "amount" }],
  ["charge.refunded", { type: "other", field: "amount_refunded" }],
]);

function untold({ id, type, account, misstatement }: Delivery): Untold {
  const about = { eventId: `stripe:${id}`, type, ...(account !== undefined && { account }) };
  if (misstatement === undefined) return about;
  const { actual, stated } = misstatement;
  return { ...about, misstated: { actual: String(actual), stated: String(stated) } };
}
