import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { createArchiveObjects } from "../../../../lambdas/shared/aws/archive-objects.ts";
import { sha256Hex } from "../../../../lambdas/shared/domain/raw-webhook.ts";
import { RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";

type Command = { readonly constructor: { readonly name: string }; readonly input: Readonly<Record<string, unknown>> };

/** A client that answers each command with the next of these: an output, or an error of this name. */
function aClient(...answers: readonly (object | string)[]) {
  const sent: Command[] = [];
  const open = [...answers];
  const client = {
    async send(command: Command) {
      sent.push(command);
      const answer = open.shift() ?? {};
      if (typeof answer === "string") throw Object.assign(new Error(answer), { name: answer });
      return answer;
    },
  };
  return { sent, objects: createArchiveObjects(client as unknown as S3Client, "archive") };
}

const base64Of = (text: string) => Buffer.from(sha256Hex(text), "hex").toString("base64");

describe("objects of the archive in S3", () => {
  it("creates only, with the hash of the whole object", async () => {
    const { sent, objects } = aClient({}, "PreconditionFailed");
    expect(await objects.create("a.json", Buffer.from("{}"))).toBe("created");
    expect(await objects.create("a.json", Buffer.from("{}"))).toBe("exists");
    expect(sent[0]?.input).toMatchObject({
      Bucket: "archive",
      Key: "a.json",
      IfNoneMatch: "*",
      ChecksumSHA256: base64Of("{}"),
      ContentLength: 2,
    });
  });

  it("tells a file that is there already from another one", async () => {
    const directory = mkdtempSync(join(tmpdir(), "archive-objects-"));
    const path = join(directory, "file");
    writeFileSync(path, "bytes");
    const file = { path, sizeBytes: 5, sha256: sha256Hex("bytes") };
    const same = aClient("PreconditionFailed", { ChecksumSHA256: base64Of("bytes") });
    expect(await same.objects.createFromFile("part", file)).toBe("same");
    expect(same.sent[1]?.input).toMatchObject({ Key: "part", ChecksumMode: "ENABLED" });
    const other = aClient("PreconditionFailed", { ChecksumSHA256: base64Of("others") });
    expect(await other.objects.createFromFile("part", file)).toBe("taken");
    rmSync(directory, { recursive: true });
  });

  it("repeats a write that meets a throttle or another write under way, with a body of its own", async () => {
    const { sent, objects } = aClient("ThrottlingException", "ConditionalRequestConflict", {});
    expect(await objects.create("a", Buffer.from("{}"))).toBe("created");
    expect(sent).toHaveLength(3);
    const endless = aClient(...Array(3).fill("ConditionalRequestConflict"));
    await expect(endless.objects.create("a", Buffer.from("{}"))).rejects.toBeInstanceOf(RetryableError);
  });

  it("calls a missing object missing, and says what to do about one in Glacier", async () => {
    expect(await aClient("NoSuchKey").objects.get("a")).toBeUndefined();
    const frozen = aClient({ ContentLength: 10 }, "InvalidObjectState");
    const file = await frozen.objects.open("transactions/x");
    await expect(file.slice(0, 4)).rejects.toMatchObject({ code: "archive-object-in-glacier" });
    expect(frozen.sent[1]?.input).toMatchObject({ Range: "bytes=0-3" });
  });

  it("lists every page", async () => {
    const modified = new Date(5);
    const { sent, objects } = aClient(
      { Contents: [{ Key: "a", Size: 1, LastModified: modified }], NextContinuationToken: "more" },
      { Contents: [{ Key: "b", Size: 2, LastModified: modified }] },
    );
    expect(await objects.list("p/")).toEqual([
      { key: "a", sizeBytes: 1, modifiedMs: 5 },
      { key: "b", sizeBytes: 2, modifiedMs: 5 },
    ]);
    expect(sent.map(({ input }) => input.ContinuationToken)).toEqual([undefined, "more"]);
  });
});
