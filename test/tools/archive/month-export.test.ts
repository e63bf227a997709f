import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArchiveDatabase, openDatabase } from "../../../tools/archive/database.ts";
import { createDirectorySource } from "../../../tools/archive/directory-source.ts";
import { type ExportTarget, writeExport } from "../../../tools/archive/export-files.ts";
import { filesOf } from "../../../tools/archive/files.ts";
import { checkAgainstManifests, exportRows, totalsOf } from "../../../tools/archive/month-export.ts";
import { type SealedManifest, sealedDays } from "../../../tools/archive/sealed-days.ts";
import { aFactRow, createFixtureArchive, type FixtureArchive } from "./fixture.ts";
import { readWorkbook } from "./read-workbook.ts";

let archive: FixtureArchive;
let manifests: readonly SealedManifest[];
let database: ArchiveDatabase;
let folder: string;

beforeAll(async () => {
  archive = createFixtureArchive();
  folder = mkdtempSync(join(tmpdir(), "archive-export-"));
  await archive.seal({
    day: "2026-10-05",
    transactions: [
      aFactRow({ event_id: "stripe:evt_2", received_at: "2026-10-05 03:00:02" }),
      aFactRow({ event_id: "=cmd|evt_1", amount_minor: "123456789012345678901", customer_id: 'a "b", ä' }),
      aFactRow({ event_id: "stripe:evt_3", amount_minor: "-1500", currency: "KWD", type: "refund.created" }),
      aFactRow({ event_id: "stripe:evt_4", same_fact_as: "stripe:evt_2", received_at: "2026-10-05 03:00:03" }),
      aFactRow({ event_id: "stripe:evt_5", amount_minor: null, currency: null, type: "account.updated" }),
    ],
  });
  await archive.seal({ day: "2026-10-05", addendum: 2, transactions: [aFactRow({ event_id: "stripe:evt_6" })] });
  const source = createDirectorySource(archive.directory);
  manifests = await sealedDays(source, {});
  database = await openDatabase(await filesOf(source, manifests, { withRaw: false, tell() {} }));
});

afterAll(() => {
  database[Symbol.dispose]();
  archive.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function write(target: Partial<ExportTarget> & { readonly out: string }): Promise<readonly string[]> {
  const content = { rows: () => exportRows(database), totals: await totalsOf(database) };
  return writeExport(content, { format: "csv", hasBom: false, mayOverwrite: false, ...target });
}

const totalLines = [
  "currency,type,rows,amount,amount_minor",
  "EUR,payment.succeeded,3,1234567890123456813.69,123456789012345681369",
  "KWD,refund.created,1,-1.500,-1500",
  ",account.updated,1,,",
];

describe("a month as CSV", () => {
  it("has its facts by receipt and id, exact amounts, nothing that runs as a formula, and its totals beside it", async () => {
    const out = join(folder, "month.csv");
    expect(await write({ out, hasBom: true })).toEqual([out, join(folder, "month.totals.csv")]);
    const text = readFileSync(out, "utf8");
    expect(text.startsWith("\ufeffreceived_at,event_id,")).toBe(true);
    const lines = text.trimEnd().split("\r\n").slice(1);
    expect(lines.map((line) => line.split(",").slice(0, 8).toSpliced(2, 2).join(","))).toEqual([
      "2026-10-05T03:00:00.125Z,'=cmd|evt_1,payment.succeeded,1234567890123456789.01,EUR,APPROVE",
      "2026-10-05T03:00:00.125Z,stripe:evt_3,refund.created,-1.500,KWD,APPROVE",
      "2026-10-05T03:00:00.125Z,stripe:evt_5,account.updated,,,APPROVE",
      "2026-10-05T03:00:00.125Z,stripe:evt_6,payment.succeeded,12.34,EUR,APPROVE",
      "2026-10-05T03:00:02.000Z,stripe:evt_2,payment.succeeded,12.34,EUR,APPROVE",
      "2026-10-05T03:00:03.000Z,stripe:evt_4,payment.succeeded,12.34,EUR,APPROVE",
    ]);
    expect(lines[0]).toContain(',"a ""b"", ä",');
    expect(readFileSync(join(folder, "month.totals.csv"), "utf8")).toBe(`\ufeff${totalLines.join("\r\n")}\r\n`);
  });

  it("is the same each time, and writes over nothing unasked", async () => {
    const out = join(folder, "again.csv");
    await write({ out });
    const before = readFileSync(out);
    await expect(write({ out })).rejects.toMatchObject({ code: "file", message: expect.stringContaining("--force") });
    await write({ out, mayOverwrite: true });
    expect(readFileSync(out).equals(before)).toBe(true);
  });

  it("leaves nothing behind where it can't be written", async () => {
    const out = join(folder, "no/such/folder.csv");
    await expect(write({ out })).rejects.toMatchObject({ code: "file" });
    expect(existsSync(join(folder, "no"))).toBe(false);
    writeFileSync(join(folder, "taken.totals.csv"), "");
    await expect(write({ out: join(folder, "taken.csv") })).rejects.toThrow("taken.totals.csv is there already");
    expect(existsSync(join(folder, "taken.csv"))).toBe(false);
  });
});

describe("a month as a workbook", () => {
  it("has numbers where Excel keeps them exactly, and text where it would round", async () => {
    const out = join(folder, "month.xlsx");
    await write({ out, format: "xlsx" });
    const sheets = readWorkbook(readFileSync(out));
    const [titles, first, second] = sheets.get("Transactions") ?? [];
    const at = (title: string) => titles?.indexOf(`text ${title}`) ?? -1;
    expect(first?.[at("event_id")]).toBe("text =cmd|evt_1");
    expect(first?.[at("amount")]).toBe("text 1234567890123456789.01");
    expect(second?.[at("amount")]).toBe("number -1.500");
    // 5 October 2026, 03:00:00.125: whole days since 30 December 1899, and what of the day has passed.
    expect(Number(second?.[at("received_at")]?.replace("number ", ""))).toBeCloseTo(46300 + 10800.125 / 86400, 8);
    expect(sheets.get("Totals")?.slice(1)).toEqual([
      ["text EUR", "text payment.succeeded", "number 3", "text 1234567890123456813.69", "text 123456789012345681369"],
      ["text KWD", "text refund.created", "number 1", "number -1.500", "number -1500"],
      ["", "text account.updated", "number 1", "", ""],
    ]);
  });
});

describe("checkAgainstManifests", () => {
  const withSums = (change: Partial<SealedManifest["manifest"]>) =>
    manifests.map((one, at) => (at === 0 ? { ...one, manifest: { ...one.manifest, ...change } } : one));

  it("takes what was sealed", async () => {
    await expect(checkAgainstManifests(database, manifests)).resolves.toBeUndefined();
  });

  it.each([
    ["a sum", { sums: [] }, "2026-10-05: EUR of payment.succeeded by stripe: the objects have 123456789012345681369"],
    ["facts", { facts: 4 }, "2026-10-05: facts: the objects have 6, and the manifests 5."],
  ])("names the day and %s that differ", async (_what, change, message) => {
    await expect(checkAgainstManifests(database, withSums(change))).rejects.toMatchObject({
      code: "totals-differ",
      message: expect.stringContaining(message),
    });
  });
});
