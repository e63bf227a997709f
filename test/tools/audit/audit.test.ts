import { randomBytes } from "node:crypto";
import { archiveKeys } from "../../../config/archive.ts";
import type { AuditReport } from "../../../tools/audit/report.ts";
import { createArchive, putList } from "../../support/archive-fixture.ts";
import { memorySource } from "../../support/archive-memory-source.ts";
import { aFact, auditOf, codesOf, firstDay, sealedMorning, secondDay, thirdDay, threeDays } from "./run-audit.ts";

describe("an archive that is as it was sealed", () => {
  it("is proven, with exact sums over days and addenda", async () => {
    const report = await auditOf(threeDays());
    expect(report.findings).toEqual([]);
    expect(report.warnings).toEqual([]);
    expect(report.isProven).toBe(true);
    expect(report.range).toEqual({ from: firstDay, to: thirdDay });
    expect(report.totals).toMatchObject({ days: 3, objects: 9, read: 9, unproven: 0, facts: 7, lateDecisions: 1 });
    expect(report.sums).toEqual([
      aSum(firstDay, "EUR", "payment.succeeded", "stripe", 2, "2500"),
      aSum(firstDay, "JPY", "refund.created", "shopify", 1, "-99"),
      aSum(firstDay, "KWD", "payment.succeeded", "stripe", 1, "1152921504606846976"),
      aSum(thirdDay, "EUR", "payment.succeeded", "stripe", 1, "1250"),
    ]);
    expect(report.keys).toMatchObject([{ manifests: 4 }]);
    expect(report.chain).toMatchObject({ manifests: 4, addenda: 1, lastSealedDay: thirdDay, head: { sequence: 4 } });
  });

  it("is proven for a part of its days, the chain always whole", async () => {
    const archive = threeDays();
    archive.files.delete(archiveKeys.raw(thirdDay, "12", 0));
    const report = await auditOf(archive, { from: firstDay, to: secondDay });
    expect(report.findings).toEqual([]);
    expect(report.totals).toMatchObject({ days: 2, facts: 5 });
    expect(report.chain.manifests).toBe(4);
  });

  it("adds up amounts that no float and no 64-bit integer holds", async () => {
    const archive = createArchive();
    const amountMinor = 10n ** 30n - 1n;
    const facts = Array.from({ length: 30 }, (_, at) =>
      aFact(`stripe:evt_${at}`, "2026-11-01T10:00:00.000Z", { amountMinor }),
    );
    archive.sealDay(firstDay, facts);
    const report = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
    expect(report.findings).toEqual([]);
    expect(report.sums[0]).toMatchObject({ amountMinor: "29999999999999999999999999999970", agrees: "yes" });
  });

  it("unpacks the largest bodies that are accepted", async () => {
    const archive = createArchive();
    const body = randomBytes(1024 * 1024);
    const at = "2026-11-01T10:00:00.000Z";
    archive.sealDay(firstDay, [
      aFact("stripe:evt_1", at, { body, encoding: "identity" }),
      aFact("stripe:evt_2", at, { body: "x".repeat(1024 * 1024), encoding: "zstd" }),
    ]);
    const report = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
    expect(report.findings).toEqual([]);
  });

  it("knows leap days", async () => {
    const archive = createArchive();
    archive.sealDay("2028-02-28", []);
    archive.sealDay("2028-02-29", [aFact("stripe:evt_1", "2028-02-29T23:59:59.999Z")]);
    archive.sealDay("2028-03-01", [aFact("stripe:evt_2", "2028-03-01T00:00:00.000Z")]);
    const report = await auditOf(archive, { nowMs: Date.parse("2028-03-03T12:00:00.000Z") });
    expect(report.findings).toEqual([]);
    expect(report.totals.days).toBe(3);
  });

  it("may have a day sealed late that came before its first one", async () => {
    const archive = createArchive();
    archive.sealDay(secondDay, []);
    archive.sealDay(firstDay, [aFact("stripe:evt_1", "2026-11-01T23:59:59.999Z")]);
    archive.sealDay(thirdDay, []);
    expect((await auditOf(archive)).findings).toEqual([]);
  });

  it("tells of an exception only what is known without the tables", async () => {
    const archive = createArchive();
    const exception = { eventId: "stripe:evt_9", status: "FAILED", receivedAt: "2026-11-01T09:00:00.000Z" };
    const late = { eventId: "stripe:evt_8", status: "PROCESSING", receivedAt: "2026-11-01T08:00:00.000Z" };
    archive.sealDay(firstDay, [], { exceptions: [exception, late] });
    archive.sealAddendum(firstDay, { facts: [aFact("stripe:evt_8", "2026-11-01T08:00:00.000Z")] });
    const report = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
    expect(report.findings).toEqual([]);
    expect(report.exceptions.map(({ eventId, outcome }) => [eventId, outcome])).toEqual([
      ["stripe:evt_9", "unknown"],
      ["stripe:evt_8", "archived"],
    ]);
  });

  it("takes for open without the tables what the newest manifest lists of earlier days", async () => {
    const archive = createArchive();
    const failed = (eventId: string, receivedAt: string) => ({ eventId, status: "FAILED", receivedAt });
    const [own, late, listed, done] = [
      failed("stripe:evt_1", "2026-11-01T09:00:00.000Z"),
      failed("stripe:evt_2", "2026-11-01T10:00:00.000Z"),
      failed("stripe:evt_3", "2026-11-02T10:00:00.000Z"),
      failed("stripe:evt_4", "2026-11-01T11:00:00.000Z"),
    ] as const;
    archive.sealDay(firstDay, [], { exceptions: [{ ...own, status: "PROCESSING" }, done] });
    archive.sealDay(secondDay, [], { earlierExceptions: [own, late, done] });
    const earlierExceptionLists = [putList(archive.files, [listed])];
    archive.sealDay(thirdDay, [], { earlierExceptions: [own, late], earlierExceptionLists });
    archive.sealAddendum(firstDay, { facts: [aFact(done.eventId, done.receivedAt)] });
    const outcomesOf = ({ exceptions }: AuditReport) =>
      exceptions.map(({ day, eventId, statusThen, outcome }) => [day, eventId, statusThen, outcome]);
    const ofFirstDay = [
      [firstDay, "stripe:evt_1", "PROCESSING", "open"],
      [firstDay, "stripe:evt_2", "FAILED", "open"],
      [firstDay, "stripe:evt_4", "FAILED", "archived"],
    ];
    const report = await auditOf(archive);
    expect(report.findings).toEqual([]);
    expect(outcomesOf(report)).toEqual([...ofFirstDay, [secondDay, "stripe:evt_3", "FAILED", "open"]]);
    expect(report.outcomes).toEqual({ open: 3, archived: 1 });
    expect(report.warnings.map(({ code, day }) => [code, day])).toEqual([
      ["exception-open", firstDay],
      ["exception-open", firstDay],
      ["exception-open", secondDay],
    ]);
    expect(outcomesOf(await auditOf(archive, { to: firstDay }))).toEqual(ofFirstDay);
    expect(outcomesOf(await auditOf(archive, { from: thirdDay }))).toEqual([]);

    for (const { key } of earlierExceptionLists) archive.files.delete(key);
    for (const to of [firstDay, thirdDay]) {
      const { findings } = await auditOf(archive, { to });
      expect(findings).toMatchObject([{ code: "object-unreadable", day: thirdDay }]);
    }
  });
});

