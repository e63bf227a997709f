/** What a plan is made of. Every kind is there from the smallest plan on, so that no verdict is about nothing. */

interface Share {
  /** Of all webhooks, per mille. */
  readonly perMille: number;
  /** Webhooks that one of the kind is. */
  readonly size: number;
  /** Ones of the kind at the least: each variant of it. */
  readonly least: number;
}

/** Payments take what is left. */
export const mix = {
  boundary: { perMille: 30, size: 1, least: 4 },
  long: { perMille: 10, size: 1, least: 5 },
  risky: { perMille: 40, size: 1, least: 3 },
  reviewed: { perMille: 10, size: 1, least: 2 },
  "out-of-order": { perMille: 40, size: 2, least: 1 },
  "partial-refunds": { perMille: 15, size: 3, least: 4 },
  "no-money": { perMille: 40, size: 1, least: 3 },
  unroutable: { perMille: 15, size: 1, least: 1 },
  large: { perMille: 10, size: 1, least: 1 },
  duplicate: { perMille: 60, size: 2, least: 1 },
  "concurrent-duplicate": { perMille: 60, size: 4, least: 1 },
  "same-fact": { perMille: 16, size: 2, least: 1 },
  "reused-id": { perMille: 10, size: 2, least: 2 },
  late: { perMille: 2, size: 1, least: 3 },
  tampered: { perMille: 30, size: 1, least: 1 },
  stale: { perMille: 20, size: 1, least: 1 },
  future: { perMille: 20, size: 1, least: 1 },
  unsigned: { perMille: 20, size: 1, least: 1 },
  malformed: { perMille: 15, size: 1, least: 1 },
  oversized: { perMille: 5, size: 1, least: 1 },
  "unknown-provider": { perMille: 5, size: 1, least: 1 },
  "wrong-method": { perMille: 5, size: 1, least: 1 },
} as const satisfies Record<string, Share>;

export type MixedKind = keyof typeof mix;

const kinds = Object.entries(mix) as [MixedKind, Share][];
const leastPayments = 20;

/** Webhooks of the smallest plan. */
export const leastCount = kinds.reduce((sum, [, { size, least }]) => sum + size * least, leastPayments);

/** How many of each kind a plan of so many webhooks has. */
export function kindCounts(count: number): readonly (readonly [MixedKind, number])[] {
  return kinds.map(([kind, { perMille, size, least }]) => [
    kind,
    Math.max(least, Math.floor((count * perMille) / 1_000 / size)),
  ]);
}
