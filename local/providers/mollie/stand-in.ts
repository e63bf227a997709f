/** Mollie on this machine: the API that payments are made and fetched by, its classic webhooks, and its orders. */
import type { RuntimeClock } from "../../aws/types.ts";
import { createDeliveries, type DeliveriesOptions } from "../deliveries.ts";
import { parseFates } from "../fates.ts";
import { createObjects } from "../objects.ts";
import type { Shelf } from "../shelf.ts";
import type { StandIn } from "../stand-in.ts";
import { standInWithBooks } from "../stand-in-with-books.ts";
import { createMollieApi, isMolliePath } from "./api.ts";
import { type Call, collections, newMollieId } from "./books.ts";
import { type Changes, changesOf } from "./changes.ts";

export interface MollieStandInOptions extends Pick<DeliveriesOptions, "post"> {
  readonly shelf: Shelf;
  readonly clock: RuntimeClock;
  /** Where Mollie's webhooks go, whatever URL a payment names. */
  readonly webhookUrl: string;
}

/**
 * Orders: `pay?id=&status=`, `refund?id=&status=`, `chargeback?payment=&amount=` and `reverse?id=`, what a customer and
 * the banks do; `faults?lose=&seed=` and `deliveries`, as of the other stand-ins. A webhook has nothing to misstate.
 */
export function createMollieStandIn({ shelf, clock, webhookUrl, post }: MollieStandInOptions): StandIn {
  const objects = createObjects(shelf, "mollie/");
  const now = () => clock.now();
  const deliveries = createDeliveries({
    objects,
    clock,
    url: webhookUrl,
    bodyOf(id) {
      const call = objects.get<Call>(collections.calls, id);
      if (call === undefined) throw new Error(`There is no webhook ${id}.`);
      return `id=${call.paymentId}`;
    },
    sign: () => ({ "content-type": "application/x-www-form-urlencoded" }),
    misstate: () => undefined,
    ...(post !== undefined && { post }),
  });

  /** Every webhook of a payment says the same: that there is something new. */
  function call(paymentId: string): void {
    const created = Math.floor(now() / 1000);
    const due: Call = { id: newMollieId("call_"), created, paymentId };
    objects.put(collections.calls, due);
    deliveries.add({ id: due.id, created, type: "payment" });
  }

  const api = createMollieApi({ objects, now });
  const changes = changesOf({ objects, now, call });

  function order(question: string, query: URLSearchParams): unknown {
    if (question === "faults") return deliveries.setFates(parseFates(query));
    if (question === "deliveries") return deliveries.report();
    return Object.hasOwn(changes, question) ? changes[question as keyof Changes](query) : undefined;
  }

  return standInWithBooks({ objects, deliveries, api, serves: isMolliePath, order });
}
