/** Items of the table `transactions` as the archive reads them: what ./transaction-store.ts and the workflows wrote. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  type Decision,
  decisions,
  type PaymentEventType,
  paymentEventTypes,
  type Tier,
  tiers,
} from "../../../config/events.ts";
import type { DecisionRecord, FactRecord, RawRecord } from "../domain/archive/records.ts";
import { parseDecimal } from "../domain/money.ts";

type Item = Readonly<Record<string, AttributeValue>>;

export function factIn(item: Item): FactRecord {
  const { amountMinor, routingAmountUsd } = item;
  return {
    eventId: required(item, "eventId"),
    transactionId: required(item, "transactionId"),
    provider: required(item, "provider"),
    type: oneOf<PaymentEventType>(paymentEventTypes, required(item, "type")),
    providerType: required(item, "providerType"),
    tier: oneOf<Tier>(tiers, required(item, "tier")),
    occurredAt: required(item, "occurredAt"),
    receivedAt: required(item, "receivedAt"),
    correlationId: required(item, "correlationId"),
    source: required(item, "source"),
    ...optional(item, "objectVersion"),
    ...optional(item, "currency"),
    ...optional(item, "amountProblem"),
    ...optional(item, "sameFactAs"),
    ...optional(item, "customerId"),
    ...(amountMinor?.N !== undefined && { amountMinor: integerIn(amountMinor.N) }),
    ...(routingAmountUsd?.N !== undefined && { routingAmountUsd: Number(routingAmountUsd.N) }),
  };
}

export function rawIn(item: Item): RawRecord {
  const headers = Object.entries(item.headers?.M ?? {}).map(([name, value]) => [name, value.S ?? ""] as const);
  return {
    receivedAt: required(item, "receivedAt"),
    headers: Object.fromEntries(headers),
    sizeBytes: Number(item.sizeBytes?.N),
    sha256: required(item, "sha256"),
    encoding: oneOf<RawRecord["encoding"]>(["identity", "zstd"], required(item, "encoding")),
    body: item.body?.B ?? { bucket: required(item, "bucket"), key: required(item, "key") },
  };
}

export function decisionIn(item: Item): DecisionRecord {
  return {
    decision: oneOf<Decision>(decisions, required(item, "decision")),
    ...(item.score?.N !== undefined && { score: Number(item.score.N) }),
    ...optional(item, "decidedBy"),
    ...optional(item, "decidedAt"),
  };
}

/** An attribute that every item of the ledger has. */
export function required(item: Item, name: string): string {
  const text = item[name]?.S;
  if (text === undefined) throw new Error(`An item of the ledger lacks its ${name}`);
  return text;
}

function optional<Name extends string>(item: Item, name: Name): { readonly [name in Name]?: string } {
  const text = item[name]?.S;
  return (text === undefined ? {} : { [name]: text }) as { readonly [name in Name]?: string };
}

function oneOf<Value extends string>(values: readonly Value[], text: string): Value {
  const value = values.find((one) => one === text);
  if (value === undefined) throw new Error("An item of the ledger has a word that we don't know");
  return value;
}

/** DynamoDB keeps 38 digits, and may write many zeros as an exponent. */
function integerIn(text: string): bigint {
  const decimal = parseDecimal(text.replace(/^\+/, ""));
  if (decimal === undefined || decimal.scale !== 0) throw new Error("An amount of the ledger is not a whole number");
  return decimal.units;
}
