/** One page of the money that a provider moved, compared with the ledger. */
import type { FactRecord } from "../shared/domain/archive/records.ts";
import { discrepancyOf } from "../shared/domain/reconciliation/discrepancy.ts";
import type { Run } from "../shared/domain/reconciliation/journal.ts";
import { factOfMovement, factsLike, judgeMovement } from "../shared/domain/reconciliation/judge-movement.ts";
import type { FactReader } from "../shared/domain/reconciliation/ports.ts";
import type { LedgerAccount, LedgerPage, MoneyMovement } from "../shared/domain/reconciliation/provider-ledger.ts";
import { addUnchecked, type RunState } from "../shared/domain/reconciliation/run-state.ts";
import { seenAs } from "./check-events.ts";

export interface MovementCheckPorts {
  readonly facts: FactReader;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type Provider = RunState["providers"][number];
type Facts = ReadonlyMap<string, readonly FactRecord[]>;

/** What the events have shown of a transaction isn't found a second time by its money. */
export function createMovementCheck({ facts, now }: MovementCheckPorts) {
  return async function checkMovements(
    run: Run,
    provider: Provider,
    account: LedgerAccount,
    page: Pick<LedgerPage<MoneyMovement>, "items" | "unreadable">,
  ): Promise<void> {
    const { state, seen } = run;
    for (const { id, detail } of page.unreadable) {
      state.place.isComplete = false;
      const named = id === undefined ? detail : `${id}: ${detail}`;
      addUnchecked(state, { provider, part: "money", ...account, code: "unreadable", detail: named });
    }
    const fresh = page.items.filter(({ movementId }) => seen.add(seenAs.movement(provider, movementId)));
    state.movementsChecked += fresh.length;
    const open = fresh.filter((movement) => !seen.has(seenAs.explained(transactionOf(provider, movement))));
    const known = await facts.factsOf([...new Set(open.map((movement) => transactionOf(provider, movement)))]);
    // First each takes the fact that tells of it, so that no other movement is held against that one.
    for (const movement of open.filter((one) => !isTold(run, provider, one, known))) {
      report(run, { provider, account, movement, known });
    }
  };

  function report(
    { state, seen, findings }: Run,
    about: {
      readonly provider: Provider;
      readonly account: LedgerAccount;
      readonly movement: MoneyMovement;
      readonly known: Facts;
    },
  ): void {
    const { provider, account, movement, known } = about;
    const { kind, movementId, providerType, amountMinor, currency, occurredAt } = movement;
    const transactionId = transactionOf(provider, movement);
    const its = known.get(transactionId) ?? [];
    const found = judgeMovement(movement, its, (eventId) => seen.has(seenAs.told(eventId)));
    if (found === undefined) return;
    const { trouble, ...rest } = found;
    // Others that are missing and just alike need a fact each, before this one's turn comes.
    let sameMoney = factsLike(movement, its).length;
    while (!seen.add(seenAs.missing(transactionId, kind, amountMinor, currency, sameMoney))) sameMoney += 1;
    const theirs = { amountMinor, currency, status: kind };
    const subject = { transactionId, movementId, providerType, occurredAt, ...rest };
    const discrepancy = discrepancyOf(
      { kind: trouble, provider, ...account, ...subject, theirs, sameMoney },
      { runId: state.runId, at: new Date(now()).toISOString() },
    );
    if (seen.add(seenAs.found(discrepancy.id))) findings.discrepancies.push(discrepancy);
  }
}

function isTold({ seen }: Run, provider: Provider, movement: MoneyMovement, known: Facts): boolean {
  const its = known.get(transactionOf(provider, movement)) ?? [];
  const fact = factOfMovement(movement, its, (eventId) => seen.has(seenAs.told(eventId)));
  if (fact !== undefined && movement.kind === "refund") seen.add(seenAs.told(fact.eventId));
  return fact !== undefined;
}

function transactionOf(provider: Provider, { objectId }: MoneyMovement): string {
  return `${provider}:${objectId}`;
}
