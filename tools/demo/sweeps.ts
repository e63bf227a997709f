/** Lets those schedules go off that walk through what is left: undecided events, and dead letters that SQS would forget. */
import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { bucketNamed } from "./bucket-named.ts";
import type { Stage } from "./play.ts";
import { scan } from "./read-tables.ts";
import { setOff } from "./run-schedule.ts";

export interface SweepsSeen {
  /** Ids of the events whose decision was taken away before the sweep. */
  readonly undone: readonly string[];
  /** Queue → letters of it that lie in the archive's bucket. */
  readonly copies: ReadonlyMap<string, number>;
}

/** Decisions that are taken away. */
const undoneCount = 5;
/** By then what is recorded now has waited for longer than any decision takes. */
const laterMs = 2 * 60 * 60_000;

/** @param untilIdle resolves when nothing is under way any more */
export async function sweepUp(stage: Stage, untilIdle: () => Promise<void>): Promise<SweepsSeen> {
  const { names } = stage;
  const undone = await takeDecisionsAway(stage);
  await setOff(stage, names.schedule("decision-sweep"), Date.now() + laterMs);
  await setOff(stage, names.schedule("dead-letter-copy"), Date.now());
  await untilIdle();
  return { undone, copies: await copiesOf(stage) };
}

/** As if the last step of the low tier had got lost, and nobody had noticed. */
async function takeDecisionsAway({ clients, names }: Stage): Promise<readonly string[]> {
  const TableName = names.tables.transactions;
  const entries = await scan(clients, TableName);
  const decisions = entries.filter(({ kind, tier }) => kind === "decision" && tier === "low").slice(0, undoneCount);
  for (const { transactionId, entry } of decisions) {
    const Key = { transactionId: { S: String(transactionId) }, entry: { S: String(entry) } };
    await clients.dynamoDb.send(new DeleteItemCommand({ TableName, Key }));
  }
  return decisions.map(({ eventId }) => String(eventId));
}

async function copiesOf({ clients }: Stage): Promise<ReadonlyMap<string, number>> {
  const request = { Bucket: bucketNamed("transaction-audit-logs"), Prefix: "dead-letters/dt=" };
  const copies = new Map<string, number>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: clients.s3 }, request)) {
    for (const { Key = "" } of Contents) {
      const [, , queue = ""] = Key.split("/");
      copies.set(queue, (copies.get(queue) ?? 0) + 1);
    }
  }
  return copies;
}
