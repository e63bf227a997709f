/** The archive against the environment's tables. */
import { archiveKeys } from "../../../config/archive.ts";
import type { ClaimItem, DecisionItem, FactItem } from "../../../tools/audit/tables/tables.ts";
import { createArchive, putList } from "../../support/archive-fixture.ts";
import { memorySource } from "../../support/archive-memory-source.ts";
import { aFact, auditOf, codesOf, firstDay, secondDay } from "./run-audit.ts";
import { aClaim, aLedgerDecision, aLedgerFact, receivedAt as at, tablesOf } from "./some-tables.ts";

const nowMs = Date.parse("2026-11-04T12:00:00.000Z");
const dayMs = 24 * 60 * 60 * 1000;

/** Two days, one event on the first. */
function anArchive() {
  const archive = createArchive();
  archive.sealDay(firstDay, [aFact("stripe:evt_1", at)]);
  archive.sealDay(secondDay, []);
  return archive;
}

/** With records beside those of the archived event. */
async function compared(claims: readonly ClaimItem[], ledger: readonly FactItem[] = []) {
  const all = tablesOf([aClaim("stripe:evt_1"), ...claims], [aLedgerFact("stripe:evt_1"), ...ledger]);
  return auditOf(anArchive(), { nowMs, tables: all });
}

/** With other records than the archived event should have. */
async function comparedTo(
  claims: readonly ClaimItem[],
  ledger: readonly (FactItem | DecisionItem)[],
  archive = anArchive(),
) {
  return auditOf(archive, { nowMs, tables: tablesOf(claims, ledger) });
}

