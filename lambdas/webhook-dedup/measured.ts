import type { RecordOutcome } from "../shared/domain/outcomes.ts";
import type { TierOf } from "../shared/domain/routing.ts";
import type { Measure } from "../shared/runtime/metrics.ts";
import type { WebhookDelivery } from "./event-steps.ts";

type Measures = readonly Measure<"webhook-dedup">[];

/**
 * A batch as CloudWatch's metrics: what is done by now. What is to be retried is measured when it is done, and so once.
 */
export function measured(
  deliveries: readonly WebhookDelivery[],
  outcomes: ReadonlyMap<string, RecordOutcome>,
  { tierOf, nowMs }: { readonly tierOf: TierOf; readonly nowMs: number },
): Measures {
  return deliveries.flatMap((delivery): Measures => {
    const outcome = outcomes.get(delivery.messageId);
    if (outcome?.kind !== "done") return [];
    const { event } = delivery.message;
    const provider = { provider: event.provider };
    const routed = { name: "routed", value: 1, by: { tier: tierOf(event) } } as const;
    switch (outcome.outcome) {
      case "duplicate":
        return [{ name: "duplicate", value: 1, by: provider }];
      case "replayed":
        return [routed];
      case "same-fact":
        return [{ name: "recorded", value: 1, by: provider }];
      default:
        return [routed, ...recorded(delivery, nowMs)];
    }
  });
}

/** What was recorded for the first time. An event that the archive has was recorded before. */
function recorded({ message: { event, source, replay } }: WebhookDelivery, nowMs: number): Measures {
  if (replay?.archived === true) return [];
  const { provider, type, amountMinor, currency } = event;
  return [
    { name: "recorded", value: 1, by: { provider } },
    ...(amountMinor === undefined
      ? []
      : [{ name: "recordedMinor", value: Number(amountMinor), by: { type, currency } } as const]),
    // What comes in another way than by a webhook tells of its first receipt, long before it was in the queue.
    ...(source === "webhook"
      ? [{ name: "queueWaitMs", value: Math.max(0, nowMs - Date.parse(event.receivedAt)) } as const]
      : []),
  ];
}
