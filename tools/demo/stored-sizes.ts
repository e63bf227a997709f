/** How much lies in the tables, by DynamoDB's own rules for the size of an item. */
import {
  type AttributeValue,
  DescribeTableCommand,
  paginateListTables,
  paginateScan,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { DemoClients } from "./clients.ts";

type Item = Readonly<Record<string, AttributeValue>>;

/** Bytes without the 100 that DynamoDB adds to each item where it bills storage. */
export interface StoredSizes {
  readonly items: number;
  readonly bytes: number;
  /** In all of the table's indexes together. */
  readonly indexItems: number;
  readonly indexBytes: number;
}

/** @returns sizes by table, and the bytes of the webhooks' bodies among them */
export async function storedSizes({
  dynamoDb,
}: DemoClients): Promise<{ readonly tables: Record<string, StoredSizes>; readonly keptBodyBytes: number }> {
  const tables: Record<string, StoredSizes> = {};
  let keptBodyBytes = 0;
  for await (const { TableNames = [] } of paginateListTables({ client: dynamoDb }, {})) {
    for (const TableName of TableNames) {
      const { Table = {} } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
      const items: Item[] = [];
      for await (const page of paginateScan({ client: dynamoDb }, { TableName })) items.push(...(page.Items ?? []));
      tables[TableName] = sizesOf(items, Table);
      for (const { kind, body } of items) if (kind?.S === "raw") keptBodyBytes += body?.B?.byteLength ?? 0;
    }
  }
  return { tables, keptBodyBytes };
}

function sizesOf(items: readonly Item[], table: TableDescription): StoredSizes {
  const keysOf = (schema: TableDescription["KeySchema"]) =>
    (schema ?? []).map(({ AttributeName = "" }) => AttributeName);
  const indexed = (table.GlobalSecondaryIndexes ?? []).flatMap(({ KeySchema, Projection }) => {
    const keys = [...keysOf(KeySchema), ...keysOf(table.KeySchema)];
    const inIndex = items.filter((item) => keys.every((key) => item[key] !== undefined));
    return inIndex.map((item) => (Projection?.ProjectionType === "KEYS_ONLY" ? only(item, keys) : item));
  });
  const total = (all: readonly Item[]) => all.reduce((sum, item) => sum + itemBytes(item), 0);
  return { items: items.length, bytes: total(items), indexItems: indexed.length, indexBytes: total(indexed) };
}

function only(item: Item, keys: readonly string[]): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name)));
}

/** Source: DynamoDB Developer Guide, "DynamoDB item sizes and formats". */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.replace(/\D/g, "").length / 2) + 1;
  if (value.B !== undefined) return value.B.byteLength;
  if (value.L !== undefined) return value.L.reduce((sum, element) => sum + 1 + valueBytes(element), 3);
  if (value.M !== undefined) return itemBytes(value.M) + 3 + Object.keys(value.M).length;
  const set = value.SS ?? value.NS ?? value.BS?.map((bytes) => Buffer.from(bytes).toString("latin1"));
  return set === undefined ? 1 : set.reduce((sum, element) => sum + Buffer.byteLength(element), 0);
}
