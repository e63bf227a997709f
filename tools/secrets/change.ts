/** What both changes of a provider's secrets have in common. */
import type { SecretEntry } from "../../lambdas/shared/providers/secret-value.ts";
import type { StoredValue } from "./stored-value.ts";

export type Change =
  | {
      readonly kind: "changed";
      readonly value: StoredValue;
      /** Entries that aren't what they were, as they are now; empty where some were only taken out. */
      readonly changed: readonly SecretEntry[];
    }
  /** Says why, and what to do; nothing of any secret. */
  | { readonly kind: "refused"; readonly message: string };

export function refusal(message: string): Change {
  return { kind: "refused", message };
}

/** By what people tell an entry from the others: its id, else its place, which changes as others come and go. */
export function labelOf({ id }: SecretEntry, place: number): string {
  return id ?? `#${place + 1}`;
}

/** Labels of some of a value's entries: "autumn, #3". */
export function labelsOf(entries: readonly SecretEntry[], among: readonly SecretEntry[]): string {
  return among.map((entry) => labelOf(entry, entries.indexOf(entry))).join(", ");
}

export function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
