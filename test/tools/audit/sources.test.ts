/** Archives in a folder and in a bucket. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { archiveKeys } from "../../../config/archive.ts";
import { bucketSource } from "../../../tools/audit/source/bucket.ts";
import { directorySource } from "../../../tools/audit/source/directory.ts";
import { hashOf, writeArchive } from "../../support/archive-fixture.ts";
import { auditOf, thirdDay, threeDays } from "./run-audit.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "audit [test] *-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a folder", () => {
  it("is audited without a network, whatever its name and whatever a file manager left in it", async () => {
    const archive = threeDays();
    writeArchive(archive.files, folder);
    writeFileSync(join(folder, "transactions", ".DS_Store"), "");
    const report = await auditOf(archive, { source: directorySource(folder), isDownload: true });
    expect(report.findings).toEqual([]);
    expect(report.totals.read).toBe(9);
  });

  it("shows what is missing and what leads nowhere", async () => {
    const archive = threeDays();
    writeArchive(archive.files, folder);
    const key = archiveKeys.raw(thirdDay, "12", 0);
    rmSync(join(folder, key));
    const missing = await auditOf(archive, { source: directorySource(folder), isDownload: true });
    expect(missing.findings).toMatchObject([{ code: "object-missing", object: key }]);
    symlinkSync(join(folder, "nowhere"), join(folder, key));
    const lost = await auditOf(archive, { source: directorySource(folder), isDownload: true });
    expect(lost.findings).toMatchObject([{ object: key }]);
  });

  it("may be empty", async () => {
    const report = await auditOf(threeDays(), { source: directorySource(folder), isDownload: true });
    expect(report.findings).toMatchObject([{ code: "archive-empty" }]);
  });
});

/** A client whose answers are the test's. */
function aClient(answer: (command: unknown) => unknown): S3Client {
  const client = new S3Client({ region: "us-east-1" });
  client.send = (async (command: unknown) => answer(command)) as typeof client.send;
  return client;
}

describe("a bucket", () => {
  it("lists to the last page, with how cold each object is", async () => {
    const pages = [
      {
        IsTruncated: true,
        NextContinuationToken: "2",
        Contents: [{ Key: "raw/1", Size: 1, StorageClass: "STANDARD_IA" }],
      },
      {
        Contents: [
          { Key: "raw/2", Size: 2, StorageClass: "DEEP_ARCHIVE" },
          { Key: "raw/3", Size: 3, LastModified: new Date(7) },
        ],
      },
    ];
    const client = aClient((command) => {
      if (!(command instanceof ListObjectsV2Command)) throw new Error("another command");
      expect(command.input).toMatchObject({ Bucket: "archive", Prefix: "raw/" });
      return pages[command.input.ContinuationToken === "2" ? 1 : 0];
    });
    const listed = [];
    for await (const one of bucketSource(client, "archive", "prod").list("raw/")) listed.push(one);
    expect(listed).toEqual([
      { key: "raw/1", sizeBytes: 1, modifiedAtMs: 0, temperature: "costly" },
      { key: "raw/2", sizeBytes: 2, modifiedAtMs: 0, temperature: "frozen" },
      { key: "raw/3", sizeBytes: 3, modifiedAtMs: 7, temperature: "warm" },
    ]);
  });

  it("streams an object into a file and hashes it on the way", async () => {
    const client = aClient((command) => {
      if (!(command instanceof GetObjectCommand)) throw new Error("another command");
      return { Body: Readable.from([Buffer.from("hello "), Buffer.from("world")]) };
    });
    const file = join(folder, "object");
    const fetched = await bucketSource(client, "archive", "prod").fetch("raw/1", file);
    expect(fetched).toEqual({ sha256: hashOf("hello world"), sizeBytes: 11 });
    expect(readFileSync(file, "utf8")).toBe("hello world");
  });

  it.each([
    [{ ChecksumType: "FULL_OBJECT" }, hashOf("x"), false],
    [{}, hashOf("x"), false],
    [{ ChecksumType: "COMPOSITE" }, undefined, false],
    [{ Restore: 'ongoing-request="true"' }, hashOf("x"), false],
    [{ Restore: 'ongoing-request="false", expiry-date="Fri, 21 Dec 2026"' }, hashOf("x"), true],
  ])("asks S3 for the SHA-256 of the whole object only (%#)", async (traits, sha256, isRestored) => {
    const ChecksumSHA256 = Buffer.from(hashOf("x"), "hex").toString("base64");
    const client = aClient((command) => {
      if (!(command instanceof HeadObjectCommand)) throw new Error("another command");
      expect(command.input.ChecksumMode).toBe("ENABLED");
      return { ChecksumSHA256, ...traits };
    });
    const stored = await bucketSource(client, "archive", "prod").storedChecksum("raw/1");
    expect(stored).toEqual({ ...(sha256 === undefined ? {} : { sha256 }), isRestored });
  });
});
