/** One page of a provider's events, compared with what we took and recorded. */
import type { PaymentEvent, RoutingThresholds } from "../../config/events.ts";
import type { FactKey, FactRecord } from "../shared/domain/archive/records.ts";
import { entryKeys } from "../shared/domain/ledger.ts";
import { discrepancyOf } from "../shared/domain/reconciliation/discrepancy.ts";
import type { Run } from "../shared/domain/reconciliation/journal.ts";
import { type Judgement, judgeEvent, sideOf } from "../shared/domain/reconciliation/judge-event.ts";
import type { ClaimReader, EventClaim, FactReader } from "../shared/domain/reconciliation/ports.ts";
import type { LedgerAccount, LedgerEvent, LedgerPage } from "../shared/domain/reconciliation/provider-ledger.ts";
import { addToTotals, addUnchecked, type RunState } from "../shared/domain/reconciliation/run-state.ts";
import { messagesOf } from "../shared/domain/webhook-messages.ts";
import type { PayloadStore } from "../shared/domain/webhook-ports.ts";
import { type ReadEvent, readEvent } from "./read-event.ts";

export interface EventCheckPorts {
  readonly claims: ClaimReader;
  readonly facts: FactReader;
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
      if (read.kind === "event") readable.push(read);
      else unchecked(read.code, read.detail, listedAs);
    }
    const claims = await ports.claims.claimsOf(readable.map(({ event }) => event.eventId));
    const facts = await factsOfCompleted(readable, claims);
    for (const read of readable) {
      const { eventId } = read.event;
      const judgement = judgeEvent(read.event, claims.get(eventId), facts.get(eventId), nowMs);
      await book(run, { provider, account, read, judgement, nowMs });
    }
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
    },
  ): Promise<void> {
    const { state, seen, findings } = run;
    const { provider, account, read, judgement, nowMs } = about;
    const { event, body, bodySha256 } = read;
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
    const trouble = {
      kind: judgement.trouble,
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
    if (judgement.kind === "report") return;
    const webhook = { source: "reconciliation" as const, events: [event], body, bodySha256, headers: {} };
    findings.messages.push(...(await messagesOf(webhook, ports.payloads)));
  }
}

function earlier(before: string | undefined, { occurredAt }: PaymentEvent): string {
  return before === undefined || occurredAt < before ? occurredAt : before;
}