describe("the archive against the tables", () => {
  it("agrees, and says how far the tables reach back", async () => {
    const older = aClaim("stripe:evt_0", { firstReceivedAt: "2026-10-31T23:00:00.000Z" });
    const report = await compared([older]);
    expect(report.findings).toEqual([]);
    expect(report.tables).toEqual({
      processedWebhooks: { scanned: 4, compared: 1, since: "2026-10-31T23:00:00.000Z" },
      transactions: { scanned: 3, compared: 1, since: at },
    });
  });

  it("expects nothing of records that their time to live has taken", async () => {
    const expired = { nowMs: Date.parse(at) + 46 * dayMs, to: secondDay };
    const report = await auditOf(anArchive(), { ...expired, tables: tablesOf([], []) });
    expect(report.findings).toEqual([]);
    expect(report.tables?.processedWebhooks).toEqual({ scanned: 0, compared: 0 });
  });

  it.each(["COMPLETED", "SKIPPED"])("finds an event that is %s and in no object", async (status) => {
    const report = await compared([aClaim("stripe:evt_2", { status })]);
    expect(report.findings).toMatchObject([{ code: "event-not-archived", day: firstDay }]);
    expect(report.findings[0]?.message).toContain("stripe:evt_2");
  });

  it("only tells of events that aren't finished, those among them that no manifest lists", async () => {
    const report = await compared([
      aClaim("stripe:evt_2", { status: "PROCESSING" }),
      aClaim("stripe:evt_3", { status: "FAILED" }),
    ]);
    expect(report.findings).toEqual([]);
    expect(report.warnings.map(({ code, day }) => [code, day])).toEqual([
      ["exception-open", firstDay],
      ["exception-open", firstDay],
    ]);
  });

  it("waits for the next run with an event that was finished after its day's seal", async () => {
    const report = await compared([aClaim("stripe:evt_2", { processingCompletedAt: "2026-11-04T04:00:00.000Z" })]);
    expect(report.findings).toEqual([]);
    expect(report.warnings).toMatchObject([{ code: "waiting-for-addendum", day: firstDay }]);
  });

  it("waits longer with an event of an old day, which isn't looked through every night", async () => {
    const completed = (daysBefore: number, oldMs: number) =>
      aClaim("stripe:evt_2", { processingCompletedAt: new Date(oldMs - daysBefore * dayMs).toISOString() });
    const at46Days = Date.parse(at) + 46 * dayMs;
    const codesAt = async (daysBefore: number, ms: number) => {
      const tables = tablesOf([aClaim("stripe:evt_1"), completed(daysBefore, ms)], [aLedgerFact("stripe:evt_1")]);
      return codesOf(await auditOf(anArchive(), { nowMs: ms, to: secondDay, tables }));
    };
    expect(await codesAt(20, at46Days)).toEqual([]);
    expect(await codesAt(31, at46Days)).toEqual(["event-not-archived"]);
    expect(await codesAt(2, nowMs)).toEqual(["event-not-archived"]);
  });

  it.each([
    ["amount", { amountMinor: "1251" }, "amount 1251 in transactions, 1250 in the archive"],
    ["currency", { currency: "USD" }, "currency USD in transactions, EUR in the archive"],
    ["type", { type: "payment.failed" }, "type payment.failed in transactions, payment.succeeded in the archive"],
    ["transaction", { transactionId: "stripe:pi_2" }, "transaction stripe:pi_2 in transactions, stripe:pi_evt_1 in"],
    ["provider", { provider: "github" }, "provider github in transactions, stripe in the archive"],
    ["tier", { tier: "high" }, "tier high in transactions, low in the archive"],
    ["customer", { customerId: "cus_2" }, "customer cus_2 in transactions, none in the archive"],
    ["fact that it repeats", { sameFactAs: "stripe:evt_0" }, "same fact as stripe:evt_0 in transactions, none in"],
    // Under the day of which it is now, there is nothing to compare it with.
    [
      "time",
      { receivedAt: "2026-10-31T10:00:00.000Z", amountMinor: "999999" },
      "amount 999999 in transactions, 1250 in the archive; first receipt 2026-10-31T10:00:00.000Z in transactions",
    ],
  ])("finds a fact with another %s", async (_, traits, says) => {
    const report = await comparedTo([aClaim("stripe:evt_1")], [aLedgerFact("stripe:evt_1", traits)]);
    expect(report.findings).toMatchObject([{ code: "fact-differs", day: firstDay }]);
    expect(report.findings[0]?.message).toContain(says);
  });

  it("finds another decision, whether it was archived with its fact or later", async () => {
    const archive = createArchive();
    archive.sealDay(firstDay, [aFact("stripe:evt_1", at, { decision: "APPROVE" }), aFact("stripe:evt_2", at)]);
    archive.sealDay(secondDay, []);
    archive.sealAddendum(firstDay, { decisions: [aFact("stripe:evt_2", at, { decision: "REVIEW" })] });
    const ids = ["stripe:evt_1", "stripe:evt_2"];
    const claims = ids.map((id) => aClaim(id));
    const facts = ids.map((id) => aLedgerFact(id));
    const decided = (...words: readonly string[]) => ids.map((id, index) => aLedgerDecision(id, words[index] ?? ""));
    const same = await comparedTo(claims, [...facts, ...decided("APPROVE", "REVIEW")], archive);
    expect(same.findings).toEqual([]);
    const other = await comparedTo(claims, [...facts, ...decided("BLOCK", "APPROVE")], archive);
    expect(other.findings.map(({ message }) => message)).toEqual([
      "stripe:evt_1 (stripe:pi_evt_1): decision BLOCK in transactions, APPROVE in the archive",
      "stripe:evt_2 (stripe:pi_evt_2): decision APPROVE in transactions, REVIEW in the archive",
    ]);
  });

  it("waits for a decision that came after its fact's seal, unless the fact counts as archived whole", async () => {
    const claims = [aClaim("stripe:evt_1")];
    const decision = aLedgerDecision("stripe:evt_1", "BLOCK");
    const waiting = await comparedTo(claims, [aLedgerFact("stripe:evt_1", { isReleased: false }), decision]);
    expect(waiting.findings).toEqual([]);
    expect(waiting.warnings).toMatchObject([{ code: "waiting-for-addendum", day: firstDay }]);
    const released = await comparedTo(claims, [aLedgerFact("stripe:evt_1"), decision]);
    expect(released.findings).toMatchObject([{ code: "fact-differs", day: firstDay }]);
  });

  it("finds records that the tables should still have", async () => {
    const noClaim = await comparedTo([], [aLedgerFact("stripe:evt_1")]);
    expect(noClaim.findings).toMatchObject([{ code: "claim-missing", day: firstDay }]);
    const noFact = await comparedTo([aClaim("stripe:evt_1")], []);
    expect(noFact.findings).toMatchObject([{ code: "fact-missing", day: firstDay }]);
  });

  it("finds a claim that is unfinished again, and only tells of one that no seal knew", async () => {
    const failed = aClaim("stripe:evt_1", { status: "FAILED" });
    const ledger = [aLedgerFact("stripe:evt_1")];
    expect((await comparedTo([failed], ledger)).findings).toMatchObject([{ code: "claim-differs", day: firstDay }]);
    const late = createArchive();
    late.sealDay(firstDay, []);
    late.sealDay(secondDay, []);
    late.sealAddendum(firstDay, { facts: [aFact("stripe:evt_1", at)] });
    const report = await comparedTo([failed], ledger, late);
    expect(report.findings).toEqual([]);
    expect(report.warnings).toMatchObject([{ code: "exception-open", day: firstDay }]);
    expect(report.warnings[0]?.message).toContain("its own day's manifest doesn't list it");
  });

  it("knows exceptions that were too many for their day's manifest", async () => {
    const archive = createArchive();
    const list = putList(archive.files, [{ eventId: "stripe:evt_1", status: "PROCESSING", receivedAt: at }]);
    archive.sealDay(firstDay, [aFact("stripe:evt_1", at)], { exceptionLists: [list] });
    archive.sealDay(secondDay, []);
    const claims = [aClaim("stripe:evt_1", { status: "FAILED" }), aClaim("stripe:evt_2", { status: "FAILED" })];
    const report = await comparedTo(claims, [aLedgerFact("stripe:evt_1")], archive);
    expect(report.findings).toEqual([]);
    expect(report.warnings.map(({ code, message }) => [code, message.split(",")[0]])).toEqual([
      ["exception-open", "stripe:evt_2"],
      ["exception-open", "stripe:evt_1"],
    ]);
    expect(report.exceptions).toMatchObject([{ statusThen: "PROCESSING", statusNow: "FAILED", outcome: "open" }]);
    expect(report.totals.exceptions).toBe(1);

    archive.files.delete(list.key);
    const blind = await comparedTo(claims, [aLedgerFact("stripe:evt_1")], archive);
    expect(blind.findings).toMatchObject([{ code: "object-unreadable", object: list.key }]);
    expect(blind.warnings).toMatchObject([{ code: "not-compared", day: firstDay }]);
  });

  it("counts all exceptions of a day, and lists a thousand, those first that are open", async () => {
    const archive = createArchive();
    const ids = Array.from({ length: 1_200 }, (_, index) => `stripe:evt_${String(index).padStart(4, "0")}`);
    const some = ids.map((eventId) => ({ eventId, status: "FAILED", receivedAt: at }));
    const exceptionLists = [putList(archive.files, some.slice(500, 900)), putList(archive.files, some.slice(900))];
    archive.sealDay(firstDay, [], { exceptions: some.slice(0, 500), exceptionLists });
    archive.sealDay(secondDay, []);
    const report = await comparedTo([aClaim("stripe:evt_1199", { status: "FAILED" })], [], archive);
    expect(report.findings).toEqual([]);
    expect(report.outcomes).toEqual({ open: 1, forgotten: 1_199 });
    expect(report.totals.exceptions).toBe(1_200);
    expect(report.exceptions).toHaveLength(1_000);
    expect(report.exceptions[0]).toMatchObject({ eventId: "stripe:evt_1199", outcome: "open" });
  });

  it("knows an event by its id, when a resend gave it a claim of another day", async () => {
    const claims = [aClaim("stripe:evt_1", { firstReceivedAt: "2026-11-02T10:00:00.000Z" })];
    const tables = tablesOf(claims, [aLedgerFact("stripe:evt_1")]);
    expect((await auditOf(anArchive(), { nowMs, tables })).findings).toEqual([]);
    const alone = await auditOf(anArchive(), { nowMs, tables, from: secondDay });
    expect(alone.findings).toEqual([]);
    expect(alone.warnings).toMatchObject([{ code: "not-compared", day: secondDay }]);
  });

  it("compares amounts as exact integers", async () => {
    const archive = createArchive();
    const amountMinor = 10n ** 29n + 1n;
    archive.sealDay(firstDay, [aFact("stripe:evt_1", at, { amountMinor })]);
    archive.sealDay(secondDay, []);
    const withAmount = (text: string) =>
      comparedTo([aClaim("stripe:evt_1")], [aLedgerFact("stripe:evt_1", { amountMinor: text })], archive);
    expect((await withAmount(String(amountMinor))).findings).toEqual([]);
    expect(codesOf(await withAmount(String(amountMinor - 1n)))).toEqual(["fact-differs"]);
  });

  it("finds a fact that was released without being archived, and leaves one alone that wasn't", async () => {
    const released = await compared([], [aLedgerFact("stripe:evt_2")]);
    expect(released.findings).toMatchObject([{ code: "fact-not-archived", day: firstDay }]);
    const waiting = await compared([], [aLedgerFact("stripe:evt_2", { isReleased: false })]);
    expect(waiting.findings).toEqual([]);
  });

  it("says what it couldn't compare, instead of missing what it didn't read", async () => {
    const archive = anArchive();
    const key = archiveKeys.transactions(firstDay, "10", 0);
    const source = memorySource(archive.files, { temperature: (one) => (one === key ? "frozen" : "warm") });
    const report = await auditOf(archive, { nowMs, source, tables: tablesOf([aClaim("stripe:evt_1")], []) });
    expect(report.findings).toEqual([]);
    expect(report.warnings.map(({ code }) => code)).toEqual(["read-by-checksum", "not-compared"]);
  });

  it.each([
    [[aClaim("stripe:evt_9")], true, "archived"],
    [[aClaim("stripe:evt_9", { processingCompletedAt: "2026-11-04T04:00:00.000Z" })], false, "waiting"],
    [[aClaim("stripe:evt_9", { status: "FAILED" })], false, "open"],
    [[], false, "forgotten"],
  ])("tells what became of an exception (%#)", async (claims, isArchived, outcome) => {
    const archive = createArchive();
    archive.sealDay(firstDay, [], { exceptions: [{ eventId: "stripe:evt_9", status: "FAILED", receivedAt: at }] });
    archive.sealDay(secondDay, []);
    if (isArchived) archive.sealAddendum(firstDay, { facts: [aFact("stripe:evt_9", at)] });
    const report = await comparedTo(claims, isArchived ? [aLedgerFact("stripe:evt_9")] : [], archive);
    expect(report.exceptions).toMatchObject([{ eventId: "stripe:evt_9", outcome }]);
    expect(report.findings).toEqual([]);
    expect(report.warnings.some(({ code }) => code === "exception-open")).toBe(outcome === "open");
  });
});
