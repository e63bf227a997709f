/** Events that the table has and that are not sealed yet. */

import { zstdDecompressSync } from "node:zlib";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { archiveShards } from "../../config/events.ts";
import { limits } from "../../config/limits.ts";
import type { Names } from "../../config/names.ts";
import { createArchiveLedger } from "../../lambdas/shared/aws/archive-ledger.ts";
import type { createPayloadReader } from "../../lambdas/shared/aws/payload-reader.ts";
import { createRecordedEventReader } from "../../lambdas/shared/aws/recorded-event-reader.ts";
import type { FactKey, RawRecord } from "../../lambdas/shared/domain/archive/records.ts";
import { archivePartitionOf } from "../../lambdas/shared/domain/archive-partition.ts";
import { entryKeys } from "../../lambdas/shared/domain/ledger.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";
import type { RecordedFact } from "../../lambdas/shared/domain/sweep.ts";
import { ArchiveError } from "../archive/archive-error.ts";
import type { RawDelivery, RecordedEvent } from "./recorded.ts";
import type { HourRange } from "./time-range.ts";

export interface LedgerEvents {
  /** Undefined where the index has it no more, or not yet. */
  byId(
    eventId: string,
    first: { readonly receivedAt: string; readonly occurredAt: string },
  ): Promise<RecordedEvent | undefined>;
  /** Events first received in an hour, page by page. */
  within(hour: HourRange): AsyncIterable<readonly RecordedEvent[]>;
}

/** @param payloads reads claim-checked bodies */
export function createLedgerEvents(
  dynamoDb: DynamoDBClient,
  { tables }: Names,
  payloads: ReturnType<typeof createPayloadReader>,
): LedgerEvents {
  const ledger = createArchiveLedger(dynamoDb, tables.transactions);
  const reader = createRecordedEventReader(dynamoDb, tables.transactions);

  async function eventsOf(keys: readonly FactKey[]): Promise<readonly RecordedEvent[]> {
    const [{ facts, unreadable }, decided] = await Promise.all([reader.facts(keys), ledger.decided(keys)]);
    const [first] = unreadable;
    if (first !== undefined) {
      throw new ArchiveError(
        "damaged",
        `A fact of ${first.transactionId} in the table isn't as this version writes it.`,
      );
    }
    const decidedEntries = new Set(decided.map(({ transactionId, entry }) => `${transactionId} ${entry}`));
    return facts.map((fact) => {
      const { event } = fact;
      const key = { transactionId: event.transactionId, entry: entryKeys.fact(event.occurredAt, event.eventId) };
      return recordedOf(fact, decidedEntries.has(`${key.transactionId} ${key.entry}`), () => bytesOf(key));
    });
  }

  async function bytesOf(key: FactKey): Promise<RawDelivery | undefined> {
    const [record] = await ledger.read([key]);
    const raw = record?.raw;
    if (raw === undefined) return undefined;
    const stored = raw.body instanceof Uint8Array ? raw.body : await payloads.read(raw.body);
    if (stored === undefined) return undefined;
    const body = decoded(raw, stored);
    if (sha256Hex(body) !== raw.sha256)
      throw new ArchiveError("damaged", `The bytes of ${key.entry} aren't those that came in.`);
    return { headers: raw.headers, body, sha256: raw.sha256 };
  }

  return {
    async byId(eventId, { receivedAt, occurredAt }) {
      const partition = archivePartitionOf(eventId, receivedAt);
      const entry = entryKeys.fact(occurredAt, eventId);
      let after: string | undefined;
      do {
        const page = await ledger.page(partition, after === undefined ? {} : { after });
        const key = page.keys.find((one) => one.entry === entry);
        if (key !== undefined) return (await eventsOf([key]))[0];
        after = page.next;
      } while (after !== undefined);
      return undefined;
    },
    async *within({ day, hour, includes }) {
      for (let shard = 0; shard < archiveShards; shard += 1) {
        const partition = `${day}T${hour}#${String(shard).padStart(2, "0")}`;
        let after: string | undefined;
        do {
          const page = await ledger.page(partition, after === undefined ? {} : { after });
          yield (await eventsOf(page.keys)).filter(({ receivedAt }) => includes(receivedAt));
          after = page.next;
        } while (after !== undefined);
      }
    },
  };
}

function recordedOf(
  { event, tier, sameFactAs }: RecordedFact,
  hasDecision: boolean,
  bytes: RecordedEvent["bytes"],
): RecordedEvent {
  const { eventId, transactionId, provider, providerType, amountMinor, currency } = event;
  const { occurredAt, receivedAt, correlationId } = event;
  return {
    ...{ eventId, transactionId, provider, providerType, tier, occurredAt, receivedAt, correlationId, hasDecision },
    ...(sameFactAs !== undefined && { sameFactAs }),
    ...(amountMinor !== undefined && { amountMinor }),
    ...(currency !== undefined && { currency }),
    place: "the ledger",
    bytes,
  };
}

function decoded({ encoding }: RawRecord, stored: Uint8Array): Uint8Array {
  return encoding === "identity" ? stored : zstdDecompressSync(stored, { maxOutputLength: limits.webhookBodyBytes });
}
