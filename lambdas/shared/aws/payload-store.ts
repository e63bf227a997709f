import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { PayloadStore } from "../domain/webhook-ports.ts";
import { inDomainTerms } from "./errors.ts";

/** Claim checks in the bucket `webhook-payloads` (WEBHOOK_RULES 12). */
export function createPayloadStore(client: S3Client, bucket: string): PayloadStore {
  return {
    async put(key, bytes) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: "application/octet-stream",
      });
      await inDomainTerms("Storing a payload", client.send(command));
      return { bucket, key };
    },
  };
}
