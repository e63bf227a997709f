/** The part of Stripe's API that is covered: method and path → operation. */
import {
  createAccount,
  deleteAccount,
  listAccounts,
  retrieveAccount,
  retrieveOwnAccount,
  updateAccount,
} from "./accounts.ts";
import { listBalanceTransactions, retrieveBalance, retrieveBalanceTransaction } from "./balance-operations.ts";
import type { Operation } from "./call.ts";
import { captureCharge, createCharge, listCharges, retrieveCharge } from "./charges.ts";
import { acceptDispute, listDisputes, retrieveDispute, updateDispute } from "./dispute-operations.ts";
import { listEvents, retrieveEvent } from "./event-operations.ts";
import {
  cancelPaymentIntent,
  capturePaymentIntent,
  confirmPaymentIntent,
  createPaymentIntent,
  listPaymentIntents,
  retrievePaymentIntent,
} from "./payment-intents.ts";
import { cancelPayout, createPayout, listPayouts, retrievePayout } from "./payouts.ts";
import { createRefund, listRefunds, retrieveRefund } from "./refunds.ts";

const routes: Readonly<Record<string, Operation>> = {
  "GET /v1/account": retrieveOwnAccount,
  "GET /v1/accounts": listAccounts,
  "POST /v1/accounts": createAccount,
  "GET /v1/accounts/:id": retrieveAccount,
  "POST /v1/accounts/:id": updateAccount,
  "DELETE /v1/accounts/:id": deleteAccount,
  "GET /v1/balance": retrieveBalance,
  "GET /v1/balance_transactions": listBalanceTransactions,
  "GET /v1/balance_transactions/:id": retrieveBalanceTransaction,
  "GET /v1/charges": listCharges,
  "POST /v1/charges": createCharge,
  "GET /v1/charges/:id": retrieveCharge,
  "POST /v1/charges/:id/capture": captureCharge,
  "GET /v1/disputes": listDisputes,
  "GET /v1/disputes/:id": retrieveDispute,
  "POST /v1/disputes/:id": updateDispute,
  "POST /v1/disputes/:id/close": acceptDispute,
  "GET /v1/events": listEvents,
  "GET /v1/events/:id": retrieveEvent,
  "GET /v1/payment_intents": listPaymentIntents,
  "POST /v1/payment_intents": createPaymentIntent,
  "GET /v1/payment_intents/:id": retrievePaymentIntent,
  "POST /v1/payment_intents/:id/cancel": cancelPaymentIntent,
  "POST /v1/payment_intents/:id/capture": capturePaymentIntent,
  "POST /v1/payment_intents/:id/confirm": confirmPaymentIntent,
  "GET /v1/payouts": listPayouts,
  "POST /v1/payouts": createPayout,
  "GET /v1/payouts/:id": retrievePayout,
  "POST /v1/payouts/:id/cancel": cancelPayout,
  "GET /v1/refunds": listRefunds,
  "POST /v1/refunds": createRefund,
  "GET /v1/refunds/:id": retrieveRefund,
};

/** First segments of the paths, by which Stripe's requests are known among those of other providers. */
const families: ReadonlySet<string> = new Set(Object.keys(routes).map((route) => familyOf(route.split(" ")[1] ?? "")));

function familyOf(path: string): string {
  return path.split("/").slice(0, 3).join("/");
}

export function isStripePath(path: string): boolean {
  return families.has(familyOf(path));
}

export interface Routed {
  readonly operation: Operation;
  /** Decoded; empty where the path has none. */
  readonly id: string;
}

export function route(method: string, path: string): Routed | undefined {
  const [, v1, family, id, ...verb] = path.split("/");
  const pattern = ["", v1, family, ...(id === undefined ? [] : [":id"]), ...verb].join("/");
  const operation = Object.hasOwn(routes, `${method} ${pattern}`) ? routes[`${method} ${pattern}`] : undefined;
  return operation === undefined ? undefined : { operation, id: decodeURIComponent(id ?? "") };
}
