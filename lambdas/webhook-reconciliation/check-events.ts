/** One page of a provider's events, compared with what we took and recorded. */
import type { PaymentEvent, RoutingThresholds } from "../../config/events.ts";
import type { Discrepancy, DiscrepancyKind } from "../../config/reconciliation.ts";
import type { FactKey, FactRecord } from "../shared/domain/archive/records.ts";
import { entryKeys } from "../shared/domain/ledger.ts";
import { discrepancyOf } from "../shared/domain/reconciliation/discrepancy.ts";
import type { Run } from "../shared/domain/reconciliation/journal.ts";
import { type Judgement, judgeEvent, sideOf } from "../shared/domain/reconciliation/judge-event.ts";
import type { ClaimReader, DiscrepancyStore, EventClaim, FactReader } from "../shared/domain/reconciliation/ports.ts";
import type { LedgerAccount, LedgerEvent, LedgerPage } from "../shared/domain/reconciliation/provider-ledger.ts";
import { earlierIds, type NextTry, nextTry, severityOfGivenUp } from "../shared/domain/reconciliation/retries.ts";
import { addToTotals, addUnchecked, type RunState } from "../shared/domain/reconciliation/run-state.ts";
import type { PayloadStore } from "../shared/domain/webhook-ports.ts";
import { messagesFor } from "./re-enter.ts";
import { type ReadEvent, readEvent } from "./read-event.ts";

export interface EventCheckPorts {
  readonly claims: ClaimReader;
  readonly facts: FactReader;
  readonly discrepancies: Pick<DiscrepancyStore, "read">;
  readonly payloads: PayloadStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly routingThresholdsUsd: RoutingThresholds;
}

type Provider = RunState["providers"][number];
type Readable = Extract<ReadEvent, { readonly kind: "event" }>;

/** Words under which a run remembers what it has seen. */
export const seenAs = {
  event: (eventId: string) => `event:${eventId}`,
  movement: (provider: string, movementId: string) => `movement:${provider}:${movementId}`,
  /** A sealed day that was said to be one. */
  sealed: (provider: string, day: string) => `sealed:${provider}:${day}`,
  account: (provider: string, account = "") => `account:${provider}:${account}`,
  /** An account that this run asks for no more of our facts. */
  closed: (provider: string, account: string) => `closed:${provider}:${account}`,
  /** A transaction of which something was found: its money needs no second finding. */
  explained: (transactionId: string) => `explained:${transactionId}`,
  /** A fact that tells of a refund's money: it tells of no other's. */
  told: (eventId: string) => `told:${eventId}`,
  /** The nth movement of a transaction that is missing, of several just alike. */
  missing: (transactionId: string, kind: string, amountMinor: string, currency: string, nth: number) =>
    `missing:${transactionId}:${kind}:${amountMinor}:${currency}:${nth}`,
  found: (discrepancyId: string) => `found:${discrepancyId}`,
} as const;

