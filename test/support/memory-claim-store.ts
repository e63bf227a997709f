import {
  type ClaimRequest,
  type ClaimStatus,
  type ClaimStore,
  dedupWindowEnd,
  type FencedResult,
  type FirstSeen,
  refusalOf,
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
      const { key, lockToken, nowMs, leaseSeconds, owner, delivery } = request;
      const before = records.get(key);
      if (before !== undefined && !isClaimable(before, request))
        return refusalOf(before.status, before.firstSeen?.content);
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
      });
      return { kind: "claimed", lockToken, retryCount, ...(firstSeen && { firstSeen }) };
    },
    complete: async ({ key, lockToken, status, result }) => end(key, lockToken, { status, result }),
    fail: async ({ key, lockToken, error }) => end(key, lockToken, { status: "FAILED", error }),
    statusOf: async (key) => records.get(key)?.status,
  };
}

function isClaimable(record: ClaimRecord, { nowMs, owner }: ClaimRequest): boolean {
  if (record.ttl <= Math.floor(nowMs / 1000) || record.status === "FAILED") return true;
  if (record.status !== "PROCESSING") return false;
  const isExpired = record.leaseExpiresAt !== undefined && record.leaseExpiresAt <= nowMs;
  return isExpired || (owner !== undefined && record.owner === owner);
}
