import { fx, staleRatesCode } from "../../config/fx.ts";
import { areRatesStale } from "../shared/domain/routing.ts";
import type { Log } from "../shared/runtime/log.ts";
import type { IncomingWebhook, Receipt } from "./receive-webhook.ts";

type Receive = (webhook: IncomingWebhook) => Promise<Receipt>;

/**
 * The use case, and a warning when it has routed money by rates that are stale. One line per execution environment,
 * however many webhooks it takes: the alarm needs no more, and the log stays readable.
 */
export function withStaleRatesWarning(
  receive: Receive,
  { log, now }: { readonly log: Log; readonly now: () => number },
): Receive {
  let hasWarned = false;
  return async (webhook) => {
    const receipt = await receive(webhook);
    const isRouted = receipt.kind === "accepted" && receipt.events.some(({ fxDate }) => fxDate !== undefined);
    if (isRouted && !hasWarned && areRatesStale(now())) {
      hasWarned = true;
      log.warn(`exchange rates of ${fx.date} are stale`, { code: staleRatesCode });
    }
    return receipt;
  };
}
