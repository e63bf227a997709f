/**
 * Compares the providers' books with ours, page by page, until all is compared or the time is up. It may be cut anywhere
 * and goes on from its last checkpoint: see domain/reconciliation/journal.ts.
 */

import type { ArchiveObjects } from "../shared/domain/archive/ports.ts";
import { createJournal, type Run } from "../shared/domain/reconciliation/journal.ts";
import type {
  CheckedTimes,
  CheckpointStore,
  DiscrepancyStore,
  OpenedLedger,
} from "../shared/domain/reconciliation/ports.ts";
import type { ProviderLedger } from "../shared/domain/reconciliation/provider-ledger.ts";
import {
  addUnchecked,
  type Findings,
  freshPlace,
  type RunRequest,
  type RunState,
} from "../shared/domain/reconciliation/run-state.ts";
import { PermanentError } from "../shared/domain/retryable-error.ts";
import type { WebhookQueue } from "../shared/domain/webhook-ports.ts";
import { type AccountCheckPorts, createAccountCheck } from "./check-accounts.ts";
import { createFactCheck, type FactCheckPorts } from "./check-facts.ts";
import { createGoneCheck } from "./check-gone.ts";
import { createOpenCheck } from "./check-open.ts";
import { createFactSpan } from "./fact-span.ts";

export interface ComparisonPorts extends AccountCheckPorts, FactCheckPorts {
  readonly objects: Pick<ArchiveObjects, "create" | "get" | "list">;
  readonly checked: CheckedTimes;
  readonly checkpoints: CheckpointStore;
  readonly discrepancies: DiscrepancyStore;
  readonly queue: WebhookQueue;
  /** @throws RetryableError when the secret store can't answer. */
  readonly openLedger: (provider: RunState["providers"][number]) => Promise<OpenedLedger>;
}

export interface Progress {
  readonly runId: string;
  readonly done: boolean;
  /** Whether anything is on its way through the queue, for which it makes sense to wait. */
  readonly hasReentered: boolean;
}

/** Steps between two checkpoints: so much is read again after a crash. */
const usualSteps = 25;
/** Messages that wait for the checkpoint lie in memory and then in one object. */
const pendingBytes = 4 * 1024 * 1024;

export function createComparison(ports: ComparisonPorts, { stepsPerCheckpoint = usualSteps } = {}) {
  const accounts = createAccountCheck(ports);
  const checkGone = createGoneCheck(ports);
  const checkOpen = createOpenCheck(ports);
  const checkFacts = createFactCheck(ports);
  const factSpan = createFactSpan(ports);
  const { objects, checkpoints } = ports;
  const journal = createJournal({ objects, checkpoints, carryOut });
  const opened = new Map<string, OpenedLedger>();

  /**
   * @param isTimeUp asked before each step, and between questions to the provider where a step has many of them
   * @throws RetryableError when AWS can't answer now, or when another invocation goes on with the run
   */
  async function compare(request: RunRequest, isTimeUp: () => boolean): Promise<Progress> {
    // A key that was rotated since the last invocation is read anew.
    opened.clear();
    const run = await journal.open(request, ports.now());
    if (run.state.providers.length === 0) {
      if (run.revision === 0) await journal.rest(run);
      return progressOf(run);
    }
    for (let steps = 1; run.state.providers.length > 0; steps += 1) {
      if (isTimeUp()) {
        await journal.rest(run);
        return progressOf(run);
      }
      await step(run, () => !isTimeUp());
      run.state.hasReentered ||= run.findings.messages.length > 0;
      const isDue = steps % stepsPerCheckpoint === 0 || sizeOf(run.findings.messages) >= pendingBytes;
      if (isDue) await journal.commit(run);
    }
    await journal.rest(run);
    return progressOf(run);
  }

  async function step(run: Run, mayGoOn: () => boolean): Promise<void> {
    const { state } = run;
    const [provider] = state.providers;
    if (provider === undefined) return;
    const books = opened.get(provider) ?? (await ports.openLedger(provider));
    if (books.kind === "closed") {
      addUnchecked(state, { provider, part: "accounts", code: books.code, detail: books.detail });
      endProvider(state);
      return;
    }
    opened.set(provider, books);
    const { ledger } = books;
    switch (state.place.part) {
      case "accounts":
        return accounts.listAccounts(run, ledger);
      case "events":
        return accounts.eventsPage(run, ledger);
      case "money":
        return accounts.moneyPage(run, ledger);
      case "gone":
        return gonePage(run, provider);
      case "open":
        return openPage(run, ledger, mayGoOn);
      case "facts":
        return factsPage(run, ledger, mayGoOn);
    }
  }

  async function gonePage(run: Run, provider: RunState["providers"][number]): Promise<void> {
    if (await checkGone(run, provider)) return;
    delete run.state.place.after;
    run.state.place.part = "open";
  }

  /** What is open of earlier runs, once every account has been listed: what is listed was judged already. */
  async function openPage(run: Run, ledger: ProviderLedger, mayGoOn: () => boolean): Promise<void> {
    const hasRoom = () => sizeOf(run.findings.messages) < pendingBytes;
    if (await checkOpen(run, ledger, () => mayGoOn() && hasRoom())) return;
    delete run.state.place.after;
    run.state.place.part = "facts";
  }

  async function factsPage(run: Run, ledger: ProviderLedger, mayGoOn: () => boolean): Promise<void> {
    const { state } = run;
    const { provider } = ledger;
    if (!state.place.hasBegunFacts) await factSpan.begin(run, provider);
    const { reach, isUnreachable } = state.place;
    if (isUnreachable) {
      const detail = "Facts of ours that were not listed could not be asked for.";
      addUnchecked(state, { provider, part: "facts", ...reach, code: "unavailable", detail });
      state.place.isFactsComplete = false;
    } else if (reach !== undefined && (await checkFacts(run, ledger, { reach, mayGoOn }))) return;
    await factSpan.end(run, provider);
    endProvider(state);
  }

  /** First it is written down, then it is done, then it counts as checked. */
  async function carryOut({ discrepancies, messages, checked, retired, answered }: Findings): Promise<void> {
    await ports.discrepancies.record(discrepancies);
    await factSpan.remember(answered);
    if (messages.length > 0) await enqueue(messages);
    for (const { provider, part, until } of checked) await ports.checked.moveTo({ provider, part }, until);
    for (const { provider, part, until } of retired) await ports.checked.forget({ provider, part }, until);
  }

  async function enqueue(messages: readonly string[]): Promise<void> {
    try {
      await ports.queue.send(messages);
    } catch (error) {
      // All others are queued. What the queue can never take stays missed: its discrepancy stays open, and rings.
      if (!(error instanceof PermanentError)) throw error;
    }
  }

  return { compare, journal };
}

function progressOf({ state: { runId, providers, hasReentered } }: Run): Progress {
  return { runId, done: providers.length === 0, hasReentered };
}

function sizeOf(messages: readonly string[]): number {
  return messages.reduce((sum, { length }) => sum + length, 0);
}

function endProvider(state: RunState): void {
  state.providers.shift();
  state.place = freshPlace();
}
