/** Synthetic ledger records: different from each other as real ones are, and the same in every run and process. */
import type { PaymentEventType, Tier } from "../../config/events.ts";
import type { LedgerRecord, RawRecord } from "../../lambdas/shared/domain/archive/records.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";

/** The day that all of them were received on. */
export const benchDay = "2026-10-05";
const dayMs = 86_400_000;
const begin = Date.parse(`${benchDay}T00:00:00.000Z`);

const currencies = ["USD", "EUR", "GBP", "JPY", "KWD"] as const;
const kinds: readonly (readonly [PaymentEventType, string])[] = [
  ["payment.succeeded", "payment_intent.succeeded"],
  ["payment.succeeded", "payment_intent.succeeded"],
  ["payment.succeeded", "payment_intent.succeeded"],
  ["payment.failed", "payment_intent.payment_failed"],
  ["refund.created", "refund.created"],
];
const tiers: readonly Tier[] = ["low", "low", "low", "low", "medium", "high"];

export interface BenchRecord {
  readonly record: LedgerRecord;
  readonly raw: RawRecord;
  /** Of the raw record. Short, as it is the audit's reading that is measured and not a disk's. */
  readonly body: Uint8Array;
  readonly rawSha256: string;
}

/** Record number `index` of `count`, spread over the day. Ids and hashes hardly compress, as real ones. */
export function recordAt(index: number, count: number): BenchRecord {
  const random = numbersFrom(index);
  const hex = (digits: number) => {
    let text = "";
    while (text.length < digits) text += random().toString(16).padStart(8, "0");
    return text.slice(0, digits);
  };
  const receivedMs = begin + Math.floor((index * dayMs) / count);
  const [type, providerType] = pick(kinds, random());
  const receivedAt = new Date(receivedMs).toISOString();
  const body = Buffer.from(`{"id":"evt_${hex(24)}","object":"event","data":{"object":{"id":"pi_${hex(24)}"}}}`);
  const rawSha256 = sha256Hex(body);
  const record: LedgerRecord = {
    fact: {
      eventId: `stripe:evt_${hex(24)}`,
      transactionId: `stripe:pi_${hex(24)}`,
      provider: "stripe",
      type,
      providerType,
      amountMinor: BigInt(random() % 1_000_000),
      currency: pick(currencies, random()),
      routingAmountUsd: (random() % 1_000_000) / 100,
      tier: pick(tiers, random()),
      customerId: `cus_${hex(14)}`,
      occurredAt: new Date(receivedMs - (random() % 5_000)).toISOString(),
      receivedAt,
      correlationId: hex(32),
      source: "webhook",
    },
    decision: {
      decision: "APPROVE",
      score: (random() % 1_000) / 1_000,
      decidedBy: "fraud-detector",
      decidedAt: new Date(receivedMs + 800).toISOString(),
    },
  };
  const headers = { "stripe-signature": `t=${Math.floor(receivedMs / 1000)},v1=${hex(64)}` };
  const raw: RawRecord = { receivedAt, headers, sizeBytes: body.length, sha256: rawSha256, encoding: "identity", body };
  return { record, raw, body, rawSha256 };
}

function pick<T>(choices: readonly T[], number: number): T {
  return choices[number % choices.length] as T;
}

/** mulberry32: 32-bit numbers that look random, from a seed. */
function numbersFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
