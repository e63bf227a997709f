/** Signed Stripe webhooks of 1.9 KB, as many as are wanted, each about a payment of its own. */
import { signers } from "../../lambdas/shared/providers/sign.ts";
import type { SignedWebhook } from "../../lambdas/shared/providers/types.ts";

/** Shares as at a shop: most payments are small, one in twenty is large. US cents. */
function amountOf(index: number): number {
  const place = index % 20;
  if (place === 0) return 1_250_000 + index;
  if (place <= 3) return 250_000 + index;
  return 2_500 + (index % 9_000);
}

const customers = 500;
const bodyBytes = 1_900;

/** @param run makes ids unique to this run */
export function createWebhooks(run: string, secretValue: unknown): (index: number, nowMs: number) => SignedWebhook {
  return (index, nowMs) => {
    const event = {
      id: `evt_${run}_${index}`,
      object: "event",
      api_version: "2025-09-30.clover",
      created: Math.floor(nowMs / 1_000),
      type: "payment_intent.succeeded",
      livemode: false,
      data: {
        object: {
          id: `pi_${run}_${index}`,
          object: "payment_intent",
          amount: amountOf(index),
          amount_received: amountOf(index),
          currency: "usd",
          customer: `cus_${index % customers}`,
          status: "succeeded",
          metadata: { order: `order_${index}`, note: "" },
        },
      },
    };
    event.data.object.metadata.note = "n".repeat(Math.max(0, bodyBytes - JSON.stringify(event).length));
    const body = Buffer.from(JSON.stringify(event));
    return signers.stripe({ body, secretValue, nowMs, topic: event.type, deliveryId: event.id });
  };
}
