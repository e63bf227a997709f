/** Tables, in the emulator, and buckets. */
import type { DynamoDb } from "../emulators/dynamodb.ts";
import type { ObjectStore } from "../services/s3/store.ts";
import { blocks } from "../terraform/block.ts";
import type { ResolvedResource } from "../terraform/resolve.ts";
import { type Inventory, optionalText, text } from "./inventory.ts";

/**
 * Creates the tables that aren't there yet.
 * @throws Error with the emulator's answer when one can't be created, and when a kept one has other keys or indexes: a
 *   table's data can't be made to fit by itself
 */
export async function createTables(inventory: Inventory, database: DynamoDb): Promise<void> {
  await Promise.all(
    inventory.ofType("aws_dynamodb_table").map(async (resource) => {
      const wanted = createTableInput(resource);
      const { status, body } = await database.send("CreateTable", JSON.stringify(wanted));
      if (status === 200) return;
      if (!body.includes("ResourceInUseException")) throw new Error(`${resource.address}: ${body}`);
      const kept = await database.send("DescribeTable", JSON.stringify({ TableName: wanted.TableName }));
      const { Table } = JSON.parse(kept.body) as { Table: TableShape };
      if (shapeOf(Table) === shapeOf(wanted)) return;
      throw new Error(
        `${resource.address}: the kept table has other keys or indexes. Start with --reset to begin anew.`,
      );
    }),
  );
}

interface TableShape {
  readonly TableName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: unknown;
    readonly KeySchema: readonly KeyElement[];
  }[];
}

interface KeyElement {
  readonly AttributeName: unknown;
  readonly KeyType: string;
}

/** What of a table can't be changed under its data, as comparable text. */
function shapeOf({ KeySchema, GlobalSecondaryIndexes = [] }: TableShape): string {
  const keys = (schema: readonly KeyElement[]) =>
    schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).sort();
  const indexes = GlobalSecondaryIndexes.map((index) => [String(index.IndexName), keys(index.KeySchema)]);
  return JSON.stringify([keys(KeySchema), indexes.sort()]);
}

function createTableInput(resource: ResolvedResource) {
  const { config } = resource;
  const keys = (hash: unknown, range: unknown) => [
    { AttributeName: hash, KeyType: "HASH" },
    ...(range === undefined || range === null ? [] : [{ AttributeName: range, KeyType: "RANGE" }]),
  ];
  const indexes = blocks(config, "global_secondary_index").map((index) => ({
    IndexName: index.name,
    KeySchema: keys(index.hash_key, index.range_key),
    Projection: {
      ProjectionType: index.projection_type,
      ...(Array.isArray(index.non_key_attributes) ? { NonKeyAttributes: index.non_key_attributes } : {}),
    },
  }));
  return {
    TableName: text(resource, "name"),
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: blocks(config, "attribute").map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: keys(config.hash_key, optionalText(resource, "range_key")),
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
}

export function createBuckets(inventory: Inventory, store: Pick<ObjectStore, "createBucket">): void {
  for (const resource of inventory.ofType("aws_s3_bucket")) store.createBucket(text(resource, "bucket"));
}
