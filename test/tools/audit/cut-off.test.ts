/** What an audit makes of an archive whose newest end is gone, and of days that nothing is sealed of. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveKeys } from "../../../config/archive.ts";
import { directorySource } from "../../../tools/audit/source/directory.ts";
import { type ArchiveFixture, createArchive, hashOf, writeArchive } from "../../support/archive-fixture.ts";
import { memorySource } from "../../support/archive-memory-source.ts";
import { aFact, auditOf, codesOf, firstDay, sealedMorning, secondDay, thirdDay, threeDays } from "./run-audit.ts";
import { aClaim, aLedgerFact, tablesOf } from "./some-tables.ts";

function cut(archive: ArchiveFixture, manifestKey: string): void {
  archive.files.delete(manifestKey);
  archive.files.delete(archiveKeys.signature(manifestKey));
}

describe("days of which none is sealed", () => {
  it.each([[{ from: "2026-11-04" }], [{ from: "2027-01-01", to: "2027-01-31" }], [{ to: "2026-10-31" }]])(
    "are never proven (%j)",
    async (range) => {
      const report = await auditOf(threeDays(), range);
      expect(report.totals.days).toBe(0);
      expect(report.isProven).toBe(false);
      expect(codesOf(report)).toContain("range-empty");
    },
  );

  it("are told of in one finding, however many they are", async () => {
    const report = await auditOf(threeDays(), { from: "0001-01-01", to: "9999-12-31" });
    expect(report.findings).toMatchObject([{ code: "day-missing", day: "0001-01-01" }]);
    expect(report.findings[0]?.message).toContain("0001-01-01 to 2026-10-31, 739920 days,");
    expect(report.warnings).toMatchObject([{ code: "not-due", day: "2026-11-04" }]);
  });
});

describe("an archive without its newest days", () => {
  const at = "2026-11-03T10:00:00.000Z";
  const sealedBefore = [
    aClaim("stripe:evt_1", { firstReceivedAt: "2026-11-01T10:00:00.000Z" }),
    aClaim("stripe:evt_2", { firstReceivedAt: at }),
  ];
  const facts = [aLedgerFact("stripe:evt_1"), aLedgerFact("stripe:evt_2", { receivedAt: at })];

  /** Three days, the third gone with all that it had sealed. */
  function cutArchive(): ArchiveFixture {
    const archive = createArchive();
    archive.sealDay(firstDay, [aFact("stripe:evt_1", "2026-11-01T10:00:00.000Z")]);
    archive.sealDay(secondDay, []);
    return archive;
  }

  it.each([sealedMorning, sealedMorning + 15 * 86_400_000])("is known by the tables", async (nowMs) => {
    const report = await auditOf(cutArchive(), { nowMs, tables: tablesOf(sealedBefore, facts) });
    expect(report.findings.map(({ code, day }) => [code, day])).toEqual([
      ["event-not-archived", thirdDay],
      ["fact-not-archived", thirdDay],
      ["day-missing", thirdDay],
    ]);
  });

  it("is known by a released fact alone, also of a day that isn't due", async () => {
    const nowMs = Date.parse("2026-11-04T12:00:00.000Z");
    const report = await auditOf(cutArchive(), { nowMs, tables: tablesOf(sealedBefore.slice(0, 1), facts) });
    expect(codesOf(report)).toEqual(["day-missing", "fact-not-archived"]);
  });

  it("is told from one in which nothing was to be sealed", async () => {
    const tables = tablesOf(sealedBefore.slice(0, 1), facts.slice(0, 1));
    const report = await auditOf(cutArchive(), { tables });
    expect(report.findings).toEqual([]);
    expect(report.warnings).toMatchObject([{ code: "seal-overdue" }]);
  });

  it("is known offline by the head of an earlier report", async () => {
    const archive = threeDays();
    const { head } = (await auditOf(archive)).chain;
    expect(await auditOf(archive, { ...(head && { head }) })).toMatchObject({ isProven: true });
    cut(archive, archiveKeys.manifest(firstDay, 4));
    for (const key of [...archive.files.keys()].filter((one) => one.includes("addendum-"))) archive.files.delete(key);
    expect(await auditOf(archive)).toMatchObject({ isProven: true });
    const later = await auditOf(archive, { ...(head && { head }) });
    expect(later.findings).toMatchObject([{ code: "head-missing" }]);
    expect(later.findings[0]?.message).toContain(
      "Manifest 4 was there once, and can't be read now: the newest now is number 3",
    );
  });

  it("is known when others took the place of its end", async () => {
    const report = await auditOf(threeDays(), { head: { sequence: 3, sha256: hashOf("another") } });
    expect(report.findings).toMatchObject([{ code: "head-missing", object: archiveKeys.manifest(thirdDay) }]);
  });

  it("isn't asked for a head that has expired with the chain's start", async () => {
    const archive = threeDays();
    const head = { sequence: 1, sha256: hashOf("once") };
    for (const key of [...archive.files.keys()].filter((one) => one.includes(`dt=${firstDay}`))) {
      archive.files.delete(key);
    }
    const nowMs = Date.parse("2027-11-04T12:00:00.000Z");
    const report = await auditOf(archive, { nowMs, to: thirdDay, head });
    expect(report.findings).toEqual([]);
  });
});

