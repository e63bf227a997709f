/** From the signed bytes of a provider to the bus: both functions over fakes, and bodies to send. */
import { randomUUID } from "node:crypto";
import type { SQSEvent } from "aws-lambda";
import { webhookMessageSchema } from "../../../config/events.ts";
import type { ProviderName } from "../../../config/providers.ts";
import { createEventFields } from "../../../lambdas/shared/runtime/event-fields.ts";
import { sqsBatchHandler } from "../../../lambdas/shared/runtime/sqs.ts";
import { createDeduplication } from "../../../lambdas/webhook-dedup/deduplicate.ts";
import { gocardlessAccess, gocardlessApi } from "../../support/gocardless-api.ts";
import { createMemoryClaimStore } from "../../support/memory-claim-store.ts";
import { createMemoryDeadLetterQueue } from "../../support/memory-dead-letter-queue.ts";
import { createMemoryEventBus } from "../../support/memory-event-bus.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { tierOf } from "../../support/routing.ts";
import { nowMs, samples, signed } from "../shared/providers/samples.ts";
import { type Fakes, gatewayEvent, read, validator } from "../webhook-validator/harness.ts";

export interface Webhook {
  /** Bytes as they are, anything else as JSON. */
  readonly body: unknown;
  readonly deliveryId?: string;
  readonly topic?: string;
  /** Sent as they are, after signing; undefined takes a header away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The samples' secrets, and a token of GoCardless's with somebody to ask. */
const usual: Fakes = {
  outside: gocardlessApi,
  fetchSecret: async (name) => ({
    kind: "found",
    value: { ...samples[name].secretValue, ...(name === "gocardless" && gocardlessAccess) },
  }),
};

/** Both functions as their handlers wire them, over fakes. */
export function aPipeline(fakes: Fakes = usual) {
  const [claims, transactions, bus] = [
    createMemoryClaimStore(),
    createMemoryTransactionStore(),
    createMemoryEventBus(),
  ];
  const [log, deadLetters, intake] = [createMemoryLog(), createMemoryDeadLetterQueue(), validator(fakes)];
  const now = () => nowMs;
  const eventFields = createEventFields(tierOf);
  const ports = {
    ...{ claims, transactions, bus, now, tierOf },
    ...{ newToken: randomUUID, sleep: async () => {}, random: () => 0.5 },
  };
  const record = sqsBatchHandler({
    schema: webhookMessageSchema,
    process: createDeduplication(ports, 30),
    deadLetters,
    log,
    describe: ({ event }) => eventFields(event),
    now,
  });

  /** Sends a signed webhook, records what came of it, and says how each of its events ended. */
  async function receive(name: ProviderName, webhook: Webhook): Promise<readonly string[]> {
    const { body, headers = {}, deliveryId = "", topic = "" } = webhook;
    const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
    const request = signed(name, { body: bytes, deliveryId, topic });
    const all = Object.entries({ ...Object.fromEntries(request.headers), ...headers });
    const sent = new Map(all.flatMap(([header, value]) => (value === undefined ? [] : [[header, value] as const])));
    const before = intake.sent.length;
    expect(read(await intake.handler(gatewayEvent(name, { ...request, headers: sent }))).status).toBe(200);
    const seen = log.lines.length;
    await record(aBatchOf(intake.sent.slice(before)));
    const ends = log.lines.slice(seen).filter(({ messageId }) => messageId !== undefined);
    return ends.map(({ code, outcome }) => code ?? outcome ?? "");
  }

  return { receive, transactions, bus, claims, log, deadLetters };
}

function aBatchOf(bodies: readonly string[]): SQSEvent {
  const attributes = { SentTimestamp: String(nowMs) };
  return {
    Records: bodies.map((body, index) => ({ messageId: `m${index}`, body, attributes })),
  } as unknown as SQSEvent;
}

export const shopifyRefund = (id: number) => ({
  id,
  order_id: 1,
  created_at: "2026-11-21T07:00:00Z",
  transactions: [{ kind: "refund", status: "success", amount: "20.00", currency: "USD" }],
});
export const order = {
  id: 1,
  financial_status: "paid",
  total_price: "409.94",
  currency: "USD",
  updated_at: "2026-11-21T07:00:00Z",
};
export const dispute = {
  id: 9,
  order_id: 1,
  type: "chargeback",
  status: "needs_response",
  amount: "11.50",
  currency: "USD",
  initiated_at: "2026-11-20T10:00:00Z",
};
export const stripeEvent = (id: string, type: string, object: object, more: object = {}) => ({
  id,
  type,
  created: 1_795_247_990,
  data: { object: { payment_intent: "pi_1", amount: 2_000, currency: "usd", ...object } },
  ...more,
});
export const standardRefund = (timestamp: string) => ({
  type: "refund.created",
  timestamp,
  data: { payment_id: "pay_R", amount: 2_000_000, currency: "USD" },
});
export const hmacRefund = { transaction_id: "txR", type: "refund.created", amount: "20.00", currency: "USD" };
export const squareRefund = (eventId: string, id: string, more: object = {}) => ({
  type: "refund.updated",
  event_id: eventId,
  created_at: "2026-11-21T07:00:00.123Z",
  data: {
    type: "refund",
    id,
    object: {
      refund: { id, payment_id: "pay1", status: "COMPLETED", amount_money: { amount: 2_000, currency: "USD" } },
    },
  },
  ...more,
});
export const paddleRefund = (eventId: string, id: string, more: object = {}) => ({
  event_id: eventId,
  event_type: "adjustment.updated",
  occurred_at: "2026-11-21T07:00:00.123456Z",
  data: {
    ...{ id, transaction_id: "txn_1", action: "refund", status: "approved", currency_code: "USD" },
    totals: { total: "2000" },
  },
  ...more,
});
export const razorpayRefund = (id: string, more: object = {}) => ({
  event: "refund.processed",
  created_at: 1_795_247_990,
  payload: { refund: { entity: { id, payment_id: "pay_1", amount: 2_000, currency: "USD", status: "processed" } } },
  ...more,
});

/** A refund of Braintree's is a transaction of its own, which names the one that it returns. */
export const braintreeRefund = (
  id: string,
  { timestamp = "2026-11-21T07:00:00Z", kind = "transaction_settled" } = {},
) =>
  Buffer.from(
    `<notification><kind>${kind}</kind><timestamp type="datetime">${timestamp}</timestamp><subject><transaction>
    <id>${id}</id><type>credit</type><status>settled</status><amount>20.00</amount><currency-iso-code>USD</currency-iso-code>
    <refunded-transaction-id>sale7777</refunded-transaction-id></transaction></subject></notification>`,
  );
/** PayPal's resource names the refund; the capture that it is of stands in a link. */
export const paypalRefund = (eventId: string, id: string, more: object = {}) => ({
  id: eventId,
  event_type: "PAYMENT.CAPTURE.REFUNDED",
  create_time: "2026-11-21T07:00:00.123Z",
  resource_type: "refund",
  resource: {
    id,
    amount: { currency_code: "USD", value: "20.00" },
    links: [{ rel: "up", href: "https://api.paypal.com/v2/payments/captures/29Y24445UY2083144" }],
  },
  ...more,
});
export const paypalPayout = (eventId: string, end: string, more: object = {}) => ({
  id: eventId,
  event_type: `PAYMENT.PAYOUTS-ITEM.${end}`,
  create_time: "2026-11-21T07:00:00.123Z",
  resource_type: "payouts_item",
  resource: { payout_item_id: "ITEM1", payout_item: { amount: { currency: "USD", value: "20.00" } }, ...more },
});

/** A standard webhook of one refund; `item` is what differs. */
export const adyenRefund = (item: object) => ({
  live: "true",
  notificationItems: [
    {
      NotificationRequestItem: {
        amount: { currency: "USD", value: 2_000 },
        eventCode: "REFUND",
        eventDate: "2026-11-21T07:00:00+00:00",
        merchantAccountCode: "ExampleECOM",
        merchantReference: "order-1",
        originalReference: "QFQTPCQ8HXSKGK82",
        pspReference: "R1",
        success: "true",
        ...item,
      },
    },
  ],
});

/** A payout of Adyen's platform that is booked, in the word and with the number that it is told with. */
export const adyenPayout = (word: "created" | "updated", sequenceNumber: number) => ({
  type: `balancePlatform.transfer.${word}`,
  environment: "live",
  timestamp: "2026-11-21T07:00:00+00:00",
  data: {
    amount: { currency: "EUR", value: 2_000 },
    ...{ category: "bank", direction: "outgoing", id: "T1", sequenceNumber, status: "booked" },
  },
});

/** A webhook of one event, about a refund whose id says amount and payment to the stand-in of GoCardless's API. */
export const gocardlessRefund = (eventId: string, refundId: string, more: object = {}) => ({
  events: [
    {
      id: eventId,
      created_at: "2026-11-21T07:00:00.123Z",
      resource_type: "refunds",
      action: "created",
      links: { refund: refundId },
      ...more,
    },
  ],
});
/** Mollie's event of the next generation about a refund of `tr_1`. */
export const mollieRefund = (eventId: string, id: string, more: object = {}) => ({
  resource: "event",
  id: eventId,
  type: "refund.refunded",
  entityId: id,
  createdAt: "2026-11-21T07:00:00.0Z",
  _embedded: {
    entity: { id, paymentId: "tr_1", status: "refunded", amount: { currency: "USD", value: "20.00" } },
  },
  ...more,
});
