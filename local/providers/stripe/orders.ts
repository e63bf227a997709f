/** What Stripe's stand-in is told below `/_local/providers/stripe/`: to do wrong, and to let happen what others decide. */
import { parseToWriteAgain } from "../../../lambdas/shared/domain/exact-json.ts";
import type { Deliveries } from "../deliveries.ts";
import { parseFates } from "../fates.ts";
import type { Objects } from "../objects.ts";
import { type Books, byItself, collectionOf, platformId } from "./books.ts";
import { openDispute } from "./disputes.ts";
import { importEvents } from "./import-events.ts";
import { type PayoutEnd, settlePayout } from "./payouts.ts";
import { failRefund } from "./refund-failures.ts";

interface OrdersOptions {
  readonly objects: Objects;
  readonly deliveries: Deliveries;
  readonly booksOf: (account: string) => Books;
}

/** Follows an order, and gives what came of it. Throws Error that says which argument is wrong. */
type Order = (query: URLSearchParams, body: string) => unknown;

export function ordersOf({ objects, deliveries, booksOf }: OrdersOptions): Readonly<Record<string, Order>> {
  const booksIn = (query: URLSearchParams) => booksOf(query.get("account") ?? platformId);
  return {
    faults: (query) => deliveries.setFates(parseFates(query)),
    deliveries: () => deliveries.report(),
    import(query, body) {
      const events = parseToWriteAgain(body);
      if (!Array.isArray(events)) throw new Error("Post a JSON list of Stripe's events.");
      const tell = query.get("send") === "true" ? deliveries.add : deliveries.leave;
      return importEvents(
        {
          booksOf,
          note(books, event, listed) {
            objects.put(collectionOf(books.account, "event"), listed);
            tell(event);
          },
        },
        events,
      );
    },
    dispute(query) {
      const books = booksIn(query);
      const charge = books.require("charge", query.get("charge") ?? "", "charge");
      return openDispute(books, charge, { reason: query.get("reason") ?? "general" }, byItself);
    },
    payout(query) {
      const status = query.get("status");
      if (status !== "paid" && status !== "failed") throw new Error("status: choose paid or failed.");
      const failureCode = query.get("failure_code") ?? "account_closed";
      const end: PayoutEnd = status === "paid" ? { status } : { status, failureCode };
      return settlePayout(booksIn(query), query.get("id") ?? "", end);
    },
    refund(query) {
      if (query.get("status") !== "failed") throw new Error("status: choose failed.");
      return failRefund(booksIn(query), query.get("id") ?? "", query.get("failure_reason") ?? "unknown");
    },
  };
}
