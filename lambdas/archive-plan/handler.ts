import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { slicePlaceSchema } from "../../config/archive.ts";
import { createArchiveLedger } from "../shared/aws/archive-ledger.ts";
import { createArchiveObjects } from "../shared/aws/archive-objects.ts";
import { bulkClientOptions, withoutCallLog } from "../shared/aws/client-options.ts";
import { logLevel, positiveInteger, readEnv, requiredText } from "../shared/runtime/env.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createPlanning, type Plan } from "./plan-days.ts";

const env = readEnv(
  v.object({
    TRANSACTIONS_TABLE: requiredText,
    ARCHIVE_BUCKET: requiredText,
    SLICES_PER_HOUR: v.pipe(positiveInteger, v.picklist([1, 2, 4, 8, 16], "is not 1, 2, 4, 8 or 16")),
    LOG_LEVEL: logLevel,
  }),
);

const log = createLog("archive-plan");

const plan = createPlanning(
  {
    ledger: createArchiveLedger(withoutCallLog(new DynamoDBClient(bulkClientOptions)), env.TRANSACTIONS_TABLE),
    objects: createArchiveObjects(withoutCallLog(new S3Client(bulkClientOptions)), env.ARCHIVE_BUCKET),
    now: Date.now,
  },
  env.SLICES_PER_HOUR,
);

const requestSchema = v.object({
  scheduledAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  through: v.optional(slicePlaceSchema.entries.day),
  work: v.optional(v.picklist(["days", "late-days"])),
  after: v.optional(slicePlaceSchema.entries.day),
});

/** When it was scheduled, or the last day to seal, or where the execution before this one ended → the days and late days to archive, with their slices. */
export async function handler(input: unknown): Promise<Plan> {
  const startedMs = Date.now();
  const request = v.parse(requestSchema, input);
  log.info("plan asked for", {});
  const planned = await plan(request);
  const count = planned.days.length + planned.lateDays.length;
  log.info("planned", {
    count,
    outcome: planned.next === null ? "planned" : "more-than-fits",
    ms: Date.now() - startedMs,
  });
  return planned;
}
