import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { slicePlaceSchema } from "../../config/archive.ts";
import { createArchiveLedger } from "../shared/aws/archive-ledger.ts";
import { createArchiveObjects } from "../shared/aws/archive-objects.ts";
import { bulkClientOptions, withoutCallLog } from "../shared/aws/client-options.ts";
import { createPayloadReader } from "../shared/aws/payload-reader.ts";
import { logLevel, readEnv, requiredText } from "../shared/runtime/env.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { createSliceArchival } from "./archive-slice.ts";

const env = readEnv(
  v.object({
    TRANSACTIONS_TABLE: requiredText,
    ARCHIVE_BUCKET: requiredText,
    ENVIRONMENT: requiredText,
    LOG_LEVEL: logLevel,
  }),
);

const log = createLog("transaction-archival");
const metrics = createMetrics("transaction-archival", { environment: env.ENVIRONMENT, log });
const s3 = withoutCallLog(new S3Client(bulkClientOptions));
// One directory for each execution environment: what a crash leaves in it is overwritten by the next invocation.
const directory = mkdtempSync(join(tmpdir(), "archive-"));

const archiveSlice = createSliceArchival(
  {
    ledger: createArchiveLedger(withoutCallLog(new DynamoDBClient(bulkClientOptions)), env.TRANSACTIONS_TABLE),
    objects: createArchiveObjects(s3, env.ARCHIVE_BUCKET),
    payloads: createPayloadReader(s3),
    onMissingBody: (eventId) =>
      log.warn("body is gone; its headers and hash are archived without it", { eventId, code: "body-gone" }),
  },
  (name) => join(directory, name),
);

/** A slice of a day, or of what is late for a sealed day → the key of its result. */
export async function handler(input: unknown): Promise<{ readonly key: string }> {
  const startedMs = Date.now();
  const place = v.parse(slicePlaceSchema, input);
  log.info("slice to archive", { day: place.day });
  const { key, facts } = await archiveSlice(place);
  metrics.count({ archived: facts });
  log.info("slice archived", { day: place.day, key, count: facts, outcome: "archived", ms: Date.now() - startedMs });
  return { key };
}
