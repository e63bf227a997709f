import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import * as v from "valibot";
import { createArchiveObjects } from "../shared/aws/archive-objects.ts";
import { clientOptions, withoutCallLog } from "../shared/aws/client-options.ts";
import { createDeadLetterSource } from "../shared/aws/dead-letter-source.ts";
import { RetryableError } from "../shared/domain/retryable-error.ts";
import { logLevel, readEnv, requiredText } from "../shared/runtime/env.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { createCopying } from "./copy-dead-letters.ts";

const env = readEnv(
  v.object({
    ARCHIVE_BUCKET: requiredText,
    DEAD_LETTER_QUEUES: v.pipe(
      v.string(),
      v.parseJson(undefined, "is not JSON"),
      v.array(v.object({ name: requiredText, url: requiredText })),
    ),
    ENVIRONMENT: requiredText,
    LOG_LEVEL: logLevel,
  }),
);

/** Longer than the function may run, so that it sees no letter twice. */
const holdSeconds = 330;
/** What is left of the function's time to give all letters back. */
const reserveMs = 45_000;

const log = createLog("dead-letter-copy");
const metrics = createMetrics("dead-letter-copy", { environment: env.ENVIRONMENT, log });

const copyDeadLetters = createCopying(
  {
    source: createDeadLetterSource(withoutCallLog(new SQSClient(clientOptions))),
    objects: createArchiveObjects(withoutCallLog(new S3Client(clientOptions)), env.ARCHIVE_BUCKET),
    now: Date.now,
  },
  holdSeconds,
);

/**
 * Nothing of its input matters. A line per queue that has letters.
 *
 * @throws RetryableError when a queue wasn't seen to its end: the next invocation finds what this one has copied
 */
export async function handler(
  _input: unknown,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<{ readonly copied: number; readonly known: number }> {
  const startedMs = Date.now();
  log.info("copies asked for", { count: env.DEAD_LETTER_QUEUES.length });
  const queues = await copyDeadLetters(
    env.DEAD_LETTER_QUEUES,
    startedMs + context.getRemainingTimeInMillis() - reserveMs,
  );
  for (const { name, copied, known, isComplete, error } of queues) {
    const about = { key: name, count: copied + known, ms: Date.now() - startedMs };
    if (!isComplete) log.error("queue not copied to its end", { ...about, ...(error && { error }) });
    else if (copied + known > 0) log.info("queue copied", about);
  }
  const open = queues.filter(({ isComplete }) => !isComplete).length;
  metrics.count({ "DeadLetterCopy.Finished": open === 0 ? 1 : 0 });
  if (open > 0) throw new RetryableError("letters-not-copied", `${open} of ${queues.length} queues were not copied`);
  const sum = (of: "copied" | "known") => queues.reduce((total, queue) => total + queue[of], 0);
  return { copied: sum("copied"), known: sum("known") };
}
