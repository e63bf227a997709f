import type { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createPayloadStore } from "../../../../lambdas/shared/aws/payload-store.ts";
import { RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";

const storeOver = (send: (command: PutObjectCommand) => Promise<unknown>) =>
  createPayloadStore({ send } as unknown as S3Client, "payloads");

const anAnswer = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

describe("the payload store", () => {
  it("rule 12: stores the bytes under their key and says where", async () => {
    const inputs: unknown[] = [];
    const store = storeOver(async ({ input }) => inputs.push(input));
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await store.put("stripe/abc.zst", bytes)).toEqual({ bucket: "payloads", key: "stripe/abc.zst" });
    expect(inputs).toEqual([
      {
        Bucket: "payloads",
        Key: "stripe/abc.zst",
        Body: bytes,
        IfNoneMatch: "*",
        ContentType: "application/octet-stream",
      },
    ]);
  });

  it("rule 12: a body that is there already is stored", async () => {
    const store = storeOver(() => Promise.reject(anAnswer("PreconditionFailed", 412)));
    expect(await store.put("stripe/abc.zst", new Uint8Array())).toEqual({ bucket: "payloads", key: "stripe/abc.zst" });
  });

  it("rule 12: begins again when another post of the same webhook is storing its body, and gives up in the end", async () => {
    const conflict = anAnswer("ConditionalRequestConflict", 409);
    const answers = [conflict, conflict];
    const store = storeOver(async () => {
      const answer = answers.shift();
      if (answer !== undefined) throw answer;
    });
    expect(await store.put("k", new Uint8Array())).toEqual({ bucket: "payloads", key: "k" });
    const endless = storeOver(() => Promise.reject(conflict));
    await expect(endless.put("k", new Uint8Array())).rejects.toBeInstanceOf(RetryableError);
  });

  it("throws a refusal as it is", async () => {
    const refusal = anAnswer("AccessDenied", 403);
    await expect(storeOver(() => Promise.reject(refusal)).put("k", new Uint8Array())).rejects.toBe(refusal);
  });

  it("rule 4: a fault of S3 is a retryable error", async () => {
    const store = storeOver(() => Promise.reject(anAnswer("InternalError", 500)));
    await expect(store.put("k", new Uint8Array())).rejects.toBeInstanceOf(RetryableError);
  });
});
