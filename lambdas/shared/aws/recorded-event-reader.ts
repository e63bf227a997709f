import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { paymentEventSchema } from "../../../config/events.ts";
import { chunksOf } from "../domain/chunks-of.ts";
import { inParallel } from "../domain/in-parallel.ts";
import type { RecordedEventReader, RecordedFact } from "../domain/sweep.ts";
import { itemKey } from "./archive-ledger.ts";
import { batchGet, batchGetKeys, type Item } from "./batch-get.ts";
import { factIn, required } from "./ledger-item.ts";

const batchesAtATime = 4;

/** Facts of the table `transactions` with their whole event, as ./transaction-store.ts wrote them. */
export function createRecordedEventReader(client: DynamoDBClient, tableName: string): RecordedEventReader {
  return {
    async facts(keys) {
      const chunks = chunksOf(keys, batchGetKeys);
      const items = await inParallel(chunks, batchesAtATime, (chunk) => {
        return batchGet(client, tableName, chunk.map(itemKey));
      });
      const read = items.flat().map((item) => ({ item, fact: recordedFactIn(item) }));
      return {
        facts: read.flatMap(({ fact }) => fact ?? []),
        unreadable: read.flatMap(({ item, fact }) => {
          const key = { transactionId: required(item, "transactionId"), entry: required(item, "entry") };
          return fact === undefined ? [key] : [];
        }),
      };
    },
  };
}

/** Undefined where the item isn't a fact as this version writes it. */
function recordedFactIn(item: Item): RecordedFact | undefined {
  const traits = traitsIn(item);
  if (traits === undefined) return undefined;
  const { amountMinor, tier, sameFactAs } = traits;
  const { amountMinor: _, ...others } = item;
  const parsed = v.safeParse(paymentEventSchema, {
    ...unmarshall(others),
    // As text with all its digits: a JavaScript number in between has fewer.
    ...(amountMinor !== undefined && { amountMinor: String(amountMinor) }),
  });
  return parsed.success ? { event: parsed.output, tier, ...(sameFactAs !== undefined && { sameFactAs }) } : undefined;
}

function traitsIn(item: Item) {
  try {
    return factIn(item);
  } catch {
    return undefined;
  }
}
