/** The reverse: facts of ours that the provider hasn't listed. It is asked for each of them. */
import { zstdDecompressSync } from "node:zlib";
import { limits } from "../../config/limits.ts";
import { dayOf, daysThrough } from "../shared/domain/archive/days.ts";
import type { ArchiveLedger, ArchiveObjects } from "../shared/domain/archive/ports.ts";
import { eventIdIn, type LedgerRecord, occurredAtIn } from "../shared/domain/archive/records.ts";
import { field, parseExactJson } from "../shared/domain/exact-json.ts";
import { withoutOwnId } from "../shared/domain/own-id.ts";
import { discrepancyOf } from "../shared/domain/reconciliation/discrepancy.ts";
import type { Run } from "../shared/domain/reconciliation/journal.ts";
import { sideOf } from "../shared/domain/reconciliation/judge-event.ts";
import type { LedgerAccount, LedgerWindow, ProviderLedger } from "../shared/domain/reconciliation/provider-ledger.ts";
import { addUnchecked, type RunState } from "../shared/domain/reconciliation/run-state.ts";
import { partitionAt } from "../shared/domain/reconciliation/windows.ts";
import { ledgers } from "../shared/providers/ledgers.ts";
import { asked, isHopeless, uncheckedBy } from "./ask-ledger.ts";
import { seenAs } from "./check-events.ts";
import { type ClosedAccountPorts, createClosedAccounts } from "./closed-accounts.ts";
import { createPagesAhead } from "./pages-ahead.ts";

export interface FactCheckPorts extends ClosedAccountPorts {
  readonly archive: Pick<ArchiveLedger, "page" | "read">;
  readonly objects: Pick<ArchiveObjects, "list">;
}

type Provider = RunState["providers"][number];

/** A provider is asked for so many events one by one. More than these come of a list that had gaps: the next runs go on. */
const maxQuestions = 2_000;
/** Those of them that weren't listed are read with their bodies: at 64 KiB each these fit into memory. */
const keysPerPage = 500;
/** So many partitions are read at once. */
const partitionsAtATime = 16;

