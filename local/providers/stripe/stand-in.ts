/** Stripe on this machine: its API, its events, its webhooks, and the orders that it takes. */
import { setTimeout as waitMs } from "node:timers/promises";
import type { RuntimeClock } from "../../aws/types.ts";
import { createDeliveries, type DeliveriesOptions } from "../deliveries.ts";
import { createObjects } from "../objects.ts";
import type { Shelf } from "../shelf.ts";
import type { StandIn } from "../stand-in.ts";
import { standInWithBooks } from "../stand-in-with-books.ts";
import { newAccount } from "./accounts.ts";
import { createApi } from "./api.ts";
import {
  type Awaited,
  awaitedCollection,
  awaitedKinds,
  type Books,
  collectionOf,
  openBooks,
  platformId,
} from "./books.ts";
import { misstated } from "./misstate.ts";
import { ordersOf } from "./orders.ts";
import { arrive } from "./payouts.ts";
import { failByItself } from "./refund-failures.ts";
import { isStripePath } from "./routes.ts";

export interface StripeStandInOptions extends Pick<DeliveriesOptions, "sign" | "post"> {
  readonly shelf: Shelf;
  readonly clock: RuntimeClock;
  /** Where Stripe's webhooks go. */
  readonly webhookUrl: string;
}

/** How often the payouts and refunds that are due are looked for. */
const tickMs = 250;
const endings = { payout: arrive, refund: failByItself } as const;

export function createStripeStandIn({ shelf, clock, webhookUrl, sign, post }: StripeStandInOptions): StandIn {
  const objects = createObjects(shelf, "stripe/");
  const deliveries = createDeliveries({
    objects,
    clock,
    url: webhookUrl,
    bodyOf: (id, account = platformId) => {
      const event = objects.get<object>(collectionOf(account, "event"), id);
      if (event === undefined) throw new Error(`There is no event ${id}.`);
      return JSON.stringify(event, null, 2);
    },
    sign,
    misstate: misstated,
    ...(post !== undefined && { post }),
  });
  const booksOf = (account: string) => openBooks({ objects, deliveries, clock }, account);
  const platform = booksOf(platformId);
  if (platform.get("account", platformId) === undefined) platform.put("account", newPlatform(platform));
  const isUndelivered = (eventId: string) => {
    const state = deliveries.of(eventId)?.state;
    return state !== undefined && state !== "sent" && state !== "misstated" && state !== "elsewhere";
  };
  const api = createApi({ objects, booksOf, isUndelivered });
  const stopping = new AbortController();

  function endDue(): void {
    for (const kind of awaitedKinds) {
      const collection = awaitedCollection(kind);
      const due = [...objects.newestFirst<Awaited>(collection, { to: platform.now() + 1 })];
      for (const { id, account } of due) {
        endings[kind](booksOf(account), id);
        objects.remove(collection, id);
      }
      if (due.length > 0) objects.commit();
    }
  }

  async function tick(): Promise<void> {
    while (!stopping.signal.aborted) {
      endDue();
      await waitMs(tickMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  }

  const orders = ordersOf({ objects, deliveries, booksOf });
  const order: StandIn["control"] = (question, query, body) =>
    Object.hasOwn(orders, question) ? orders[question]?.(query, body) : undefined;
  const standIn = standInWithBooks({ objects, deliveries, api, serves: isStripePath, order });
  return {
    ...standIn,
    start() {
      standIn.start();
      void tick();
    },
    async stop() {
      stopping.abort();
      await standIn.stop();
    },
  };
}

function newPlatform(platform: Books) {
  const account = newAccount(platform, platformId, "standard", "US");
  return {
    ...account,
    charges_enabled: true,
    payouts_enabled: true,
    details_submitted: true,
    email: "local@example.com",
  };
}
