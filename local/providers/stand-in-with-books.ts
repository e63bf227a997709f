import type { Deliveries } from "./deliveries.ts";
import type { Objects } from "./objects.ts";
import type { ProviderAnswer, ProviderRequest, StandIn } from "./stand-in.ts";

export interface StandInParts {
  readonly objects: Pick<Objects, "commit">;
  readonly deliveries: Pick<Deliveries, "pending" | "start" | "stop">;
  readonly api: {
    answer(request: ProviderRequest): ProviderAnswer | Promise<ProviderAnswer>;
    rateLimited(): ProviderAnswer;
  };
  readonly serves: StandIn["serves"];
  readonly order: StandIn["control"];
}

/** A stand-in that keeps books and sends webhooks of them: what an order has changed is kept, however it ends. */
export function standInWithBooks({ objects, deliveries, api, serves, order }: StandInParts): StandIn {
  return {
    serves,
    answer: async (request) => api.answer(request),
    rateLimited: () => api.rateLimited(),
    control(question, query, body) {
      try {
        return order(question, query, body);
      } finally {
        objects.commit();
      }
    },
    pending: () => deliveries.pending(),
    start: () => deliveries.start(),
    async stop() {
      await deliveries.stop();
      objects.commit();
    },
  };
}
