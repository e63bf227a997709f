import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { slicePlaceSchema } from "../../config/archive.ts";
import { createArchiveObjects } from "../shared/aws/archive-objects.ts";
import { bulkClientOptions, withoutCallLog } from "../shared/aws/client-options.ts";
import { createExceptionReader } from "../shared/aws/exception-reader.ts";
import { createManifestSigner } from "../shared/aws/manifest-signer.ts";
import { createWaitingMessages } from "../shared/aws/waiting-messages.ts";
import { logLevel, readEnv, requiredText } from "../shared/runtime/env.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { measured, measuredMoney, noonMs } from "./measured.ts";
import { createSealing, type Sealed } from "./seal-day.ts";

const env = readEnv(
  v.object({
    ARCHIVE_BUCKET: requiredText,
    PROCESSED_WEBHOOKS_TABLE: requiredText,
    SIGNING_KEY_ARN: requiredText,
    ENVIRONMENT: requiredText,
    WEBHOOK_EVENTS_QUEUE_URL: requiredText,
    WEBHOOK_EVENTS_DLQ_URL: requiredText,
    LOG_LEVEL: logLevel,
  }),
);

const log = createLog("archive-seal");
const metrics = createMetrics("archive-seal", { environment: env.ENVIRONMENT, log });
const queueUrls = [env.WEBHOOK_EVENTS_QUEUE_URL, env.WEBHOOK_EVENTS_DLQ_URL];

const seal = createSealing(
  {
    objects: createArchiveObjects(withoutCallLog(new S3Client(bulkClientOptions)), env.ARCHIVE_BUCKET),
    signer: createManifestSigner(withoutCallLog(new KMSClient(bulkClientOptions)), env.SIGNING_KEY_ARN),
    ...createExceptionReader(withoutCallLog(new DynamoDBClient(bulkClientOptions)), env.PROCESSED_WEBHOOKS_TABLE),
    ...createWaitingMessages(withoutCallLog(new SQSClient(bulkClientOptions)), queueUrls),
    now: Date.now,
    onSealed(manifest) {
      metrics.publish(() => measured(manifest));
      metrics.publish(() => measuredMoney(manifest), noonMs(manifest.day));
    },
  },
  { environment: env.ENVIRONMENT, bucket: env.ARCHIVE_BUCKET },
);

const requestSchema = v.object({
  day: slicePlaceSchema.entries.day,
  addendum: slicePlaceSchema.entries.addendum,
  startedAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  slices: v.array(v.object({ key: requiredText })),
});

/** A day, or an addendum of it, with its slices' results → its manifest and the objects to release. */
export async function handler(input: unknown): Promise<Sealed> {
  const startedMs = Date.now();
  const request = v.parse(requestSchema, input);
  log.info("seal asked for", { day: request.day, count: request.slices.length });
  const sealed = await seal(request);
  log.info("sealed", { day: request.day, key: sealed.manifest, outcome: "sealed", ms: Date.now() - startedMs });
  return sealed;
}
