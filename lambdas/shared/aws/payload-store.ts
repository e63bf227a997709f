import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { RetryableError } from "../domain/retryable-error.ts";
import type { PayloadStore } from "../domain/webhook-ports.ts";
import { inDomainTerms } from "./errors.ts";

/** Attempts at a put that meets another one of the same key: the SDK doesn't repeat it. */
const putAttempts = 3;

/**
 * Claim checks in the bucket `webhook-payloads` (WEBHOOK_RULES 12). Created with `If-None-Match: *`, as the bucket's
 * policy demands: a body that somebody relies on is never overwritten.
 */
export function createPayloadStore(client: S3Client, bucket: string): PayloadStore {
  async function create(key: string, bytes: Uint8Array, attempt = 1): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: bytes,
      IfNoneMatch: "*",
      ContentType: "application/octet-stream",
    });
    try {
      await inDomainTerms("Storing a payload", client.send(command));
    } catch (error) {
      // The webhook has come before. Its key is made of its content, so the body that is there is this one.
      if (error instanceof Error && error.name === "PreconditionFailed") return;
      const isRace = error instanceof RetryableError && error.code === "ConditionalRequestConflict";
      if (!isRace || attempt === putAttempts) throw error;
      await create(key, bytes, attempt + 1);
    }
  }

  return {
    async put(key, bytes) {
      await create(key, bytes);
      return { bucket, key };
    },
  };
}
