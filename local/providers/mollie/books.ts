/** What Mollie's stand-in keeps: payments with their refunds and chargebacks, in the form in which its API shows them. */
import { field } from "../../../lambdas/shared/domain/exact-json.ts";
import { fromMajorUnits, isoExponent, knownCurrency } from "../../../lambdas/shared/domain/money.ts";
import type { Objects } from "../objects.ts";
import { newId } from "../stripe/ids.ts";

export interface Money {
  readonly currency: string;
  /** Decimal text with all of the currency's decimals. */
  readonly value: string;
}

type Shown = Readonly<Record<string, unknown>>;
export type PaymentStatus = "open" | "pending" | "authorized" | "paid" | "failed" | "canceled" | "expired";
export type RefundStatus = "pending" | "processing" | "refunded" | "failed" | "canceled";

export interface Payment {
  readonly id: string;
  /** Seconds since 1970, as of everything that is kept. */
  readonly created: number;
  readonly mode: "live" | "test";
  readonly status: PaymentStatus;
  readonly amount: Money;
  readonly shown: Shown;
}

export interface Refund {
  readonly id: string;
  readonly created: number;
  readonly paymentId: string;
  readonly status: RefundStatus;
  readonly amount: Money;
  readonly shown: Shown;
}

export interface Chargeback {
  readonly id: string;
  readonly created: number;
  readonly paymentId: string;
  readonly amount: Money;
  readonly reversedAt: string | null;
}

/** A webhook that was due: which payment it was about. */
export interface Call {
  readonly id: string;
  readonly created: number;
  readonly paymentId: string;
}

export const collections = {
  payments: "payment",
  refunds: "refund",
  chargebacks: "chargeback",
  calls: "call",
} as const;

export function newMollieId(prefix: "tr_" | "re_" | "chb_" | "call_"): string {
  return newId(prefix, 21);
}

/** Mollie's times have no fractions. */
export function isoSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "+00:00");
}

/** An amount as Mollie takes it: with exactly the decimals of its currency, and more than 0. */
export function moneyIn(stated: unknown): Money | undefined {
  const [currency, value] = [knownCurrency(field(stated, "currency")), field(stated, "value")];
  if (currency === undefined || typeof value !== "string") return undefined;
  const decimals = isoExponent(currency);
  const form = decimals === 0 ? /^\d{1,12}$/ : new RegExp(`^\\d{1,12}\\.\\d{${decimals}}$`);
  return form.test(value) && minorOf({ currency, value }) > 0n ? { currency, value } : undefined;
}

export function minorOf({ currency, value }: Money): bigint {
  const amount = fromMajorUnits(value, currency);
  if (amount.kind === "unusable") throw new Error(`${value} ${currency} is no amount: ${amount.reason}.`);
  return BigInt(amount.amountMinor);
}

/** What is refunded of a payment, in minor units; what was canceled or failed isn't. */
export function refundedOf(objects: Objects, paymentId: string): bigint {
  const refunds = refundsOf(objects, paymentId).filter(({ status }) => status !== "canceled" && status !== "failed");
  return refunds.reduce((sum, { amount }) => sum + minorOf(amount), 0n);
}

export function refundsOf(objects: Objects, paymentId: string): readonly Refund[] {
  return [...objects.newestFirst<Refund>(collections.refunds)].filter((refund) => refund.paymentId === paymentId);
}

function chargebacksOf(objects: Objects, paymentId: string): readonly Chargeback[] {
  return [...objects.newestFirst<Chargeback>(collections.chargebacks)].filter((one) => one.paymentId === paymentId);
}

/** As `GET /v2/payments/{id}` answers it, with what `embed` asks for. */
export function showPayment(objects: Objects, payment: Payment, embed: readonly string[]): Shown {
  const { id, mode, status, amount, shown } = payment;
  const embedded = {
    ...(embed.includes("refunds") && { refunds: refundsOf(objects, id).map(showRefund) }),
    ...(embed.includes("chargebacks") && { chargebacks: chargebacksOf(objects, id).map(showChargeback) }),
  };
  return {
    resource: "payment",
    id,
    mode,
    status,
    amount,
    ...shown,
    ...(Object.keys(embedded).length > 0 && { _embedded: embedded }),
    _links: {
      self: linkTo(`payments/${id}`),
      dashboard: { href: `https://my.mollie.com/dashboard/org_local/payments/${id}`, type: "text/html" },
    },
  };
}

export function showRefund({ id, paymentId, status, amount, created, shown }: Refund): Shown {
  return {
    resource: "refund",
    id,
    paymentId,
    status,
    amount,
    createdAt: isoSeconds(created * 1000),
    ...shown,
    _links: ofPayment(paymentId, `refunds/${id}`, "get-refund"),
  };
}

export function showChargeback({ id, paymentId, amount, created, reversedAt }: Chargeback): Shown {
  return {
    resource: "chargeback",
    id,
    paymentId,
    amount,
    createdAt: isoSeconds(created * 1000),
    reversedAt,
    _links: ofPayment(paymentId, `chargebacks/${id}`, "get-chargeback"),
  };
}

function ofPayment(paymentId: string, path: string, documentation: string): Shown {
  return {
    self: linkTo(`payments/${paymentId}/${path}`),
    payment: linkTo(`payments/${paymentId}`),
    documentation: { href: `https://docs.mollie.com/reference/${documentation}`, type: "text/html" },
  };
}

function linkTo(path: string): Shown {
  return { href: `https://api.mollie.com/v2/${path}`, type: "application/hal+json" };
}
