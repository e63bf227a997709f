/**
 * What PayPal's stand-in keeps: events that somebody else has made, and the transactions that they speak of. PayPal's own
 * payments, orders and disputes aren't stood in for.
 */
import * as v from "valibot";
import { field, fieldAt, parseToWriteAgain } from "../../../lambdas/shared/domain/exact-json.ts";
import { elementsOf } from "../../../lambdas/shared/providers/fields.ts";
import { factOf } from "../../../lambdas/shared/providers/paypal/facts.ts";
import type { NewEvent } from "../deliveries.ts";
import type { Objects } from "../objects.ts";

const eventSchema = v.looseObject({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, "not an id")),
  event_type: v.pipe(v.string(), v.minLength(1)),
  create_time: v.pipe(v.string(), v.isoTimestamp()),
  resource: v.looseObject({}),
});
type PaypalEvent = v.InferOutput<typeof eventSchema>;

/** A transaction as Transaction Search tells of it, and what `Objects` wants of everything. */
export interface KeptTransaction {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly transaction_info: Readonly<Record<string, unknown>>;
}

export interface KeptEvent {
  readonly id: string;
  readonly created: number;
  readonly event: PaypalEvent;
}

export const collections = { events: "event", transactions: "transaction" } as const;

interface ImportReport {
  readonly imported: number;
  /** That were there already. */
  readonly known: number;
  readonly refused: readonly { readonly id?: string; readonly why: string }[];
}

/** @param note hears of each event that is new, once it is listed with its transaction */
export function importEvents(
  objects: Objects,
  events: readonly unknown[],
  note: (event: NewEvent) => void,
): ImportReport {
  const refused: { id?: string; why: string }[] = [];
  let [imported, known] = [0, 0];
  for (const given of events) {
    const parsed = v.safeParse(eventSchema, given);
    if (!parsed.success) {
      const id = field(given, "id");
      const why = `It is not an event of PayPal's: ${v.getDotPath(parsed.issues[0]) ?? "no object"}.`;
      refused.push({ ...(typeof id === "string" && { id }), why });
      continue;
    }
    const event = parsed.output;
    if (objects.get(collections.events, event.id) !== undefined) {
      known += 1;
      continue;
    }
    const created = Math.floor(Date.parse(event.create_time) / 1000);
    const transaction = transactionOf(event, created);
    if (transaction !== undefined) objects.put(collections.transactions, transaction);
    const kept: KeptEvent = { id: event.id, created, event };
    objects.put(collections.events, kept);
    note({ id: event.id, created, type: event.event_type });
    imported += 1;
  }
  return { imported, known, refused };
}

/**
 * Event code and direction of what each event moves. Disputes move money by holds, which no event of their own tells of.
 * Source: https://developer.paypal.com/docs/transaction-search/transaction-event-codes/
 */
const moves: ReadonlyMap<string, { readonly code: string; readonly sign: "" | "-" }> = new Map([
  ["PAYMENT.CAPTURE.COMPLETED", { code: "T0006", sign: "" }],
  ["PAYMENT.SALE.COMPLETED", { code: "T0006", sign: "" }],
  ["PAYMENT.CAPTURE.REFUNDED", { code: "T1107", sign: "-" }],
  ["PAYMENT.SALE.REFUNDED", { code: "T1107", sign: "-" }],
  ["PAYMENT.CAPTURE.REVERSED", { code: "T1106", sign: "-" }],
  ["PAYMENT.SALE.REVERSED", { code: "T1106", sign: "-" }],
  ["PAYMENT.PAYOUTS-ITEM.SUCCEEDED", { code: "T0001", sign: "-" }],
  ["PAYMENT.PAYOUTS-ITEM.RETURNED", { code: "T1114", sign: "" }],
]);

function transactionOf({ id, event_type: name, resource }: PaypalEvent, created: number): KeptTransaction | undefined {
  const move = moves.get(name);
  const stated = fieldAt(resource, "payout_item", "amount") ?? field(resource, "amount");
  const value = field(stated, "value") ?? field(stated, "total");
  if (move === undefined || typeof value !== "string") return undefined;
  const payment = factOf(name, resource).objectId;
  const ownId = field(resource, "id") ?? payment;
  // A payment has its own transaction; what is of another one names it. PayPal reverses a payment under another id.
  const isOfAnother = move.code.startsWith("T1");
  const isSame = ownId === payment;
  const time = new Date(created * 1000).toISOString().replace(".000Z", "+0000");
  const transactionId = isOfAnother && isSame ? `${id.replace(/\W/g, "").slice(-17)}` : String(ownId);
  return {
    id: transactionId,
    created,
    transaction_info: {
      transaction_id: transactionId,
      ...(isOfAnother && { paypal_reference_id: payment, paypal_reference_id_type: "TXN" }),
      transaction_event_code: move.code,
      transaction_initiation_date: time,
      transaction_updated_date: time,
      transaction_amount: {
        currency_code: field(stated, "currency_code") ?? field(stated, "currency"),
        value: move.sign + value.replace("-", ""),
      },
      transaction_status: "S",
    },
  };
}

/** Where an event states its amount, in the order in which they are looked for. */
const amountPaths = [["amount"], ["dispute_amount"], ["payout_item", "amount"], ["batch_header", "amount"]] as const;

/** The same event with one unit more, as a fault of the sender would tell it; undefined where it states no amount. */
export function misstated(body: string) {
  const event = parseToWriteAgain(body) as { readonly resource?: unknown };
  for (const path of amountPaths) {
    const stated = fieldAt(event, "resource", ...path) as Record<string, unknown> | undefined;
    const name = ["value", "total"].find((each) => typeof stated?.[each] === "string");
    if (stated === undefined || name === undefined) continue;
    const [actual, decimals] = [Number(stated[name]), String(stated[name]).split(".")[1]?.length ?? 0];
    const wrong = actual + 1;
    stated[name] = wrong.toFixed(decimals);
    return { body: JSON.stringify(event), field: ["resource", ...path, name].join("."), actual, stated: wrong };
  }
  return undefined;
}

/** Whether an event is about a transaction, as the list of events filters. */
export function isAbout({ resource }: PaypalEvent, transactionId: string): boolean {
  const disputed = elementsOf(field(resource, "disputed_transactions")).map((one) =>
    field(one, "seller_transaction_id"),
  );
  return [field(resource, "id"), field(resource, "transaction_id"), ...disputed].includes(transactionId);
}