describe("days", () => {
  it("names those without a manifest, within the range and up to what is due", async () => {
    const report = await auditOf(threeDays(), { from: "2026-10-31", to: "2026-11-05" });
    expect(report.findings).toMatchObject([{ code: "day-missing", day: "2026-10-31" }]);
    expect(report.warnings).toMatchObject([{ code: "not-due", day: "2026-11-04" }]);
  });

  it("warns when the newest manifest is older than it should be, which a cut head looks like", async () => {
    const { files, ...archive } = threeDays();
    const report = await auditOf({ files, ...archive }, { nowMs: Date.parse("2026-11-09T12:00:00.000Z") });
    expect(report.isProven).toBe(true);
    expect(report.warnings).toMatchObject([{ code: "seal-overdue", day: thirdDay }]);
    expect(report.warnings[0]?.message).toContain("2026-11-07 should be sealed by now");
  });

  it("finds an archive without any manifest", async () => {
    expect(codesOf(await auditOf(createArchive()))).toEqual(["archive-empty"]);
  });
});

describe("what has expired", () => {
  const nowMs = Date.parse("2027-11-04T12:00:00.000Z");

  it("is no finding, if it is old enough", async () => {
    const archive = threeDays();
    for (const key of [...archive.files.keys()].filter((one) => one.includes(`dt=${firstDay}`)))
      archive.files.delete(key);
    const report = await auditOf(archive, { nowMs, to: thirdDay });
    expect(report.findings).toEqual([]);
    expect(report.warnings.map(({ code }) => code)).toEqual(["expired"]);
  });

  it("doesn't go on in a download", async () => {
    const archive = threeDays();
    archive.files.delete(archiveKeys.raw(thirdDay, "12", 0));
    const report = await auditOf(archive, { nowMs: nowMs + 1e12, to: thirdDay, isDownload: true });
    expect(codesOf(report)).toEqual(["object-missing"]);
  });
});

