import type { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createPayloadStore } from "../../../../lambdas/shared/aws/payload-store.ts";
import { RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";

const storeOver = (send: (command: PutObjectCommand) => Promise<unknown>) =>
  createPayloadStore({ send } as unknown as S3Client, "payloads");

describe("the payload store", () => {
  it("rule 12: stores the bytes under their key and says where", async () => {
    const inputs: unknown[] = [];
    const store = storeOver(async ({ input }) => inputs.push(input));
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await store.put("stripe/abc.zst", bytes)).toEqual({ bucket: "payloads", key: "stripe/abc.zst" });
    expect(inputs).toEqual([
      { Bucket: "payloads", Key: "stripe/abc.zst", Body: bytes, ContentType: "application/octet-stream" },
    ]);
  });

  it("rule 4: a fault of S3 is a retryable error", async () => {
    const fault = Object.assign(new Error("internal"), { name: "InternalError", $metadata: { httpStatusCode: 500 } });
    await expect(storeOver(() => Promise.reject(fault)).put("k", new Uint8Array())).rejects.toBeInstanceOf(
      RetryableError,
    );
  });
});
