import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../../../tools/archive/database.ts";
import { createDirectorySource } from "../../../tools/archive/directory-source.ts";
import { filesOf } from "../../../tools/archive/files.ts";
import { type DayRange, sealedDays } from "../../../tools/archive/sealed-days.ts";
import { aFactRow, createFixtureArchive, type FixtureArchive } from "./fixture.ts";

let archive: FixtureArchive;
const object = "transactions/dt=2028-02-29/hour=03/part-000.parquet";

beforeEach(async () => {
  archive = createFixtureArchive();
  await archive.seal({ day: "2028-02-28" });
  await archive.seal({ day: "2028-02-29", transactions: [aFactRow({})] });
  await archive.seal({ day: "2028-03-01" });
  await archive.seal({ day: "2028-02-29", addendum: 4 });
});
afterEach(() => archive.remove());

const daysOf = async (range: DayRange) =>
  (await sealedDays(createDirectorySource(archive.directory), range)).map(({ key }) =>
    key.replace(/^manifests\/dt=/, ""),
  );

async function open() {
  const source = createDirectorySource(archive.directory);
  return openDatabase(await filesOf(source, await sealedDays(source, {}), { withRaw: true, tell() {} }));
}

describe("sealedDays", () => {
  it("takes both ends, a leap day and addenda with their day, in the order of the chain", async () => {
    expect(await daysOf({})).toEqual([
      "2028-02-28.json",
      "2028-02-29.json",
      "2028-03-01.json",
      "2028-02-29.addendum-00000004.json",
    ]);
    expect(await daysOf({ from: "2028-02-29", to: "2028-02-29" })).toEqual([
      "2028-02-29.json",
      "2028-02-29.addendum-00000004.json",
    ]);
    expect(await daysOf({ to: "2028-02-28" })).toEqual(["2028-02-28.json"]);
  });

  it("says that a range has no sealed day", async () => {
    await expect(daysOf({ from: "2029-01-01" })).rejects.toMatchObject({
      code: "not-sealed",
      message: `There is no sealed day from 2029-01-01 in the folder ${archive.directory}.`,
    });
  });

  it.each([
    ["is no JSON", "{", /its shape/],
    ["lacks what a manifest has", "{}", /version: /],
  ])("names a manifest that %s", async (_what, content, why) => {
    writeFileSync(join(archive.directory, "manifests/dt=2028-02-28.json"), content);
    await expect(daysOf({})).rejects.toMatchObject({ code: "damaged", message: expect.stringMatching(why) });
  });

  it.each([
    "../../etc/passwd",
    "transactions/dt=2028-02-28/../x.parquet",
    "transactions/dt=2028-02-29/hour=03/a.parquet",
  ])("refuses a manifest that names %s", async (key) => {
    const objects = [{ key, kind: "transactions" as const, sha256: "0".repeat(64), sizeBytes: 1, rows: 1 }];
    await archive.seal({ day: "2028-02-28", manifest: { objects } });
    await expect(daysOf({})).rejects.toMatchObject({ code: "damaged", message: expect.stringContaining(key) });
  });
});

describe("objects", () => {
  it("that are missing are named", async () => {
    rmSync(join(archive.directory, object));
    await expect(open()).rejects.toMatchObject({ code: "missing", message: expect.stringContaining(object) });
  });

  it("of another size are named", async () => {
    truncateSync(join(archive.directory, object), 10);
    await expect(open()).rejects.toMatchObject({ code: "damaged", message: expect.stringContaining(object) });
  });

  it("with other bytes are an error and no crash", async () => {
    const manifest = await archive.seal({ day: "2028-02-29", transactions: [aFactRow({})] });
    writeFileSync(join(archive.directory, object), Buffer.alloc(manifest.objects[0]?.sizeBytes ?? 0, 7));
    await expect(open()).rejects.toMatchObject({ code: "damaged", message: expect.stringContaining(object) });
  });
});
