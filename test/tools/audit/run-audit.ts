/** Audits of small archives, as the tests of this folder make them. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditRequest, audit } from "../../../tools/audit/audit.ts";
import type { AuditReport } from "../../../tools/audit/report.ts";
import { parseTrust, type Trust } from "../../../tools/audit/trust.ts";
import {
  type ArchiveFixture,
  createArchive,
  type FixtureFact,
  type Signer,
  trustFileOf,
} from "../../support/archive-fixture.ts";
import { memorySource } from "../../support/archive-memory-source.ts";

export const firstDay = "2026-11-01";
export const secondDay = "2026-11-02";
export const thirdDay = "2026-11-03";
/** On the morning on which the third day is sealed. */
export const sealedMorning = Date.parse("2026-11-05T12:00:00.000Z");

/** Of the fact stripe:evt_5. */
export const longBody = "x".repeat(2000);

export function aFact(eventId: string, receivedAt: string, traits: Partial<FixtureFact> = {}): FixtureFact {
  return { eventId, receivedAt, ...traits };
}

/** Three days: several hours and currencies, amounts beyond 2^53, an empty day, and a late decision. */
export function threeDays(): ArchiveFixture {
  const archive = createArchive();
  archive.sealDay(firstDay, [
    aFact("stripe:evt_1", "2026-11-01T00:00:00.000Z", { decision: "APPROVE" }),
    aFact("stripe:evt_2", "2026-11-01T00:59:59.999Z", { amountMinor: 2n ** 60n, currency: "KWD" }),
    aFact("shopify:evt_3", "2026-11-01T23:30:00.000Z", { type: "refund.created", amountMinor: -99n, currency: "JPY" }),
    aFact("github:evt_4", "2026-11-01T23:31:00.000Z", { type: "other", amountMinor: null, currency: null }),
  ]);
  archive.sealDay(secondDay, []);
  archive.sealDay(thirdDay, [
    aFact("stripe:evt_5", "2026-11-03T12:00:00.000Z", { body: longBody, encoding: "identity" }),
    aFact("stripe:evt_6", "2026-11-03T12:00:01.000Z", { sameFactAs: "stripe:evt_5", decision: "BLOCK" }),
  ]);
  archive.sealAddendum(firstDay, {
    facts: [aFact("stripe:evt_7", "2026-11-01T00:10:00.000Z")],
    decisions: [aFact("shopify:evt_3", "2026-11-01T23:30:00.000Z", { decision: "REVIEW", type: "refund.created" })],
  });
  return archive;
}

export function trustIn(...signers: readonly Signer[]): Trust {
  const result = parseTrust(trustFileOf(...signers));
  if (result.kind !== "trust") throw new Error(result.problem);
  return result.trust;
}

/** Audits a fixture, in memory unless a source is given. The temporary folder has to be as empty after it as before. */
export async function auditOf(archive: ArchiveFixture, traits: Partial<AuditRequest> = {}): Promise<AuditReport> {
  const workFolder = mkdtempSync(join(tmpdir(), "audit-test-"));
  try {
    const report = await audit({
      source: memorySource(archive.files),
      trust: trustIn(archive.signer),
      expected: {},
      nowMs: sealedMorning,
      isDownload: false,
      expireAfterDays: () => 365,
      readsCostly: false,
      progress: { begin: () => {}, advance: () => {} },
      ...traits,
      workFolder,
    });
    const left = readdirSync(workFolder).filter((name) => !name.startsWith("audit.duckdb") && name !== "spilled");
    expect(left).toEqual([]);
    return report;
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/** Codes of what is off, each once, in order. */
export function codesOf({ findings }: Pick<AuditReport, "findings">): readonly string[] {
  return [...new Set(findings.map(({ code }) => code))].sort();
}
