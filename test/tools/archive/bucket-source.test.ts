import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ArchiveObject } from "../../../config/archive.ts";
import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";
import { createBucketSource } from "../../../tools/archive/bucket-source.ts";
import { awsError, fakeClient } from "./fake-client.ts";

const content = "what was sealed";
const object: ArchiveObject = {
  key: "transactions/dt=2026-10-05/hour=03/part-000.parquet",
  kind: "transactions",
  sha256: sha256Hex(content),
  sizeBytes: content.length,
  rows: 1,
};
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "archive-cache-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

function sourceOf(answer: () => unknown) {
  const { client, calls } = fakeClient(answer);
  return { source: createBucketSource(client, { bucket: "archive", cache }), calls };
}

const delivers = (text: string) => () => ({ Body: Readable.from([Buffer.from(text)]) });

describe("an archive in its bucket", () => {
  it("is downloaded once, and proven each time", async () => {
    const { source, calls } = sourceOf(delivers(content));
    const told: string[] = [];
    const [path = ""] = await source.files([object], ({ key }) => void told.push(key));
    expect(path).toBe(join(cache, object.key));
    expect(readFileSync(path, "utf8")).toBe(content);
    await source.files([object], () => undefined);
    expect(calls).toEqual([{ name: "GetObject", input: { Bucket: "archive", Key: object.key } }]);
    expect(told).toEqual([object.key]);
    // Somebody changes the copy, without changing its size.
    writeFileSync(path, content.replace("was", "Was"));
    await source.files([object], () => undefined);
    expect(calls).toHaveLength(2);
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it.each(["what was sealed?", "What was sealed"])("refuses %s instead, and keeps nothing of it", async (other) => {
    const { source } = sourceOf(delivers(other));
    await expect(source.files([object], () => undefined)).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringContaining(`${object.key} in archive isn't what was sealed`),
    });
    expect(existsSync(join(cache, object.key))).toBe(false);
    expect(readdirSync(join(cache, "transactions/dt=2026-10-05/hour=03"))).toEqual([]);
  });

  it.each([
    ["NoSuchKey", "missing", /is sealed and not in archive/],
    ["InvalidObjectState", "in-glacier", /"archive restore --day 2026-10-05" brings its day back/],
  ])("puts %s into words", async (name, code, message) => {
    const { source } = sourceOf(() => {
      throw awsError(name);
    });
    const expected = { code, message: expect.stringMatching(message) };
    await expect(source.files([object], () => undefined)).rejects.toMatchObject(expected);
  });
});
