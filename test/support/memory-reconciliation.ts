/** What reconciliation keeps from run to run, in memory, with the conditions of the real table. */
import type { Discrepancy } from "../../config/reconciliation.ts";
import {
  type CheckedPart,
  type CheckedTimes,
  type Checkpoint,
  type CheckpointStore,
  type DiscrepancyStore,
  ownParts,
  type UnreadableDiscrepancy,
} from "../../lambdas/shared/domain/reconciliation/ports.ts";

export interface MemoryDiscrepancyStore extends DiscrepancyStore {
  readonly items: ReadonlyMap<string, Discrepancy>;
  /** Open ones that can't be read. */
  readonly unreadable: UnreadableDiscrepancy[];
}

/** @param pageItems open discrepancies on a page */
export function createMemoryDiscrepancyStore(pageItems = 3): MemoryDiscrepancyStore {
  const items = new Map<string, Discrepancy>();
  const unreadable: UnreadableDiscrepancy[] = [];

  function recordOne(found: Discrepancy): void {
    const before = items.get(found.id);
    const { lastSeenAt, lastRun, retries } = found;
    const isBack = before?.status === "REPAIRED" && before.lastRun !== lastRun;
    if (before === undefined || isBack) items.set(found.id, found);
    else if (before.lastRun !== lastRun)
      items.set(found.id, { ...before, lastSeenAt, lastRun, ...(retries !== undefined && { retries }) });
  }

  return {
    items,
    unreadable,
    async record(found) {
      for (const one of found) recordOne(one);
    },
    read: async (ids) => new Map(ids.flatMap((id) => [items.get(id) ?? []].flat().map((one) => [id, one] as const))),
    async open(after = "") {
      const place = ({ firstSeenAt, id }: Discrepancy) => `${firstSeenAt}#${id}`;
      const open = [...items.values()]
        .filter(({ status }) => status === "OPEN")
        .toSorted((a, b) => (place(a) < place(b) ? -1 : 1))
        .filter((one) => place(one) > after);
      const page = open.slice(0, pageItems);
      const last = page.at(-1);
      const unread = after === "" ? [...unreadable] : [];
      return {
        items: page,
        unreadable: unread,
        ...(last !== undefined && open.length > page.length && { next: place(last) }),
      };
    },
    async close(id, { status, at, by, why }) {
      const before = items.get(id);
      if (before?.status !== "OPEN") return "not-open";
      items.set(id, { ...before, status, closedAt: at, closedBy: by, ...(why !== undefined && { why }) });
      return "closed";
    },
  };
}

const own: readonly string[] = Object.values(ownParts);

export function createMemoryProgress(): CheckpointStore & CheckedTimes & { readonly times: Map<string, string> } {
  const checkpoints = new Map<string, Checkpoint>();
  const times = new Map<string, string>();
  const forgotten = new Set<string>();
  const placeOf = ({ provider, part }: CheckedPart) => `${provider}#${part}`;
  return {
    times,
    read: async (runId) => checkpoints.get(runId),
    async advance(runId, { revision, stateKey }) {
      if ((checkpoints.get(runId)?.revision ?? 0) !== revision - 1) return "overtaken";
      checkpoints.set(runId, { revision, stateKey, isAnnounced: checkpoints.get(runId)?.isAnnounced ?? false });
      return "written";
    },
    async announced(runId) {
      const before = checkpoints.get(runId);
      if (before !== undefined) checkpoints.set(runId, { ...before, isAnnounced: true });
    },
    checkedUntil: async (part) => times.get(placeOf(part)),
    async moveTo(part, until) {
      const before = times.get(placeOf(part));
      if (before !== undefined && before >= until) return;
      times.set(placeOf(part), until);
      forgotten.delete(placeOf(part));
    },
    async accounts(provider, after = "") {
      const accounts = [...times]
        .map(([place, checkedUntil]) => ({ account: place.slice(provider.length + 1), place, checkedUntil }))
        .filter(({ account, place }) => place.startsWith(`${provider}#`) && !own.includes(account))
        .filter(({ account }) => account > after)
        .toSorted((a, b) => (a.account < b.account ? -1 : 1));
      const page = accounts.slice(0, 2);
      const last = page.at(-1)?.account;
      const items = page.map(({ account, checkedUntil }) => ({ account, checkedUntil }));
      return { items, ...(last !== undefined && accounts.length > page.length && { next: last }) };
    },
    async forget(part, until) {
      if (times.get(placeOf(part)) !== until) return;
      times.delete(placeOf(part));
      forgotten.add(placeOf(part));
    },
    isForgotten: async (part) => forgotten.has(placeOf(part)),
  };
}
