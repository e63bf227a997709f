/** The way through a provider's accounts: of each its events, then its money. What is asked of all together follows. */

import type { Run } from "../shared/domain/reconciliation/journal.ts";
import { type CheckedTimes, ownParts } from "../shared/domain/reconciliation/ports.ts";
import type { LedgerAccount, LedgerError, ProviderLedger } from "../shared/domain/reconciliation/provider-ledger.ts";
import { addUnchecked, type RunState, widened } from "../shared/domain/reconciliation/run-state.ts";
import { checkedUntilAfter, windowsOf } from "../shared/domain/reconciliation/windows.ts";
import { askedPage, isHopeless, uncheckedBy } from "./ask-ledger.ts";
import { createEventCheck, type EventCheckPorts, seenAs } from "./check-events.ts";
import { createMovementCheck } from "./check-movements.ts";

export interface AccountCheckPorts extends EventCheckPorts {
  readonly checked: CheckedTimes;
}

type Provider = RunState["providers"][number];

/** Accounts one after the other without an answer: then the provider is down, and the rest is left to the next run. */
const patience = 3;

export function createAccountCheck(ports: AccountCheckPorts) {
  const checkEvents = createEventCheck(ports);
  const checkMovements = createMovementCheck(ports);

  /** Reads one page of accounts. Where it can't be read, the key's own account is checked all the same. */
  async function listAccounts(run: Run, ledger: ProviderLedger): Promise<void> {
    const { place } = run.state;
    const isFirstPage = place.nextAccounts === undefined;
    const answer = await askedPage((after) => ledger.accounts(after), place.nextAccounts);
    delete place.nextAccounts;
    if (answer.kind === "failed") {
      place.isListComplete = false;
      addUnchecked(run.state, uncheckedBy(answer.error, { provider: ledger.provider, part: "accounts" }));
      place.accounts = isFirstPage ? [{}] : [];
      // One more account without an answer, and the provider is down.
      if (isHopeless(answer.error, {})) place.failuresInARow = patience - 1;
    } else {
      const { items, unreadable, next } = answer.value;
      place.accounts = items.filter(({ account }) => run.seen.add(seenAs.account(ledger.provider, account)));
      for (const { id, detail } of unreadable) {
        place.isListComplete = false;
        const account = id === undefined ? {} : { account: id };
        addUnchecked(run.state, {
          provider: ledger.provider,
          part: "accounts",
          ...account,
          code: "unreadable",
          detail,
        });
      }
      if (next !== undefined) place.nextAccounts = next;
    }
    await beginAccount(run, ledger.provider);
  }

  /** Goes on with the next account, the next page of accounts, or with our facts. */
  async function beginAccount(run: Run, provider: Provider): Promise<void> {
    const { state } = run;
    const { place } = state;
    const [next] = place.accounts;
    delete place.after;
    if (next === undefined) {
      if (place.nextAccounts !== undefined && !place.isUnreachable) {
        place.part = "accounts";
        return;
      }
      await endList(run, provider);
      place.part = place.isUnreachable ? "facts" : place.isListComplete ? "gone" : "open";
      return;
    }
    const { scheduledAt, from, to } = state;
    const before = await ports.checked.checkedUntil({ provider, part: partOf(next) });
    const since = before ?? (await ports.checked.checkedUntil({ provider, part: ownParts.accounts }));
    const windows = windowsOf({ scheduledAt, from, to, checkedUntil: since });
    const { outOfReach } = windows;
    const about = { provider, ...(next.account !== undefined && { account: next.account }) };
    if (outOfReach !== undefined) {
      const detail = "The provider lists no events of that time any more.";
      addUnchecked(state, { ...about, part: "events", ...outOfReach, code: "out-of-reach", detail });
    }
    if (windows.isEmpty) {
      place.accounts.shift();
      return beginAccount(run, provider);
    }
    state.windows.push({ ...about, from: windows.money.from, to: windows.events.to });
    place.part = "events";
    place.windows = { events: { ...windows.events }, money: { ...windows.money } };
    if (before === undefined) delete place.checkedBefore;
    else place.checkedBefore = before;
    delete place.inProgressSince;
    place.isComplete = true;
    place.reach = widened(place.reach, windows);
  }

  /** One page of the account's events. */
  async function eventsPage(run: Run, ledger: ProviderLedger): Promise<void> {
    const { account, windows } = underWay(run.state);
    const { place } = run.state;
    const answer = await askedPage((after) => ledger.events(account, windows.events, after), place.after);
    if (answer.kind === "failed") {
      noteFailure(run.state, ledger.provider, "events", answer.error);
      place.failuresInARow += isHopeless(answer.error, account) ? 1 : 0;
    } else {
      place.failuresInARow = 0;
      await checkEvents(run, ledger.provider, account, answer.value);
      if (answer.value.next !== undefined) {
        place.after = answer.value.next;
        return;
      }
    }
    delete place.after;
    place.part = "money";
  }

  /** One page of its money. */
  async function moneyPage(run: Run, ledger: ProviderLedger): Promise<void> {
    const { account, windows } = underWay(run.state);
    const { place } = run.state;
    if (windows.money.from < windows.money.to) {
      const answer = await askedPage((after) => ledger.movements(account, windows.money, after), place.after);
      if (answer.kind === "failed") {
        noteFailure(run.state, ledger.provider, "money", answer.error);
      } else {
        await checkMovements(run, ledger.provider, account, answer.value);
        if (answer.value.next !== undefined) {
          place.after = answer.value.next;
          return;
        }
      }
    }
    await endAccount(run, ledger.provider);
  }

  async function endAccount(run: Run, provider: Provider): Promise<void> {
    const { state } = run;
    const { place } = state;
    const { account, windows } = underWay(state);
    const { checkedBefore: before, isComplete, inProgressSince } = place;
    const isByHand = state.from !== undefined || state.to !== undefined;
    const until = checkedUntilAfter({ windows, before, isComplete, inProgressSince, isByHand });
    if (until !== undefined) run.findings.checked.push({ provider, part: partOf(account), until });
    place.accounts.shift();
    if (place.failuresInARow >= patience) giveUp(state, provider);
    await beginAccount(run, provider);
  }

  /** Once all accounts were listed, one that comes up later was not there before: its time begins here. */
  async function endList({ state, findings }: Run, provider: Provider): Promise<void> {
    const { scheduledAt, from, to, place } = state;
    const before = await ports.checked.checkedUntil({ provider, part: ownParts.accounts });
    const windows = windowsOf({ scheduledAt, from, to, checkedUntil: before });
    const isByHand = from !== undefined || to !== undefined;
    const isComplete = place.isListComplete;
    const until = checkedUntilAfter({ windows, before, isComplete, inProgressSince: undefined, isByHand });
    if (until !== undefined) findings.checked.push({ provider, part: ownParts.accounts, until });
  }

  return { listAccounts, eventsPage, moneyPage };
}

/** The account whose page is to be read. */
function underWay({ place }: RunState) {
  const [account] = place.accounts;
  if (account === undefined || place.windows === undefined) throw new Error("The run's state has no account under way");
  return { account: accountIn(account), windows: place.windows };
}

function accountIn({ account }: { readonly account?: string | undefined }): LedgerAccount {
  return account === undefined ? {} : { account };
}

function partOf({ account }: { readonly account?: string | undefined }): string {
  return account ?? ownParts.ofKey;
}

function noteFailure(state: RunState, provider: Provider, part: "events" | "money", error: LedgerError): void {
  const { account, windows } = underWay(state);
  state.place.isComplete = false;
  const { from, to } = windows[part];
  addUnchecked(state, uncheckedBy(error, { provider, part, ...account, from, to }));
}

function giveUp(state: RunState, provider: Provider): void {
  const { place } = state;
  const left = place.accounts.length > 0 || place.nextAccounts !== undefined;
  const detail = left
    ? "The provider did not answer for one account after the other: the rest of them was not asked for."
    : "The provider did not answer for one account after the other.";
  addUnchecked(state, { provider, part: "accounts", code: "unavailable", detail });
  place.isUnreachable = true;
  place.isListComplete = false;
  place.accounts = [];
}
