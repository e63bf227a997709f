/**
 * The part of Mollie's API that is stood in for: making and showing payments and their refunds.
 * Sources: https://docs.mollie.com/reference/payments-api, https://docs.mollie.com/reference/refunds-api and
 * https://docs.mollie.com/reference/handling-errors
 */
import { STATUS_CODES } from "node:http";
import { field } from "../../../lambdas/shared/domain/exact-json.ts";
import { splitTarget } from "../../aws/wire.ts";
import type { Objects } from "../objects.ts";
import type { ProviderAnswer, ProviderRequest } from "../stand-in.ts";
import {
  collections,
  isoSeconds,
  minorOf,
  moneyIn,
  newMollieId,
  type Payment,
  type Refund,
  refundedOf,
  refundsOf,
  showPayment,
  showRefund,
} from "./books.ts";

/** What Mollie refuses with; `field` names the member that is wrong. */
class MollieRefusal extends Error {
  readonly status: number;
  readonly field: string | undefined;

  constructor(status: number, detail: string, named?: string) {
    super(detail);
    this.status = status;
    this.field = named;
  }
}

export interface MollieApiOptions {
  readonly objects: Objects;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface MollieStandInApi {
  answer(request: ProviderRequest): ProviderAnswer;
  rateLimited(): ProviderAnswer;
}

const paymentsPath = "/v2/payments";
/** Any key in the form of Mollie's opens the stand-in, and shows the payments of its mode. */
const bearer = /^Bearer (live|test)_[A-Za-z0-9]{30,64}$/;

export function isMolliePath(path: string): boolean {
  return path === paymentsPath || path.startsWith(`${paymentsPath}/`);
}

export function createMollieApi({ objects, now }: MollieApiOptions): MollieStandInApi {
  function perform(request: ProviderRequest): { readonly status: number; readonly shown: unknown } {
    const { path, query } = splitTarget(request.url);
    const [, mode] = bearer.exec(request.headers.authorization ?? "") ?? [];
    if (mode !== "live" && mode !== "test")
      throw new MollieRefusal(401, "Missing authentication, or failed to authenticate");
    const [id, sub, ...rest] = path.slice(paymentsPath.length + 1).split("/");
    const asked = `${request.method} ${[id === "" || id === undefined ? "" : ":id", sub, ...rest].join("/")}`;
    if (asked === "POST /") return { status: 201, shown: createPayment(bodyOf(request), mode) };
    const payment = objects.get<Payment>(collections.payments, id ?? "");
    if (payment === undefined || payment.mode !== mode)
      throw new MollieRefusal(404, `No payment exists with token ${id}.`);
    const embed = (query.get("embed") ?? "").split(",");
    if (asked === "GET :id/") return { status: 200, shown: showPayment(objects, payment, embed) };
    if (asked === "POST :id/refunds") return { status: 201, shown: createRefund(payment, bodyOf(request)) };
    if (asked === "GET :id/refunds") return { status: 200, shown: listRefunds(payment) };
    throw new MollieRefusal(405, `${request.method} ${path} is not stood in for.`);
  }

  function createPayment(body: unknown, mode: "live" | "test"): unknown {
    const [amount, description] = [moneyIn(field(body, "amount")), field(body, "description")];
    if (amount === undefined) throw new MollieRefusal(422, "The amount contains an invalid value", "amount");
    if (typeof description !== "string" || description === "") {
      throw new MollieRefusal(422, "The description is invalid", "description");
    }
    const kept = ["redirectUrl", "webhookUrl", "metadata", "customerId"].flatMap((name) => {
      const value = field(body, name);
      return value === undefined ? [] : [[name, value] as const];
    });
    const at = now();
    const shown = {
      createdAt: isoSeconds(at),
      description,
      method: null,
      sequenceType: "oneoff",
      profileId: "pfl_LocalOnly",
      ...Object.fromEntries(kept),
    };
    const created = Math.floor(at / 1000);
    const payment: Payment = { id: newMollieId("tr_"), created, mode, status: "open", amount, shown };
    objects.put(collections.payments, payment);
    return showPayment(objects, payment, []);
  }

  /** It waits as `pending` until an order moves it on, as at Mollie it does until the bank has it. */
  function createRefund(payment: Payment, body: unknown): unknown {
    const amount = moneyIn(field(body, "amount"));
    if (amount === undefined || amount.currency !== payment.amount.currency) {
      throw new MollieRefusal(422, "The amount contains an invalid value", "amount");
    }
    if (payment.status !== "paid") throw new MollieRefusal(422, "The payment is not paid, and can't be refunded.");
    if (refundedOf(objects, payment.id) + minorOf(amount) > minorOf(payment.amount)) {
      throw new MollieRefusal(422, "The amount is higher than the maximum", "amount");
    }
    const description = field(body, "description");
    const refund: Refund = {
      id: newMollieId("re_"),
      created: Math.floor(now() / 1000),
      paymentId: payment.id,
      status: "pending",
      amount,
      shown: { mode: payment.mode, description: typeof description === "string" ? description : "", metadata: null },
    };
    objects.put(collections.refunds, refund);
    return showRefund(refund);
  }

  function listRefunds(payment: Payment): unknown {
    const refunds = refundsOf(objects, payment.id).map(showRefund);
    return { count: refunds.length, _embedded: { refunds }, _links: { previous: null, next: null } };
  }

  return {
    answer(request) {
      try {
        const { status, shown } = perform(request);
        return answerOf(status, shown);
      } catch (error) {
        if (error instanceof MollieRefusal) return refusalOf(error);
        // A bug of the stand-in's own: answered as Mollie would, and loud.
        console.error(error);
        return refusalOf(new MollieRefusal(500, "An internal error occurred"));
      } finally {
        objects.commit();
      }
    },
    rateLimited: () => refusalOf(new MollieRefusal(429, "Your request has hit a rate limit.")),
  };
}

function bodyOf({ body }: ProviderRequest): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    throw new MollieRefusal(400, "The stand-in takes JSON, and the body is none.");
  }
}

function refusalOf({ status, message, field: named }: MollieRefusal): ProviderAnswer {
  return answerOf(status, { status, title: STATUS_CODES[status], detail: message, ...(named && { field: named }) });
}

function answerOf(status: number, shown: unknown): ProviderAnswer {
  return { status, headers: { "content-type": "application/hal+json" }, body: JSON.stringify(shown) };
}
