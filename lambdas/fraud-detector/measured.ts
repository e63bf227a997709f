import type { FraudScore, PaymentEvent } from "../../config/events.ts";
import { limits } from "../../config/limits.ts";
import type { TierOf } from "../shared/domain/routing.ts";
import type { Measure } from "../shared/runtime/metrics.ts";

export interface Scored {
  readonly event: PaymentEvent;
  readonly score: FraudScore;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

const windowMs = limits.dedupWindowDays * 24 * 60 * 60 * 1_000;

/** Scored events as CloudWatch's metrics. */
export function measured(scored: readonly Scored[], tierOf: TierOf): readonly Measure<"fraud-detector">[] {
  return scored.flatMap(({ event, score: { decision: outcome }, atMs }): readonly Measure<"fraud-detector">[] => {
    const { provider, receivedAt } = event;
    const tier = tierOf(event);
    const ms = Math.max(0, atMs - Date.parse(receivedAt));
    return [
      { name: "decision", value: 1, by: { outcome, tier, provider } },
      // An event that is older comes from the archive: somebody replays it, and it hasn't been under way all the time.
      ...(ms > windowMs ? [] : [{ name: "endToEndMs", value: ms, by: { tier } } as const]),
    ];
  });
}
