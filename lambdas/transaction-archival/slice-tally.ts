import type { SliceResult } from "../../config/archive.ts";
import { isUndecided, type LedgerRecord } from "../shared/domain/archive/records.ts";
import { createSumTally } from "../shared/domain/archive/sums.ts";

type Counted = Pick<
  SliceResult,
  "facts" | "lateDecisions" | "sums" | "firstReceivedAt" | "lastReceivedAt" | "undecided" | "missingBodies"
>;

/** Counts and adds up what goes into a slice's objects. */
export function createSliceTally() {
  const sums = createSumTally();
  let facts = 0;
  let lateDecisions = 0;
  let undecided = 0;
  let missingBodies = 0;
  let firstReceivedAt: string | undefined;
  let lastReceivedAt: string | undefined;

  function seen(receivedAt: string): void {
    if (firstReceivedAt === undefined || receivedAt < firstReceivedAt) firstReceivedAt = receivedAt;
    if (lastReceivedAt === undefined || receivedAt > lastReceivedAt) lastReceivedAt = receivedAt;
  }

  return {
    addFact({ fact, decision }: LedgerRecord, hasBody: boolean): void {
      const { amountMinor, currency, type, provider } = fact;
      facts += 1;
      seen(fact.receivedAt);
      // A fact that repeats another one under a second event id isn't money a second time (WEBHOOK_RULES 5).
      if (amountMinor !== undefined && currency !== undefined && fact.sameFactAs === undefined) {
        sums.add({ currency, type, provider, rows: 1, amountMinor });
      }
      if (isUndecided({ ...fact, decision })) undecided += 1;
      if (!hasBody) missingBodies += 1;
    },
    addLateDecision({ fact }: LedgerRecord): void {
      seen(fact.receivedAt);
      lateDecisions += 1;
    },
    counted: (): Counted => ({
      facts,
      lateDecisions,
      sums: sums.sums(),
      ...(firstReceivedAt !== undefined && { firstReceivedAt }),
      ...(lastReceivedAt !== undefined && { lastReceivedAt }),
      undecided,
      missingBodies,
    }),
  };
}
