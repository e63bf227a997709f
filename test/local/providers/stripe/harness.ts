/** Stripe's stand-in with the official SDK pointed at it. */
import Stripe from "stripe";
import { noShelf, type Shelf } from "../../../../local/providers/shelf.ts";
import { createStripeStandIn } from "../../../../local/providers/stripe/stand-in.ts";
import { type ServedStandIn, serveStandIn } from "../harness.ts";

export { startMs } from "../harness.ts";
export const apiKey = "sk_test_local0001";

export interface World extends ServedStandIn {
  readonly stripe: Stripe;
  /** The events that webhooks told of, as they told of them. */
  events(): readonly Stripe.Event[];
}

export async function startWorld({
  shelf = noShelf,
  speed = 1,
}: {
  readonly shelf?: Shelf;
  readonly speed?: number;
} = {}): Promise<World> {
  const served = await serveStandIn(
    (surroundings) =>
      createStripeStandIn({
        ...surroundings,
        shelf,
        webhookUrl: "http://127.0.0.1:9/webhooks/stripe",
        sign: () => ({ "stripe-signature": "t=1,v1=00" }),
      }),
    speed,
  );
  const { port, sent } = served;
  return {
    ...served,
    stripe: new Stripe(apiKey, { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries: 0 }),
    events: () => sent.map(({ body }) => JSON.parse(body) as Stripe.Event),
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