/** Each event of a page becomes exactly one of: fine, skipped, in progress, found, unchecked. One listed twice counts once. */
export function createEventCheck(ports: EventCheckPorts) {
  return async function checkEvents(
    run: Run,
    provider: Provider,
    { account }: LedgerAccount,
    page: Pick<LedgerPage<LedgerEvent>, "items" | "unreadable">,
  ): Promise<void> {
    const { state, seen } = run;
    const nowMs = ports.now();
    const unchecked = (code: string, detail: string, id?: string) => {
      state.place.isComplete = false;
      const about = { ...(account !== undefined && { account }), ...(id !== undefined && { eventId: id }) };
      addUnchecked(state, { provider, part: "event", ...about, code, detail });
    };
    for (const { id, detail } of page.unreadable) {
      const eventId = id === undefined ? undefined : `${provider}:${id}`;
      // An event that can't be read is there all the same: our fact of it needn't be asked for.
      if (eventId === undefined || seen.add(seenAs.event(eventId))) unchecked("unreadable", detail, eventId);
    }
    const readable: Readable[] = [];
    for (const item of page.items) {
      const listedAs = `${provider}:${item.providerEventId}`;
      if (!seen.add(seenAs.event(listedAs))) continue;
      state.eventsChecked += 1;
      const { routingThresholdsUsd } = ports;
      const read = readEvent(item, { provider, runId: state.runId, nowMs, routingThresholdsUsd });
      if (read.kind === "event") {
        readable.push(read);
        // An id that nobody can use is replaced by another, under which our fact of it stands.
        seen.add(seenAs.event(read.event.eventId));
      } else unchecked(read.code, read.detail, listedAs);
    }
    const claims = await ports.claims.claimsOf(readable.map(({ event }) => event.eventId));
    const facts = await factsOfCompleted(readable, claims);
    const judged = readable.map((read) => {
      const { eventId } = read.event;
      return { read, judgement: judgeEvent(read.event, claims.get(eventId), facts.get(eventId), nowMs) };
    });
    const untaken = judged.filter(({ judgement }) => judgement.kind === "re-enter");
    const ids = untaken.flatMap(({ read }) => earlierIds(provider, read.event.eventId));
    const earlier = await ports.discrepancies.read(ids);
    for (const one of judged) await book(run, { provider, account, ...one, nowMs, earlier });
  };

  async function factsOfCompleted(
    readable: readonly Readable[],
    claims: ReadonlyMap<string, EventClaim>,
  ): Promise<ReadonlyMap<string, FactRecord>> {
    const keys = readable.flatMap(({ event }): FactKey[] => {
      const { eventId, transactionId, occurredAt } = event;
      const claim = claims.get(eventId);
      if (claim?.status !== "COMPLETED") return [];
      return [{ transactionId, entry: entryKeys.fact(claim.firstOccurredAt ?? occurredAt, eventId) }];
    });
    return ports.facts.factsAt(keys);
  }

  async function book(
    run: Run,
    about: {
      readonly provider: Provider;
      readonly account: string | undefined;
      readonly read: Readable;
      readonly judgement: Judgement;
      readonly nowMs: number;
      /** By id, what earlier runs found of events that aren't taken. */
      readonly earlier: ReadonlyMap<string, Discrepancy>;
    },
  ): Promise<void> {
    const { state, seen, findings } = run;
    const { provider, account, read, judgement, nowMs } = about;
    const { event } = read;
    if (judgement.kind === "skipped") return;
    if (judgement.kind === "in-progress") {
      seen.add(seenAs.explained(event.transactionId));
      state.place.inProgressSince = earlier(state.place.inProgressSince, event);
      return;
    }
    addToTotals(state, "their", { ...event, provider });
    if ("fact" in judgement && judgement.fact !== undefined) addToTotals(state, "our", { ...judgement.fact, provider });
    if (judgement.kind === "fine") return;
    const { eventId, transactionId, providerType, occurredAt } = event;
    const before = earlierIds(provider, eventId).flatMap((id) => about.earlier.get(id) ?? []);
    const retry = judgement.kind === "re-enter" ? nextTry(judgement.trouble, before) : undefined;
    const trouble = {
      ...troubleOf(judgement.trouble, retry, before),
      provider,
      ...(account !== undefined && { account }),
      ...{ eventId, transactionId, providerType, occurredAt },
      ...(judgement.ours !== undefined && { ours: judgement.ours }),
      theirs: sideOf(event),
    };
    const discrepancy = discrepancyOf(trouble, { runId: state.runId, at: new Date(nowMs).toISOString() });
    seen.add(seenAs.found(discrepancy.id));
    seen.add(seenAs.explained(transactionId));
    findings.discrepancies.push(discrepancy);
    if (retry?.kind === "re-enter") findings.messages.push(...(await messagesFor(read, ports.payloads)));
  }
}

/** What a discrepancy says of how often it was tried to mend it. */
function troubleOf(found: DiscrepancyKind, retry: NextTry | undefined, before: readonly Discrepancy[]) {
  if (retry === undefined) return { kind: found };
  if (retry.kind === "re-enter") return { kind: retry.trouble, retries: retry.retries };
  return { kind: "failed-for-good" as const, severity: severityOfGivenUp(before) };
}

function earlier(before: string | undefined, { occurredAt }: PaymentEvent): string {
  return before === undefined || occurredAt < before ? occurredAt : before;
}
