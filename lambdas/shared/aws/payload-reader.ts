import { GetObjectCommand, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import type { PayloadReader } from "../domain/archive/ports.ts";
import { inDomainTerms } from "./errors.ts";

/**
 * Claim-checked bodies, from the bucket that each claim check names. The role needs `s3:ListBucket` there: without it S3
 * calls a missing body forbidden.
 */
export function createPayloadReader(client: S3Client): PayloadReader {
  return {
    async read({ bucket, key }) {
      try {
        const command = new GetObjectCommand({ Bucket: bucket, Key: key });
        const { Body } = await inDomainTerms("Reading a payload", client.send(command));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}
