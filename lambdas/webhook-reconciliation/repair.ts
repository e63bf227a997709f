import type { Discrepancy, DiscrepancyKind } from "../../config/reconciliation.ts";
import type { RunMark } from "../shared/domain/reconciliation/discrepancy.ts";
import type { ClaimReader, DiscrepancyStore, FactReader } from "../shared/domain/reconciliation/ports.ts";

export interface RepairPorts {
  readonly claims: ClaimReader;
  readonly facts: FactReader;
  readonly discrepancies: Pick<DiscrepancyStore, "close">;
}

/** Settled once their event is taken, whoever saw to that. */
const settledByClaim: ReadonlySet<DiscrepancyKind> = new Set([
  "missed-critical-event",
  "missed-event",
  "failed-event",
  "failed-for-good",
  "processing-expired",
]);
/** Settled once the ledger has the fact. */
const settledByFact: ReadonlySet<DiscrepancyKind> = new Set(["unknown-money", "not-recorded"]);

/**
 * Closes those of some discrepancies that are settled by now, and gives all of them back as they are then. The others,
 * where two sides say different things, wait for a person.
 */
export function createRepair({ claims, facts, discrepancies }: RepairPorts) {
  return async function repair(some: readonly Discrepancy[], { runId, at }: RunMark): Promise<readonly Discrepancy[]> {
    const open = some.filter(({ status }) => status === "OPEN");
    const settled = new Set([...(await takenOf(open)), ...(await recordedOf(open))]);
    return Promise.all(
      some.map(async (discrepancy) => {
        if (!settled.has(discrepancy)) return discrepancy;
        await discrepancies.close(discrepancy.id, { status: "REPAIRED", at, by: runId });
        return { ...discrepancy, status: "REPAIRED" as const, closedAt: at, closedBy: runId };
      }),
    );
  };

  async function takenOf(open: readonly Discrepancy[]): Promise<readonly Discrepancy[]> {
    const its = open.filter(({ kind, eventId }) => settledByClaim.has(kind) && eventId !== undefined);
    const known = await claims.claimsOf(its.flatMap(({ eventId }) => eventId ?? []));
    return its.filter(({ eventId = "" }) => ["COMPLETED", "SKIPPED"].includes(known.get(eventId)?.status ?? ""));
  }

  async function recordedOf(open: readonly Discrepancy[]): Promise<readonly Discrepancy[]> {
    const its = open.filter(({ kind, transactionId }) => settledByFact.has(kind) && transactionId !== undefined);
    const known = await facts.factsOf([...new Set(its.flatMap(({ transactionId }) => transactionId ?? []))]);
    return its.filter(({ transactionId = "", eventId, theirs }) =>
      (known.get(transactionId) ?? []).some((fact) => {
        const isIts = eventId === undefined || fact.eventId === eventId;
        return isIts && fact.currency === theirs?.currency && fact.amountMinor?.toString() === theirs?.amountMinor;
      }),
    );
  }
}