export function createFactCheck({ archive, objects, ...ports }: FactCheckPorts) {
  const { now } = ports;
  const pageOf = createPagesAhead(archive);
  const closeAccount = createClosedAccounts(ports);

  /**
   * One page of a partition of the index, or as much of it as there is time for: what is left of it is asked for when the
   * page is read again.
   *
   * @param mayGoOn asked after each question to the provider
   * @returns whether there is more
   */
  async function checkFacts(
    run: Run,
    ledger: ProviderLedger,
    { reach, mayGoOn }: { readonly reach: LedgerWindow; readonly mayGoOn: () => boolean },
  ): Promise<boolean> {
    const { state, seen } = run;
    const { place } = state;
    const { provider } = ledger;
    if (place.partition === 0 && place.after === undefined) await sayWhatIsSealed(run, provider, reach);
    const partition = partitionAt(reach, place.partition);
    if (partition === undefined) return false;
    const { keys, next } = await pageOf(run, {
      partitions: [partition, ...partitionsBehind(reach, place.partition)],
      after: place.after,
      limit: keysPerPage,
    });
    const its = keys.filter(({ entry }) => eventIdIn(entry).startsWith(`${provider}:`));
    const due = its.filter(({ entry }) => occurredAtIn(entry) < reach.to);
    const unlisted = due.filter(({ entry }) => !seen.has(seenAs.event(eventIdIn(entry))));
    const records = await archive.read(unlisted);
    for (const record of records) {
      const { receivedAt } = record.fact;
      if (receivedAt < reach.from || receivedAt >= reach.to) continue;
      if (!(await askFor(run, ledger, record, reach))) return false;
      if (!mayGoOn()) return true;
    }
    state.factsChecked += due.length;
    if (next !== undefined) {
      place.after = next;
      return true;
    }
    delete place.after;
    place.partition += 1;
    return partitionAt(reach, place.partition) !== undefined;
  }

  /** Whether it makes sense to ask for more. */
  async function askFor(run: Run, ledger: ProviderLedger, record: LedgerRecord, reach: LedgerWindow): Promise<boolean> {
    const { state, seen, findings } = run;
    const { provider } = ledger;
    const { fact } = record;
    const { eventId, transactionId, providerType, occurredAt } = fact;
    const unchecked = (code: string, detail: string) =>
      addUnchecked(state, { provider, part: "facts", eventId, code, detail });
    const told = toldOf(provider, record);
    if (told === undefined) {
      seen.add(seenAs.event(eventId));
      unchecked("account-unknown", "No body beside the fact says whose account it was.");
      return true;
    }
    const { account, providerEventId } = told;
    if (account.account !== undefined && seen.has(seenAs.closed(provider, account.account))) return true;
    if (state.place.asked === maxQuestions) {
      const detail = `More than ${maxQuestions} facts of ours were not listed: the next run asks for the rest.`;
      addUnchecked(state, { provider, part: "facts", ...reach, code: "too-many-questions", detail });
      state.place.isFactsComplete = false;
      return false;
    }
    seen.add(seenAs.event(eventId));
    state.place.asked += 1;
    const answer = await asked(() => ledger.knowsEvent(account, providerEventId, occurredAt));
    if (answer.kind === "failed") {
      const { error } = answer;
      if (error.code !== "account-gone") state.place.isFactsComplete = false;
      if (await closeAccount(run, provider, account, error)) return true;
      const isLast = isHopeless(error, account);
      addUnchecked(state, uncheckedBy(error, { provider, part: "facts", ...(isLast ? reach : { eventId }) }));
      return !isLast;
    }
    if (answer.value === undefined) {
      unchecked("forgotten", "The provider can't tell any more whether it knows the event.");
      return true;
    }
    findings.answered.push(eventId);
    if (answer.value) return true;
    const trouble = {
      kind: "unknown-to-provider" as const,
      ...{ provider, ...account, eventId, transactionId, providerType, occurredAt },
      ours: sideOf(fact),
    };
    const discrepancy = discrepancyOf(trouble, { runId: state.runId, at: new Date(now()).toISOString() });
    if (seen.add(seenAs.found(discrepancy.id))) findings.discrepancies.push(discrepancy);
    return true;
  }

  /** Facts of sealed days may have left the index: what is no longer there was not looked at. */
  async function sayWhatIsSealed({ state, seen }: Run, provider: Provider, { from, to }: LedgerWindow): Promise<void> {
    for (const day of daysThrough(dayOf(Date.parse(from)), dayOf(Date.parse(to) - 1))) {
      const manifests = await objects.list(`manifests/dt=${day}.json`);
      if (manifests.length === 0 || !seen.add(seenAs.sealed(provider, day))) continue;
      const detail = `${day} is sealed: its facts may have left the index, so that not all could be looked at.`;
      const [since, until] = [`${day}T00:00:00.000Z`, `${day}T23:59:59.999Z`];
      addUnchecked(state, { provider, part: "facts", from: since, to: until, code: "day-sealed", detail });
    }
  }

  return checkFacts;
}

function partitionsBehind(reach: LedgerWindow, place: number): readonly string[] {
  const places = Array.from({ length: partitionsAtATime - 1 }, (_, index) => place + 1 + index);
  return places.flatMap((one) => partitionAt(reach, one) ?? []);
}

/**
 * The account that a fact's webhook told of, and the event's id as the provider has it: the fact may stand under another,
 * where nobody could use that one or a person has booked it under an id of its own. Undefined where the body isn't at hand.
 */
function toldOf(
  provider: Provider,
  { fact, raw }: LedgerRecord,
): { readonly account: LedgerAccount; readonly providerEventId: string } | undefined {
  if (raw === undefined || !(raw.body instanceof Uint8Array)) return undefined;
  const body =
    raw.encoding === "zstd" ? zstdDecompressSync(raw.body, { maxOutputLength: limits.webhookBodyBytes }) : raw.body;
  const parsed = parseExactJson(body);
  if (parsed.kind !== "parsed") return undefined;
  const account = ledgers[provider].accountIn(parsed.value);
  if (account === undefined) return undefined;
  const id = field(parsed.value, "id");
  const isUsable = typeof id === "string" && id !== "";
  const bookedAs = withoutOwnId(fact.eventId, raw.sha256).slice(provider.length + 1);
  return { account, providerEventId: isUsable ? id : bookedAs };
}
