import type { SecretEntry } from "../../lambdas/shared/providers/secret-value.ts";
import { type Lifetime, lifetimeOf } from "./lifetimes.ts";

/** What may be shown of a secret: nothing that narrows down what it is, not even a digest, which can be guessed at. */
export interface SecretView {
  /** From 1 on, newest first. */
  readonly place: number;
  readonly id?: string;
  readonly state: Lifetime;
  /** Absent: from the beginning. */
  readonly from?: string;
  /** Absent: for good. */
  readonly until?: string;
  readonly why?: string;
  /** Characters, roughly. */
  readonly length: string;
}

export function viewsOf(entries: readonly SecretEntry[], nowMs: number): readonly SecretView[] {
  return entries.map((entry, place) => {
    const { id, from, until, why } = entry;
    return {
      place: place + 1,
      ...(id === undefined ? {} : { id }),
      state: lifetimeOf(entry, nowMs),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      ...(why === undefined ? {} : { why }),
      length: lengthClass(entry.secret.length),
    };
  });
}

function lengthClass(length: number): string {
  if (length < 16) return "below 16";
  if (length < 32) return "16 to 31";
  return length < 64 ? "32 to 63" : "64 or more";
}
