/** Connected accounts whose books are closed to the run while it asks for our facts: none is asked a second time. */
import { discrepancyOf } from "../shared/domain/reconciliation/discrepancy.ts";
import type { Run } from "../shared/domain/reconciliation/journal.ts";
import type { CheckedTimes, DiscrepancyStore } from "../shared/domain/reconciliation/ports.ts";
import type { LedgerAccount, LedgerError } from "../shared/domain/reconciliation/provider-ledger.ts";
import { addUnchecked, type RunState } from "../shared/domain/reconciliation/run-state.ts";
import { uncheckedBy } from "./ask-ledger.ts";
import { seenAs } from "./check-events.ts";

export interface ClosedAccountPorts {
  readonly checked: Pick<CheckedTimes, "checkedUntil" | "isForgotten">;
  readonly discrepancies: Pick<DiscrepancyStore, "read">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type Provider = RunState["providers"][number];

export function createClosedAccounts({ checked, discrepancies, now }: ClosedAccountPorts) {
  /**
   * Whether an answer closes the account: it is gone, or the key may not read it. That is said once a run, and not at all
   * where a person has resolved that the account is gone.
   */
  return async function closeAccount(
    run: Run,
    provider: Provider,
    { account }: LedgerAccount,
    error: LedgerError,
  ): Promise<boolean> {
    const { state, seen } = run;
    const isClosed = error.code === "account-gone" || error.code === "unauthorized";
    if (account === undefined || !isClosed) return false;
    seen.add(seenAs.closed(provider, account));
    if (error.code === "account-gone" && (await isResolved(run, provider, account))) return true;
    addUnchecked(state, uncheckedBy(error, { provider, part: "facts", account }));
    return true;
  };

  /** An account that was never checked is in no list of those that were: it is found gone here, for a person to resolve. */
  async function isResolved({ state, findings }: Run, provider: Provider, account: string): Promise<boolean> {
    const part = { provider, part: account };
    if (await checked.isForgotten(part)) return true;
    if ((await checked.checkedUntil(part)) !== undefined) return false;
    const mark = { runId: state.runId, at: new Date(now()).toISOString() };
    const gone = discrepancyOf({ kind: "account-gone", provider, account }, mark);
    if ((await discrepancies.read([gone.id])).get(gone.id)?.status === "RESOLVED") return true;
    findings.discrepancies.push(gone);
    return false;
  }
}
