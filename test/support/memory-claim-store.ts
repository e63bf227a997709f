import type { ReplayNote } from "../../config/events.ts";
import {
  type ClaimRequest,
  type ClaimStatus,
  type ClaimStore,
  dedupWindowEnd,
  type FencedResult,
  type FirstSeen,
  refusalOf,
  replayText,
} from "../../lambdas/shared/domain/claims.ts";

interface ClaimRecord {
  readonly status: ClaimStatus;
  readonly lockToken: string;
  readonly leaseExpiresAt?: number;
  readonly owner?: string;
  readonly retryCount: number;
  readonly ttl: number;
  readonly firstSeen?: FirstSeen;
  readonly source?: string;
  readonly signature?: string;
  readonly error?: string;
  readonly result?: string;
  readonly replays?: readonly string[];
}

export interface MemoryClaimStore extends ClaimStore {
  readonly records: ReadonlyMap<string, ClaimRecord>;
  /** As TTL does, some day. */
  delete(key: string): void;
}

/** Claims in memory, with the conditions of the real store: one contract test runs over both. */
export function createMemoryClaimStore(): MemoryClaimStore {
  const records = new Map<string, ClaimRecord>();

  function end(key: string, lockToken: string, change: Partial<ClaimRecord>): FencedResult {
    const record = records.get(key);
    if (record?.lockToken !== lockToken) return "lost-lease";
    const { leaseExpiresAt: _, ...rest } = record;
    records.set(key, { ...rest, ...change });
    return "written";
  }

  return {
    records,
    delete: (key) => void records.delete(key),
    async claim(request) {
      const { key, lockToken, nowMs, leaseSeconds, owner, delivery, replay } = request;
      const before = records.get(key);
      if (before !== undefined && !isClaimable(before, request)) return refusalOf(before.status, before.firstSeen);
      const firstSeen = before?.firstSeen ?? request.firstSeen;
      const retryCount = before === undefined ? 0 : before.retryCount + 1;
      const { error: _, result: __, ...kept } = before ?? {};
      records.set(key, {
        ...kept,
        ...delivery,
        status: "PROCESSING",
        lockToken,
        leaseExpiresAt: nowMs + leaseSeconds * 1000,
        ttl: dedupWindowEnd(nowMs),
        retryCount,
        ...(owner !== undefined && { owner }),
        ...(firstSeen && { firstSeen }),
        ...(replay && { replays: withReplay(before, replay) }),
      });
      return { kind: "claimed", lockToken, retryCount, ...(firstSeen && { firstSeen }) };
    },
    complete: async ({ key, lockToken, status, result }) => end(key, lockToken, { status, result }),
    fail: async ({ key, lockToken, error }) => end(key, lockToken, { status: "FAILED", error }),
    async noteReplay(key, replay) {
      const record = records.get(key);
      if (record === undefined) return "gone";
      records.set(key, { ...record, replays: withReplay(record, replay) });
      return "noted";
    },
    statusOf: async (key) => records.get(key)?.status,
  };
}

/** A set, as the table has it. */
function withReplay(record: ClaimRecord | undefined, replay: ReplayNote): readonly string[] {
  return [...new Set([...(record?.replays ?? []), replayText(replay)])];
}

function isClaimable(record: ClaimRecord, { nowMs, owner }: ClaimRequest): boolean {
  if (record.ttl <= Math.floor(nowMs / 1000) || record.status === "FAILED") return true;
  if (record.status !== "PROCESSING") return false;
  const isExpired = record.leaseExpiresAt !== undefined && record.leaseExpiresAt <= nowMs;
  return isExpired || (owner !== undefined && record.owner === owner);
}
