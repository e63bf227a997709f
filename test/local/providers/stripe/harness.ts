/** The stand-in on a port of its own, with the official SDK pointed at it, and a sink for its webhooks. */
import Stripe from "stripe";
import { openDoor } from "../../../../local/aws/http-server.ts";
import { serveProviders } from "../../../../local/providers/server.ts";
import { noShelf, type Shelf } from "../../../../local/providers/shelf.ts";
import type { StandIn } from "../../../../local/providers/stand-in.ts";
import { createStripeStandIn } from "../../../../local/providers/stripe/stand-in.ts";
import { createTroubles } from "../../../../local/providers/trouble.ts";

export const apiKey = "sk_test_local0001";

interface SentWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly event: Stripe.Event;
}

export interface World {
  readonly url: string;
  readonly stripe: Stripe;
  readonly sent: SentWebhook[];
  /** Milliseconds; tests move it on. */
  readonly clock: { now: number };
  /** Status that the webhook's receiver answers from now on. */
  readonly receiver: { status: number | undefined };
  readonly standIn: StandIn;
  /** An order as control takes it: `faults?lose=1`. */
  order<T>(question: string, body?: unknown): T;
  trouble(query: string): void;
  /** Resolves when no webhook is under way. */
  untilDelivered(): Promise<void>;
  stop(): Promise<void>;
}

export const startMs = Date.parse("2026-11-19T12:00:00.000Z");

export async function startWorld({
  shelf = noShelf,
  speed = 1,
}: {
  readonly shelf?: Shelf;
  readonly speed?: number;
} = {}): Promise<World> {
  const clock = { now: startMs };
  const sent: SentWebhook[] = [];
  const receiver: World["receiver"] = { status: 200 };
  const standIn = createStripeStandIn({
    shelf,
    clock: { speed, now: () => clock.now, scaled: (milliseconds) => milliseconds / speed },
    webhookUrl: "http://127.0.0.1:9/webhooks/stripe",
    sign: () => ({ "stripe-signature": "t=1,v1=00" }),
    post: async (_url, headers, body) => {
      sent.push({ headers, event: JSON.parse(body) as Stripe.Event });
      return receiver.status;
    },
  });
  const troubles = createTroubles();
  const door = await openDoor(0);
  serveProviders(door, [{ standIn, troubles }]);
  standIn.start();
  return {
    url: `http://127.0.0.1:${door.port}`,
    stripe: new Stripe(apiKey, { host: "127.0.0.1", port: door.port, protocol: "http", maxNetworkRetries: 0 }),
    sent,
    clock,
    receiver,
    standIn,
    order<T>(question: string, body?: unknown) {
      const [name = "", query] = question.split("?");
      return standIn.control(name, new URLSearchParams(query), JSON.stringify(body)) as T;
    },
    trouble(query) {
      troubles.order(new URLSearchParams(query));
    },
    async untilDelivered() {
      while (standIn.pending() > 0) await new Promise((resolve) => setImmediate(resolve));
    },
    async stop() {
      await standIn.stop();
      await door.stop();
    },
  };
}

/** Pays with a test card. */
export function pay(
  { stripe }: Pick<World, "stripe">,
  amount: number,
  {
    card = "pm_card_visa",
    currency = "usd",
    account,
  }: { readonly card?: string; readonly currency?: string; readonly account?: string } = {},
): Promise<Stripe.Response<Stripe.PaymentIntent>> {
  return stripe.paymentIntents.create(
    { amount, currency, payment_method: card, confirm: true },
    account === undefined ? {} : { stripeAccount: account },
  );
}
