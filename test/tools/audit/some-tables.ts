/** Records of an environment's tables, as the tests of this folder make them: those of facts as run-audit.ts makes them. */
import type { ClaimItem, DecisionItem, EnvironmentTables, FactItem } from "../../../tools/audit/tables/tables.ts";

/** Of every record that doesn't say another. */
export const receivedAt = "2026-11-01T10:00:00.000Z";

export function aClaim(eventId: string, traits: Partial<ClaimItem> = {}): ClaimItem {
  const processingCompletedAt = "2026-11-01T10:00:01.000Z";
  return { eventId, status: "COMPLETED", firstReceivedAt: receivedAt, processingCompletedAt, ...traits };
}

export function aLedgerFact(eventId: string, traits: Partial<FactItem> = {}): FactItem {
  const [provider = "", id = ""] = eventId.split(":");
  return {
    kind: "fact",
    eventId,
    transactionId: `${provider}:pi_${id}`,
    provider,
    type: "payment.succeeded",
    amountMinor: "1250",
    currency: "EUR",
    tier: "low",
    receivedAt,
    isReleased: true,
    ...traits,
  };
}

export function aLedgerDecision(eventId: string, decision: string): DecisionItem {
  return { kind: "decision", eventId, decision, decidedAt: receivedAt };
}

export function tablesOf(
  claims: readonly ClaimItem[],
  ledger: readonly (FactItem | DecisionItem)[],
): EnvironmentTables {
  return {
    async *claims() {
      for (const claim of claims) yield { scanned: 2, items: [claim] };
    },
    async *ledger() {
      for (const item of ledger) yield { scanned: 3, items: [item] };
    },
  };
}
