import { setTimeout as sleep } from "node:timers/promises";
import { GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { isProviderName } from "../../../config/providers.ts";
import { createPayloadStore } from "../../../lambdas/shared/aws/payload-store.ts";
import { createWebhookQueue } from "../../../lambdas/shared/aws/webhook-queue.ts";
import { createTierOf } from "../../../lambdas/shared/domain/routing.ts";
import { readProviderSecret } from "../../aws/provider-secret.ts";
import { reopenWorkflow } from "../../aws/reopen-workflow.ts";
import type { ReplayPorts } from "../../replay/replay.ts";
import { payloadBucketOf, s3Of } from "../archive/on-archive.ts";
import type { Connection, Surroundings } from "../context.ts";

/** A replay's means in a system: its queue and payloads, its records, and its providers' secrets, each read once. */
export function createReplayPorts(
  { now }: Pick<Surroundings, "now">,
  { target, clients, reader }: Connection,
  { sqs, pace }: { readonly sqs: SQSClient; readonly pace: () => Promise<void> },
): ReplayPorts {
  const { names, settings } = target;
  const thresholds = settings.routingThresholdsUsd;
  const secrets = new Map<string, Promise<unknown>>();
  let queueUrl: Promise<string> | undefined;

  async function urlOfQueue(): Promise<string> {
    const { QueueUrl: url } = await sqs.send(new GetQueueUrlCommand({ QueueName: names.queues.webhookEvents }));
    if (url === undefined) throw new Error(`SQS gave no URL for ${names.queues.webhookEvents}`);
    return url;
  }

  return {
    claim: (key) => reader.claim(key),
    undecided: (eventId) => reader.undecided(eventId),
    reopenWorkflow: (reopening) => reopenWorkflow(clients.dynamoDb, names, reopening),
    isDecided: async ({ transactionId, eventId }) => (await reader.decision(transactionId, eventId)) !== undefined,
    isUnderReview: async (eventId) => (await reader.review(eventId))?.reviewStatus === "OPEN",
    secretOf(provider) {
      if (!isProviderName(provider)) return Promise.resolve(undefined);
      const read = secrets.get(provider) ?? readProviderSecret(clients.secrets, names.providerSecret(provider));
      secrets.set(provider, read);
      return read;
    },
    queue: {
      async send(messages) {
        queueUrl ??= urlOfQueue();
        await createWebhookQueue(sqs, await queueUrl, { sleep: (ms) => sleep(ms), random: Math.random }).send(messages);
      },
    },
    payloads: {
      put: async (key, bytes) => createPayloadStore(s3Of(target), await payloadBucketOf(target)).put(key, bytes),
    },
    tierOf: createTierOf(thresholds),
    thresholds,
    pace,
    now,
  };
}
