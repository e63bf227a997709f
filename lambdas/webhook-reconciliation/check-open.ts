/** Events that earlier runs found missed, failed or left half done, and that aren't taken yet: they are sent again. */
import type { Discrepancy, Severity } from "../../config/reconciliation.ts";
import { discrepancyOf, type RunMark } from "../shared/domain/reconciliation/discrepancy.ts";
import type { Run } from "../shared/domain/reconciliation/journal.ts";
import { isUntaken } from "../shared/domain/reconciliation/judge-event.ts";
import type { DiscrepancyStore, EventClaim } from "../shared/domain/reconciliation/ports.ts";
import type { LedgerAccount, LedgerEvent, ProviderLedger } from "../shared/domain/reconciliation/provider-ledger.ts";
import { earlierIds, nextTry, retriedKinds, severityOfGivenUp } from "../shared/domain/reconciliation/retries.ts";
import { addUnchecked } from "../shared/domain/reconciliation/run-state.ts";
import { asked, isHopeless, uncheckedBy } from "./ask-ledger.ts";
import { type EventCheckPorts, seenAs } from "./check-events.ts";
import { messagesFor } from "./re-enter.ts";
import { readEvent } from "./read-event.ts";

export interface OpenCheckPorts extends EventCheckPorts {
  readonly discrepancies: Pick<DiscrepancyStore, "open" | "read">;
}

type Stuck = Discrepancy & { readonly eventId: string };

/** The provider's event, or why there is none: it hasn't got it any more, or this could not be found out. */
type Fetched =
  | { readonly kind: "event"; readonly event: LedgerEvent }
  | { readonly kind: "gone" | "unknown" | "unreachable" };

export function createOpenCheck(ports: OpenCheckPorts) {
  const { claims, discrepancies, payloads, now, routingThresholdsUsd } = ports;

  /**
   * One page of what is open, or as much of it as may be done: the rest is done when the page is read again.
   *
   * @param mayGoOn asked after each event
   * @returns whether there is more
   */
  return async function checkOpen(run: Run, ledger: ProviderLedger, mayGoOn: () => boolean): Promise<boolean> {
    const { place } = run.state;
    const { items, next } = await discrepancies.open(place.after);
    const stuck = items.flatMap((one) => (isStuck(one, run, ledger) ? [one] : []));
    const known = await claims.claimsOf(stuck.map(({ eventId }) => eventId));
    const before = await discrepancies.read(stuck.flatMap((one) => earlierIds(one.provider, one.eventId)));
    for (const one of stuck) {
      // An event may be open twice. What this run has listed was judged when it was.
      if (!run.seen.add(seenAs.event(one.eventId))) continue;
      const claim = known.get(one.eventId);
      if (!isUntaken(claim, now())) continue;
      const earlier = earlierIds(one.provider, one.eventId).flatMap((id) => before.get(id) ?? []);
      if (!(await tryAgain(run, ledger, { one, claim, earlier }))) return false;
      if (!mayGoOn()) return true;
    }
    if (next === undefined) return false;
    place.after = next;
    return true;
  };

  /** Whether it makes sense to ask the provider for more. */
  async function tryAgain(
    run: Run,
    ledger: ProviderLedger,
    about: { readonly one: Stuck; readonly claim: EventClaim | undefined; readonly earlier: readonly Discrepancy[] },
  ): Promise<boolean> {
    const { one, claim, earlier } = about;
    const { state, findings } = run;
    const mark = { runId: state.runId, at: new Date(now()).toISOString() };
    const decision = nextTry(one.kind, earlier);
    const fetched = decision.kind === "re-enter" ? await fetch(run, ledger, one) : undefined;
    if (fetched?.kind === "unreachable") return false;
    if (fetched?.kind === "unknown") return true;
    if (decision.kind === "give-up" || fetched?.kind !== "event") {
      findings.discrepancies.push(givenUp(one, claim, severityOfGivenUp(earlier), mark));
      return true;
    }
    const { provider } = ledger;
    const { runId } = state;
    const read = readEvent(fetched.event, { provider, runId, nowMs: now(), routingThresholdsUsd });
    if (read.kind === "unreadable") {
      const { code, detail } = read;
      addUnchecked(state, { provider, part: "event", ...accountOf(one), eventId: one.eventId, code, detail });
      return true;
    }
    findings.messages.push(...(await messagesFor(read, payloads)));
    const { retries } = decision;
    findings.discrepancies.push({ ...one, retries, lastSeenAt: mark.at, lastRun: mark.runId });
    return true;
  }

  async function fetch({ state }: Run, ledger: ProviderLedger, one: Stuck): Promise<Fetched> {
    const { provider } = ledger;
    const account = accountOf(one);
    const answer = await asked(() => ledger.event(account, one.eventId.slice(provider.length + 1)));
    if (answer.kind === "answered") {
      return answer.value === undefined ? { kind: "gone" } : { kind: "event", event: answer.value };
    }
    if (answer.error.code === "account-gone") return { kind: "gone" };
    addUnchecked(state, uncheckedBy(answer.error, { provider, part: "event", ...account, eventId: one.eventId }));
    return { kind: isHopeless(answer.error, account) ? "unreachable" : "unknown" };
  }
}

function isStuck(one: Discrepancy, { state, seen }: Run, { provider }: ProviderLedger): one is Stuck {
  const isOfEarlierRun = one.lastRun !== state.runId && !seen.has(seenAs.found(one.id));
  return one.provider === provider && retriedKinds.has(one.kind) && one.eventId !== undefined && isOfEarlierRun;
}

/** What was tried as often as may be, or what the provider can't give any more. */
function givenUp(one: Stuck, claim: EventClaim | undefined, severity: Severity, mark: RunMark): Discrepancy {
  const { provider, eventId, transactionId, providerType, occurredAt, theirs } = one;
  const about = { provider, ...accountOf(one), eventId, transactionId, providerType, occurredAt, theirs };
  const ours = claim && { status: claim.status };
  return discrepancyOf({ kind: "failed-for-good", ...about, ours, severity }, mark);
}

function accountOf({ account }: Discrepancy): LedgerAccount {
  return account === undefined ? {} : { account };
}
