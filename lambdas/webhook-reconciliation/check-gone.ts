/** Accounts that were checked before and that the provider lists no more: nobody can say what happened in them since. */
import type { LedgerProvider } from "../../config/reconciliation.ts";
import { accountGoneId, discrepancyOf } from "../shared/domain/reconciliation/discrepancy.ts";
import type { Run } from "../shared/domain/reconciliation/journal.ts";
import type { CheckedTimes, DiscrepancyStore } from "../shared/domain/reconciliation/ports.ts";
import { addUnchecked } from "../shared/domain/reconciliation/run-state.ts";
import { seenAs } from "./check-events.ts";

export interface GoneCheckPorts {
  readonly checked: Pick<CheckedTimes, "accounts">;
  readonly discrepancies: Pick<DiscrepancyStore, "read">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function createGoneCheck({ checked, discrepancies, now }: GoneCheckPorts) {
  /**
   * One page of the accounts that were checked before, once all that there are have been listed; whether there are more.
   * Each that is gone is unchecked in every run, until it is listed again or a person has resolved its discrepancy: then
   * its time is forgotten.
   */
  return async function checkGone(run: Run, provider: LedgerProvider): Promise<boolean> {
    const { state, seen, findings } = run;
    const { items, next } = await checked.accounts(provider, state.place.after);
    const gone = items
      .filter(({ account }) => !seen.has(seenAs.account(provider, account)))
      .map((one) => ({ ...one, id: accountGoneId(provider, one) }));
    const known = await discrepancies.read(gone.map(({ id }) => id));
    const mark = { runId: state.runId, at: new Date(now()).toISOString() };
    for (const { account, checkedUntil, id } of gone) {
      // What has to be said of it is said here: it is asked for none of our facts.
      seen.add(seenAs.closed(provider, account));
      if (known.get(id)?.status === "RESOLVED") {
        findings.retired.push({ provider, part: account, until: checkedUntil });
        continue;
      }
      const detail = "The account was checked before, and the provider doesn't list it any more.";
      const about = { provider, account, part: "events" as const, from: checkedUntil, code: "account-gone", detail };
      addUnchecked(state, about);
      findings.discrepancies.push(
        discrepancyOf({ kind: "account-gone", provider, account, occurredAt: checkedUntil }, mark),
      );
    }
    if (next === undefined) return false;
    state.place.after = next;
    return true;
  };
}
