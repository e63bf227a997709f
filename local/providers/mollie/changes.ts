/** What happens to payments without their merchant's doing: customers pay, banks refund and take back. */
import type { Objects } from "../objects.ts";
import {
  type Chargeback,
  collections,
  isoSeconds,
  minorOf,
  moneyIn,
  newMollieId,
  type Payment,
  type PaymentStatus,
  type Refund,
  type RefundStatus,
  showChargeback,
  showPayment,
  showRefund,
} from "./books.ts";

interface ChangesOptions {
  readonly objects: Objects;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Has Mollie's webhook of a payment sent. */
  readonly call: (paymentId: string) => void;
}

type Change = (query: URLSearchParams) => unknown;
/** Each throws an Error that says which argument is wrong. */
export type Changes = Readonly<Record<"pay" | "refund" | "chargeback" | "reverse", Change>>;

/** Which states follow which, and whether Mollie calls: https://docs.mollie.com/docs/handling-payment-status */
const paymentMoves: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  open: ["pending", "authorized", "paid", "failed", "canceled", "expired"],
  pending: ["paid", "failed", "canceled", "expired"],
  authorized: ["paid", "canceled", "expired"],
  paid: [],
  failed: [],
  canceled: [],
  expired: [],
};
/** The same of refunds: https://docs.mollie.com/docs/refunds */
const refundMoves: Readonly<Record<RefundStatus, readonly RefundStatus[]>> = {
  pending: ["processing", "refunded", "canceled"],
  processing: ["refunded", "failed"],
  refunded: ["failed"],
  failed: [],
  canceled: [],
};
const silent: ReadonlySet<string> = new Set(["payment pending", "refund canceled"]);

export function changesOf({ objects, now, call }: ChangesOptions): Changes {
  function kept<T>(collection: string, query: URLSearchParams, name: string): T {
    const found = objects.get<T>(collection, query.get(name) ?? "");
    if (found === undefined) throw new Error(`${name}: there is no ${collection} of this id.`);
    return found;
  }

  return {
    pay(query) {
      const payment = kept<Payment>(collections.payments, query, "id");
      const status = next(query.get("status") ?? "paid", payment.status, paymentMoves[payment.status]);
      const shown = { ...payment.shown, method: "creditcard", [`${status}At`]: isoSeconds(now()) };
      const changed: Payment = { ...payment, status, shown };
      objects.put(collections.payments, changed);
      if (!silent.has(`payment ${status}`)) call(payment.id);
      return showPayment(objects, changed, []);
    },
    refund(query) {
      const refund = kept<Refund>(collections.refunds, query, "id");
      const status = next(query.get("status") ?? "refunded", refund.status, refundMoves[refund.status]);
      const changed: Refund = { ...refund, status };
      objects.put(collections.refunds, changed);
      if (!silent.has(`refund ${status}`)) call(refund.paymentId);
      return showRefund(changed);
    },
    chargeback(query) {
      const payment = kept<Payment>(collections.payments, query, "payment");
      if (payment.status !== "paid") throw new Error("payment: it is not paid.");
      const value = query.get("amount") ?? payment.amount.value;
      const amount = moneyIn({ currency: payment.amount.currency, value });
      if (amount === undefined || minorOf(amount) > minorOf(payment.amount)) {
        throw new Error(`amount: write it like ${payment.amount.value}, which is the most.`);
      }
      const created = Math.floor(now() / 1000);
      const id = newMollieId("chb_");
      const chargeback: Chargeback = { id, created, paymentId: payment.id, amount, reversedAt: null };
      objects.put(collections.chargebacks, chargeback);
      call(payment.id);
      return showChargeback(chargeback);
    },
    /** Mollie documents no call for it: the next one, whatever it is about, brings it to light. */
    reverse(query) {
      const chargeback = kept<Chargeback>(collections.chargebacks, query, "id");
      const changed: Chargeback = { ...chargeback, reversedAt: isoSeconds(now()) };
      objects.put(collections.chargebacks, changed);
      return showChargeback(changed);
    },
  };
}

function next<T extends string>(wanted: string, current: T, possible: readonly T[]): T {
  const found = possible.find((status) => status === wanted);
  if (found !== undefined) return found;
  const choice = possible.length === 0 ? "that is the end of it" : `choose one of ${possible.join(", ")}`;
  throw new Error(`status: it is ${current}; ${choice}.`);
}
