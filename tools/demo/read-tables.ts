/** What the items of the tables say. */
import { createHash } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { type AttributeValue, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { FraudScore } from "../../config/events.ts";
import type { DemoClients } from "./clients.ts";
import type { DecisionSeen, FactSeen, RawSeen } from "./evidence.ts";

/** An item with its numbers as text: amounts may have more digits than a JavaScript number. */
export type Item = Readonly<Record<string, unknown>>;

export async function scan({ dynamoDb }: DemoClients, TableName: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client: dynamoDb }, { TableName, ConsistentRead: true })) {
    for (const item of page.Items ?? []) items.push(plain(item));
  }
  return items;
}

function plain(item: Record<string, AttributeValue>): Item {
  return unmarshall(item, { wrapNumbers: (number) => number });
}

export function factIn(item: Item): FactSeen {
  const { eventId, transactionId, type, tier, occurredAt } = item;
  return {
    eventId: String(eventId),
    transactionId: String(transactionId),
    type: String(type),
    tier: String(tier),
    occurredAt: String(occurredAt),
    ...textsOf(item, "amountMinor", "currency", "sameFactAs", "amountProblem", "source"),
  };
}

export function decisionIn({ eventId, decision, decidedBy, score, reasons, modelVersion }: Item): DecisionSeen {
  return {
    eventId: String(eventId),
    decision: String(decision),
    decidedBy: String(decidedBy),
    score: Number(score),
    reasons: JSON.parse(String(reasons)) as FraudScore["reasons"],
    modelVersion: String(modelVersion),
  };
}

export function claimIn({ eventId, status }: Item): readonly [key: string, status: string] {
  return [String(eventId), String(status)];
}

export function scoreIn({ score }: Item): FraudScore {
  return JSON.parse(String(score)) as FraudScore;
}

export function historyIn({
  counterKey,
  payments,
  amounts,
  currencies,
  slots,
}: Item): readonly [key: string, counts: ReadonlyMap<string, bigint>] {
  return [String(counterKey), new Map(numbersIn({ payments, amounts, currencies, slots }))];
}

/** Each number of a nested value by its place in it. */
function numbersIn(value: unknown, place: readonly string[] = []): [string, bigint][] {
  if (typeof value === "string") return [[place.join("."), BigInt(value)]];
  return Object.entries(value ?? {}).flatMap(([name, inner]) => numbersIn(inner, [...place, name]));
}

/** The bytes of a claim check lie in the bucket. */
export async function rawIn({ s3 }: DemoClients, item: Item): Promise<RawSeen> {
  const { eventId, receivedAt, headers, body, encoding, bucket, key } = item;
  const isInline = body instanceof Uint8Array;
  const kept = isInline ? body : await objectAt(s3, String(bucket), String(key));
  const bytes = encoding === "zstd" ? zstdDecompressSync(kept) : kept;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return {
    eventId: String(eventId),
    receivedAt: String(receivedAt),
    headers: (headers ?? {}) as RawSeen["headers"],
    bytes,
    sha256,
    isInline,
  };
}

async function objectAt(s3: DemoClients["s3"], bucket: string, key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

/** Those of the names that have a value. */
export function textsOf<Name extends string>(item: Item, ...names: readonly Name[]): { readonly [N in Name]?: string } {
  const given = names.filter((name) => item[name] !== undefined && item[name] !== null);
  return Object.fromEntries(given.map((name) => [name, String(item[name])])) as { [N in Name]?: string };
}
