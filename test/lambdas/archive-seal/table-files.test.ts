import { archiveKeys, type Manifest } from "../../../config/archive.ts";
import { writeTableFiles } from "../../../lambdas/archive-seal/table-files.ts";
import type { Link } from "../../../lambdas/shared/domain/archive/chain.ts";
import { createMemoryArchiveObjects } from "../../support/memory-archive.ts";

const day = "2026-11-18";

function linkOf(sequence: number, keys: readonly string[]): Link {
  const objects = keys.map((key) => {
    return { key, kind: key.startsWith("raw/") ? ("raw" as const) : ("transactions" as const) };
  });
  const manifest = { day, sequence, objects } as unknown as Manifest;
  return { key: archiveKeys.manifest(day), sha256: "", manifest, bytes: Buffer.of() };
}

async function filesAfter(...calls: readonly (readonly Link[])[]) {
  const objects = createMemoryArchiveObjects();
  for (const links of calls) await writeTableFiles(objects, "a-bucket", links);
  return Object.fromEntries([...objects.stored].map(([key, { bytes }]) => [key, Buffer.from(bytes).toString()]));
}

describe("the files of Athena's tables", () => {
  const sealed = linkOf(7, [
    archiveKeys.transactions(day, "00", 0),
    archiveKeys.transactions(day, "00", 1),
    archiveKeys.transactions(day, "23", 0),
    archiveKeys.raw(day, "00", 0),
  ]);
  const late = linkOf(9, [archiveKeys.transactions(day, "00", 0, 8)]);

  it("name the objects of a manifest, by table and hour", async () => {
    expect(await filesAfter([sealed])).toEqual({
      [`tables/transactions/dt=${day}/hour=00/00000007.txt`]:
        `s3://a-bucket/transactions/dt=${day}/hour=00/part-000.parquet\n` +
        `s3://a-bucket/transactions/dt=${day}/hour=00/part-001.parquet\n`,
      [`tables/transactions/dt=${day}/hour=23/00000007.txt`]: `s3://a-bucket/transactions/dt=${day}/hour=23/part-000.parquet\n`,
      [`tables/raw/dt=${day}/hour=00/00000007.txt`]: `s3://a-bucket/raw/dt=${day}/hour=00/part-000.parquet\n`,
    });
  });

  it("are made up for where an earlier seal came not to write them", async () => {
    const files = await filesAfter([sealed, late]);
    expect(await filesAfter([sealed], [sealed, late])).toEqual(files);
    expect(Object.keys(files)).toHaveLength(4);
  });

  it("are none where nothing is sealed", async () => expect(await filesAfter([linkOf(1, [])], [])).toEqual({}));
});
