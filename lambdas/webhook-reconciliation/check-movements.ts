/** One page of the money that a provider moved, compared with the ledger. */
import { discrepancyOf } from "../shared/domain/reconciliation/discrepancy.ts";
import type { Run } from "../shared/domain/reconciliation/journal.ts";
import { judgeMovement } from "../shared/domain/reconciliation/judge-movement.ts";
import type { FactReader } from "../shared/domain/reconciliation/ports.ts";
import type { LedgerAccount, LedgerPage, MoneyMovement } from "../shared/domain/reconciliation/provider-ledger.ts";
import { addUnchecked, type RunState } from "../shared/domain/reconciliation/run-state.ts";
import { seenAs } from "./check-events.ts";

export interface MovementCheckPorts {
  readonly facts: FactReader;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What the events have shown of a transaction isn't found a second time by its money. */
export function createMovementCheck({ facts, now }: MovementCheckPorts) {
  return async function checkMovements(
    run: Run,
    provider: RunState["providers"][number],
    { account }: LedgerAccount,
    page: Pick<LedgerPage<MoneyMovement>, "items" | "unreadable">,
  ): Promise<void> {
    const { state, seen, findings } = run;
    const ofAccount = account === undefined ? {} : { account };
    for (const { id, detail } of page.unreadable) {
      state.place.isComplete = false;
      const named = id === undefined ? detail : `${id}: ${detail}`;
      addUnchecked(state, { provider, part: "money", ...ofAccount, code: "unreadable", detail: named });
    }
    const fresh = page.items.filter(({ movementId }) => seen.add(seenAs.movement(provider, movementId)));
    state.movementsChecked += fresh.length;
    const transactionOf = ({ objectId }: MoneyMovement) => `${provider}:${objectId}`;
    const open = fresh.filter((movement) => !seen.has(seenAs.explained(transactionOf(movement))));
    const known = await facts.factsOf([...new Set(open.map(transactionOf))]);
    const mark = { runId: state.runId, at: new Date(now()).toISOString() };
    for (const movement of open) {
      const { kind, providerType, amountMinor, currency, occurredAt } = movement;
      const transactionId = transactionOf(movement);
      const found = judgeMovement(movement, known.get(transactionId) ?? []);
      if (found === undefined) continue;
      const { trouble, ...about } = found;
      const theirs = { amountMinor, currency, status: kind };
      const its = { kind: trouble, provider, ...ofAccount, transactionId, providerType, occurredAt, ...about, theirs };
      const discrepancy = discrepancyOf(its, mark);
      if (seen.add(seenAs.found(discrepancy.id))) findings.discrepancies.push(discrepancy);
    }
  };
}
