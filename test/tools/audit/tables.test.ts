/** The archive against the environment's tables. */
import { archiveKeys } from "../../../config/archive.ts";
import type { ClaimItem, EnvironmentTables, FactItem } from "../../../tools/audit/tables/tables.ts";
import { createArchive } from "../../support/archive-fixture.ts";
import { memorySource } from "../../support/archive-memory-source.ts";
import { aFact, auditOf, codesOf, firstDay, secondDay } from "./run-audit.ts";

const at = "2026-11-01T10:00:00.000Z";
const nowMs = Date.parse("2026-11-04T12:00:00.000Z");

function aClaim(eventId: string, traits: Partial<ClaimItem> = {}): ClaimItem {
  return {
    eventId,
    status: "COMPLETED",
    firstReceivedAt: at,
    processingCompletedAt: "2026-11-01T10:00:01.000Z",
    ...traits,
  };
}

function aLedgerFact(eventId: string, traits: Partial<FactItem> = {}): FactItem {
  return {
    eventId,
    transactionId: "stripe:pi_1",
    type: "payment.succeeded",
    amountMinor: "1250",
    currency: "EUR",
    receivedAt: at,
    isReleased: true,
    ...traits,
  };
}

function tablesOf(claims: readonly ClaimItem[], facts: readonly FactItem[]): EnvironmentTables {
  return {
    async *claims() {
      for (const claim of claims) yield { scanned: 2, items: [claim] };
    },
    async *facts() {
      for (const fact of facts) yield { scanned: 3, items: [fact] };
    },
  };
}

/** Two days, one event on the first. */
function anArchive() {
  const archive = createArchive();
  archive.sealDay(firstDay, [aFact("stripe:evt_1", at)]);
  archive.sealDay(secondDay, []);
  return archive;
}

async function compared(claims: readonly ClaimItem[], facts: readonly FactItem[] = []) {
  return auditOf(anArchive(), { nowMs, tables: tablesOf(claims, facts) });
}

describe("the archive against the tables", () => {
  it("agrees, and says how far the tables reach back", async () => {
    const older = aClaim("stripe:evt_0", { firstReceivedAt: "2026-10-31T23:00:00.000Z" });
    const report = await compared([aClaim("stripe:evt_1"), older], [aLedgerFact("stripe:evt_1")]);
    expect(report.findings).toEqual([]);
    expect(report.tables).toEqual({
      processedWebhooks: { scanned: 4, compared: 1, since: "2026-10-31T23:00:00.000Z" },
      transactions: { scanned: 3, compared: 1, since: at },
    });
  });

  it("expects nothing of records that their time to live has taken", async () => {
    const report = await compared([], []);
    expect(report.findings).toEqual([]);
    expect(report.tables?.processedWebhooks).toEqual({ scanned: 0, compared: 0 });
  });

  it.each(["COMPLETED", "SKIPPED"])("finds an event that is %s and in no object", async (status) => {
    const report = await compared([aClaim("stripe:evt_1"), aClaim("stripe:evt_2", { status })]);
    expect(report.findings).toMatchObject([{ code: "event-not-archived", day: firstDay }]);
    expect(report.findings[0]?.message).toContain("stripe:evt_2");
  });

  it("asks nothing of events that aren't finished", async () => {
    const report = await compared([
      aClaim("stripe:evt_2", { status: "PROCESSING" }),
      aClaim("x", { status: "FAILED" }),
    ]);
    expect(report.findings).toEqual([]);
  });

  it("waits for the next run with an event that was finished after its day's seal", async () => {
    const report = await compared([aClaim("stripe:evt_2", { processingCompletedAt: "2026-11-04T04:00:00.000Z" })]);
    expect(report.findings).toEqual([]);
    expect(report.warnings).toMatchObject([{ code: "waiting-for-addendum", day: firstDay }]);
  });

  it.each([
    ["amount", { amountMinor: "1251" }],
    ["currency", { currency: "USD" }],
    ["type", { type: "payment.failed" }],
  ])("finds a fact with another %s", async (_, traits) => {
    const { amountMinor = "1250", currency = "EUR", type = "payment.succeeded" } = { ...traits } as Partial<FactItem>;
    const report = await compared([], [aLedgerFact("stripe:evt_1", traits)]);
    expect(report.findings).toEqual([
      {
        code: "fact-differs",
        day: firstDay,
        message: `stripe:evt_1 (stripe:pi_1) is ${type} ${amountMinor} ${currency} in transactions and payment.succeeded 1250 EUR in the archive`,
      },
    ]);
  });

  it("compares amounts as exact integers", async () => {
    const archive = createArchive();
    const amountMinor = 10n ** 29n + 1n;
    archive.sealDay(firstDay, [aFact("stripe:evt_1", at, { amountMinor })]);
    archive.sealDay(secondDay, []);
    const same = tablesOf([], [aLedgerFact("stripe:evt_1", { amountMinor: String(amountMinor) })]);
    expect((await auditOf(archive, { nowMs, tables: same })).findings).toEqual([]);
    const other = tablesOf([], [aLedgerFact("stripe:evt_1", { amountMinor: String(amountMinor - 1n) })]);
    expect(codesOf(await auditOf(archive, { nowMs, tables: other }))).toEqual(["fact-differs"]);
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
    [[], true, "archived"],
    [[], false, "forgotten"],
  ])("tells what became of an exception (%#)", async (claims, isArchived, outcome) => {
    const archive = createArchive();
    archive.sealDay(firstDay, [], { exceptions: [{ eventId: "stripe:evt_9", status: "FAILED", receivedAt: at }] });
    archive.sealDay(secondDay, []);
    if (isArchived) archive.sealAddendum(firstDay, { facts: [aFact("stripe:evt_9", at)] });
    const report = await auditOf(archive, { nowMs, tables: tablesOf(claims, []) });
    expect(report.exceptions).toMatchObject([{ eventId: "stripe:evt_9", outcome }]);
    expect(report.findings).toEqual([]);
    expect(report.warnings.some(({ code }) => code === "exception-open")).toBe(outcome === "open");
  });
});
