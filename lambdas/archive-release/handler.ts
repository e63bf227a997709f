import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import * as v from "valibot";
import { createArchiveObjects } from "../shared/aws/archive-objects.ts";
import { bulkClientOptions, withoutCallLog } from "../shared/aws/client-options.ts";
import { createLedgerRelease } from "../shared/aws/ledger-release.ts";
import { logLevel, readEnv, requiredText } from "../shared/runtime/env.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createRelease } from "./release-object.ts";

const env = readEnv(v.object({ TRANSACTIONS_TABLE: requiredText, ARCHIVE_BUCKET: requiredText, LOG_LEVEL: logLevel }));

const log = createLog("archive-release");

const release = createRelease({
  objects: createArchiveObjects(withoutCallLog(new S3Client(bulkClientOptions)), env.ARCHIVE_BUCKET),
  ...createLedgerRelease(withoutCallLog(new DynamoDBClient(bulkClientOptions)), env.TRANSACTIONS_TABLE),
  now: Date.now,
});

const requestSchema = v.object({ key: requiredText });
/** What is left for the updates under way when no more are begun. */
const reserveMs = 20_000;

/** A sealed object of transactions → how many of its rows were released now. */
export async function handler(
  input: unknown,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<{ readonly released: number }> {
  const startedMs = Date.now();
  const { key } = v.parse(requestSchema, input);
  log.info("release asked for", { key });
  const released = await release(key, () => context.getRemainingTimeInMillis() > reserveMs);
  log.info("released", { key, count: released, outcome: "released", ms: Date.now() - startedMs });
  return { released };
}