describe("colder storage", () => {
  const frozen = { temperature: () => "frozen" as const };

  it("is proven by the SHA-256 that S3 keeps, and said so", async () => {
    const archive = threeDays();
    const report = await auditOf(archive, { source: memorySource(archive.files, frozen) });
    expect(report.findings).toEqual([]);
    expect(report.totals).toMatchObject({ read: 0, byChecksum: 9 });
    expect(report.sums.every(({ agrees }) => agrees === "unread")).toBe(true);
    expect(report.warnings.map(({ code, day }) => [code, day])).toEqual([
      ["read-by-checksum", firstDay],
      ["read-by-checksum", thirdDay],
    ]);
  });

  it("is off where that SHA-256 is another, or none of the whole object", async () => {
    const archive = threeDays();
    const changed = archiveKeys.raw(thirdDay, "12", 0);
    const unknown = archiveKeys.transactions(thirdDay, "12", 0);
    const checksum = (key: string) => ({
      ...(key === changed ? { sha256: "0".repeat(64) } : {}),
      isRestored: false,
    });
    const source = memorySource(archive.files, {
      temperature: (key) => (key.includes(thirdDay) ? "frozen" : "warm"),
      checksum,
    });
    expect((await auditOf(archive, { source })).findings).toMatchObject([
      { code: "object-unproven", object: unknown },
      { code: "object-hash", object: changed },
    ]);
  });

  it("is read once it is restored, or where the reader pays for it", async () => {
    const archive = threeDays();
    const checksum = () => ({ isRestored: true });
    const restored = memorySource(archive.files, { ...frozen, checksum });
    expect((await auditOf(archive, { source: restored })).totals.read).toBe(9);
    const costly = memorySource(archive.files, { temperature: () => "costly" });
    expect((await auditOf(archive, { source: costly })).totals.byChecksum).toBe(9);
    expect((await auditOf(archive, { source: costly, readsCostly: true })).totals.read).toBe(9);
  });
});

describe("a sealing that is under way", () => {
  it("is only told of, as long as its objects are young", async () => {
    const archive = threeDays();
    archive.files.set(archiveKeys.transactions("2026-11-04", "00", 0), Buffer.from("not read"));
    archive.files.set("staging/dt=2026-11-04/hour=00/slice-00.json", Buffer.from("not looked at"));
    const young = memorySource(archive.files, { modifiedAtMs: sealedMorning - 60_000 });
    const report = await auditOf(archive, { source: young });
    expect(report.findings).toEqual([]);
    expect(report.warnings).toMatchObject([{ code: "sealing-in-progress", day: "2026-11-04" }]);
    expect(codesOf(await auditOf(archive))).toEqual(["object-extra"]);
  });
});

function aSum(day: string, currency: string, type: string, provider: string, rows: number, amountMinor: string) {
  return { day, currency, type, provider, rows, amountMinor, agrees: "yes" };
}
