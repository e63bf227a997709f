import type { FunctionMetrics } from "../shared/runtime/metrics.ts";
import { measured } from "./measured.ts";
import type { IncomingWebhook, Receipt } from "./receive-webhook.ts";

type Receive = (webhook: IncomingWebhook) => Promise<Receipt>;

/** The use case, and what CloudWatch is told of each webhook. */
export function withMetrics(
  receive: Receive,
  { metrics, now }: { readonly metrics: FunctionMetrics<"webhook-validator">; readonly now: () => number },
): Receive {
  return async (webhook) => {
    const startedMs = now();
    let receipt: Receipt | undefined;
    try {
      receipt = await receive(webhook);
      return receipt;
    } finally {
      metrics.publish(() => measured(receipt, webhook.providerName, now() - startedMs));
    }
  };
}