describe("objects that no manifest names, though they are young", () => {
  const addendum4 = archiveKeys.manifest(firstDay, 4);
  const late = archiveKeys.transactions(firstDay, "00", 0, 4);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "audit-young-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are too many in a download, whatever their files' times", async () => {
    const archive = threeDays();
    cut(archive, addendum4);
    writeArchive(archive.files, folder);
    const request = { source: directorySource(folder), isDownload: true, nowMs: Date.now() };
    expect(codesOf(await auditOf(archive, { ...request, to: thirdDay }))).toEqual(["object-extra"]);
    utimesSync(join(folder, late), new Date("2099-01-01"), new Date("2099-01-01"));
    const { findings } = await auditOf(archive, { ...request, to: thirdDay });
    expect(findings.some(({ object }) => object === late)).toBe(true);
  });

  it.each([
    ["a day that is sealed", archiveKeys.raw(secondDay, "00", 0), -60_000],
    ["a day before the last sealed one", archiveKeys.raw("2020-01-01", "00", 0), -60_000],
    ["a day to come", archiveKeys.raw("2099-01-01", "00", 0), -60_000],
    ["an addendum whose place in the chain is taken", archiveKeys.raw(firstDay, "00", 0, 3), -60_000],
    ["an addendum of a day that isn't sealed", archiveKeys.raw("2026-11-04", "00", 0, 5), -60_000],
    ["a time to come", archiveKeys.raw("2026-11-04", "00", 0), 86_400_000],
  ])("are too many under %s", async (_, key, offsetMs) => {
    const archive = threeDays();
    archive.files.set(key, Buffer.from("x"));
    const source = memorySource(archive.files, { modifiedAtMs: sealedMorning + offsetMs });
    expect((await auditOf(archive, { source })).findings).toMatchObject([{ code: "object-extra", object: key }]);
  });

  it("may be of the next addendum of a sealed day", async () => {
    const archive = threeDays();
    archive.files.set(archiveKeys.raw(firstDay, "00", 0, 5), Buffer.from("x"));
    const source = memorySource(archive.files, { modifiedAtMs: sealedMorning - 60_000 });
    const report = await auditOf(archive, { source });
    expect(report.findings).toEqual([]);
    expect(report.warnings).toMatchObject([{ code: "sealing-in-progress", day: firstDay }]);
  });
});

describe("what can't be read", () => {
  it.each([
    ["manifest", archiveKeys.manifest(thirdDay)],
    ["signature", `${archiveKeys.manifest(thirdDay)}.sig`],
  ])("says how to bring a %s back from Glacier", async (_, key) => {
    const archive = threeDays();
    const memory = memorySource(archive.files);
    const source = {
      ...memory,
      read: async (one: string) => {
        if (one === key) throw Object.assign(new Error("no"), { name: "InvalidObjectState" });
        return memory.read(one);
      },
    };
    const { findings } = await auditOf(archive, { source, from: firstDay, to: secondDay });
    expect(findings).toMatchObject([{ code: "manifest-in-glacier", day: thirdDay }]);
    expect(findings[0]?.message).toContain(key);
    expect(findings[0]?.message).toContain(`npm run cli -- archive restore --day ${thirdDay}`);
  });

  it("is a pipe in a folder, for which nobody waits", async () => {
    const folder = mkdtempSync(join(tmpdir(), "audit-pipe-"));
    try {
      const archive = threeDays();
      writeArchive(archive.files, folder);
      const keys = [archiveKeys.raw(thirdDay, "12", 0), archiveKeys.manifest(secondDay)];
      for (const key of keys) {
        rmSync(join(folder, key));
        execFileSync("mkfifo", [join(folder, key)]);
      }
      const { findings } = await auditOf(archive, { source: directorySource(folder), isDownload: true });
      for (const key of keys) expect(findings.some(({ object }) => object === key)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
