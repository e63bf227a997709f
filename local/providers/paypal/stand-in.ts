/** PayPal on this machine: the API that its books are read by, its webhooks, and the orders that it takes. */
import { parseToWriteAgain } from "../../../lambdas/shared/domain/exact-json.ts";
import type { RuntimeClock } from "../../aws/types.ts";
import { createDeliveries, type DeliveriesOptions } from "../deliveries.ts";
import { parseFates } from "../fates.ts";
import { createObjects } from "../objects.ts";
import type { Shelf } from "../shelf.ts";
import type { StandIn } from "../stand-in.ts";
import { standInWithBooks } from "../stand-in-with-books.ts";
import { createPaypalApi, isPaypalPath } from "./api.ts";
import { collections, importEvents, type KeptEvent, misstated } from "./books.ts";

export interface PaypalStandInOptions extends Pick<DeliveriesOptions, "sign" | "post"> {
  readonly shelf: Shelf;
  readonly clock: RuntimeClock;
  /** Where PayPal's webhooks go. */
  readonly webhookUrl: string;
}

/**
 * Orders: `faults?lose=&misstate=&seed=`, `deliveries`, `import` (a list of PayPal's events; with `send=true` their
 * webhooks are sent, too) and `lag?seconds=`, by which Transaction Search is behind.
 */
export function createPaypalStandIn({ shelf, clock, webhookUrl, sign, post }: PaypalStandInOptions): StandIn {
  const objects = createObjects(shelf, "paypal/");
  let lagMs = 0;
  const deliveries = createDeliveries({
    objects,
    clock,
    url: webhookUrl,
    bodyOf(id) {
      const kept = objects.get<KeptEvent>(collections.events, id);
      if (kept === undefined) throw new Error(`There is no event ${id}.`);
      return JSON.stringify(kept.event);
    },
    sign,
    misstate: misstated,
    ...(post !== undefined && { post }),
  });
  const api = createPaypalApi({ objects, now: () => clock.now(), lagMs: () => lagMs });

  function order(question: string, query: URLSearchParams, body: string): unknown {
    if (question === "faults") return deliveries.setFates(parseFates(query));
    if (question === "deliveries") return deliveries.report();
    if (question === "lag") {
      const seconds = Number(query.get("seconds") ?? Number.NaN);
      if (!(seconds >= 0)) throw new Error("seconds: give a number from 0 on.");
      lagMs = seconds * 1000;
      return { seconds };
    }
    if (question !== "import") return undefined;
    const events = parseToWriteAgain(body);
    if (!Array.isArray(events)) throw new Error("Post a JSON list of PayPal's events.");
    return importEvents(objects, events, query.get("send") === "true" ? deliveries.add : deliveries.leave);
  }

  return standInWithBooks({ objects, deliveries, api, serves: isPaypalPath, order });
}
