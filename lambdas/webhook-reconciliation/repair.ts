import type { Discrepancy, DiscrepancyKind } from "../../config/reconciliation.ts";
import type { FactRecord } from "../shared/domain/archive/records.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";
import { discrepancyId, type RunMark } from "../shared/domain/reconciliation/discrepancy.ts";
import { mismatchOf } from "../shared/domain/reconciliation/judge-event.ts";
import { factsLike } from "../shared/domain/reconciliation/judge-movement.ts";
import type { CheckedTimes, ClaimReader, DiscrepancyStore, FactReader } from "../shared/domain/reconciliation/ports.ts";
import { movementKinds } from "../shared/domain/reconciliation/provider-ledger.ts";
import { retriedKinds } from "../shared/domain/reconciliation/retries.ts";

export interface RepairPorts {
  readonly claims: ClaimReader;
  readonly facts: FactReader;
  readonly checked: Pick<CheckedTimes, "checkedUntil">;
  readonly discrepancies: Pick<DiscrepancyStore, "close" | "read">;
}

const readsAtATime = 16;

/** Settled once their event is taken, whoever saw to that. */
const settledByClaim: ReadonlySet<DiscrepancyKind> = new Set([...retriedKinds, "failed-for-good"]);
/** Settled once the ledger says the same of the event, or of the money. What the provider says doesn't change any more. */
const settledByFact: ReadonlySet<DiscrepancyKind> = new Set([
  "unknown-money",
  "not-recorded",
  "amount-mismatch",
  "currency-mismatch",
  "status-mismatch",
]);

/**
 * Closes those of some discrepancies that are settled by now, and gives all of them back as they are then. The others
 * wait for a later run or for a person.
 */
export function createRepair({ claims, facts, checked, discrepancies }: RepairPorts) {
  return async function repair(some: readonly Discrepancy[], { runId, at }: RunMark): Promise<readonly Discrepancy[]> {
    const open = some.filter(({ status }) => status === "OPEN");
    const settled = new Set([...(await takenOf(open)), ...(await recordedOf(open)), ...(await backOf(open))]);
    const givenUp = await givenUpOf(open.filter((one) => !settled.has(one)));
    return Promise.all(
      some.map(async (discrepancy) => {
        const successor = givenUp.get(discrepancy);
        if (!settled.has(discrepancy) && successor === undefined) return discrepancy;
        const status = successor === undefined ? ("REPAIRED" as const) : ("RESOLVED" as const);
        const why = successor && { why: `It is ${successor.kind} now: ${successor.id}` };
        await discrepancies.close(discrepancy.id, { status, at, by: runId, ...why });
        return { ...discrepancy, status, closedAt: at, closedBy: runId, ...why };
      }),
    );
  };

  /** Those that are tried no more, with what stands in their place. */
  async function givenUpOf(open: readonly Discrepancy[]): Promise<ReadonlyMap<Discrepancy, Discrepancy>> {
    const successorOf = ({ provider, eventId = "" }: Discrepancy) =>
      discrepancyId("failed-for-good", provider, eventId);
    const its = open.filter(({ kind, eventId }) => retriedKinds.has(kind) && eventId !== undefined);
    const known = await discrepancies.read(its.map(successorOf));
    return new Map(
      its.flatMap((one) => {
        const successor = known.get(successorOf(one));
        return successor?.status === "OPEN" ? [[one, successor] as const] : [];
      }),
    );
  }

  /** Accounts that were gone and have been checked since. */
  async function backOf(open: readonly Discrepancy[]): Promise<readonly Discrepancy[]> {
    const its = open.filter(({ kind }) => kind === "account-gone");
    const times = await inParallel(its, readsAtATime, ({ provider, account = "" }) =>
      checked.checkedUntil({ provider, part: account }),
    );
    return its.filter(({ occurredAt = "" }, at) => (times[at] ?? "") > occurredAt);
  }

  async function takenOf(open: readonly Discrepancy[]): Promise<readonly Discrepancy[]> {
    const its = open.filter(({ kind, eventId }) => settledByClaim.has(kind) && eventId !== undefined);
    const known = await claims.claimsOf(its.flatMap(({ eventId }) => eventId ?? []));
    return its.filter(({ eventId = "" }) => ["COMPLETED", "SKIPPED"].includes(known.get(eventId)?.status ?? ""));
  }

  async function recordedOf(open: readonly Discrepancy[]): Promise<readonly Discrepancy[]> {
    const its = open.filter(({ kind, transactionId }) => settledByFact.has(kind) && transactionId !== undefined);
    const known = await facts.factsOf([...new Set(its.flatMap(({ transactionId }) => transactionId ?? []))]);
    return its.filter((one) => agrees(one, known.get(one.transactionId ?? "") ?? []));
  }
}

/** Whether the ledger's facts of the transaction say by now what the provider says. */
function agrees(discrepancy: Discrepancy, facts: readonly FactRecord[]): boolean {
  const { movementId, eventId, providerType = "", theirs = {}, sameMoney = 0 } = discrepancy;
  const { amountMinor, currency, status } = theirs;
  if (movementId === undefined) {
    const told = { amountMinor, currency, type: status, providerType };
    return facts.some((fact) => fact.eventId === eventId && mismatchOf(told, fact) === undefined);
  }
  const kind = movementKinds.find((one) => one === status);
  if (kind === undefined || amountMinor === undefined || currency === undefined) return false;
  return factsLike({ kind, amountMinor, currency }, facts).length > sameMoney;
}
