import { endOf, type SecretEntry, startOf } from "../../lambdas/shared/providers/secret-value.ts";
import { type Change, isoOf, labelOf, labelsOf, refusal } from "./change.ts";
import { lifetimeOf, opensGap } from "./lifetimes.ts";
import type { StoredValue } from "./stored-value.ts";

export interface Retirement {
  /** An id, or a place from 1 on; absent for all that have ended. */
  readonly which?: string;
  /** Epoch milliseconds; it has no meaning for what has ended. */
  readonly atMs?: number;
  /** Why it may be that no secret is live; absent where it may not. */
  readonly why?: string;
}

/** Lets a secret end, and takes out what has ended or never began. Pure. */
export function retireSecret(value: StoredValue, { which, atMs, why }: Retirement, nowMs: number): Change {
  const { entries } = value;
  if (which === undefined) return withoutEnded(value, nowMs);
  const place = placeOf(entries, which);
  const entry = entries[place];
  if (entry === undefined) {
    const labels = labelsOf(entries, entries);
    return refusal(labels === "" ? "There is no secret." : `There is no secret "${which}". There are: ${labels}.`);
  }
  const label = labelOf(entry, place);
  const lifetime = lifetimeOf(entry, nowMs);
  if (lifetime === "ended") {
    return atMs !== undefined && atMs > nowMs
      ? refusal(`${label} has ended. Add it again if it shall be live until then.`)
      : without(value, [entry]);
  }
  if (atMs === undefined) return refusal(`${label} is ${lifetime}: say when it ends, with --now or --at.`);
  if (atMs < nowMs) return refusal("--at is over. To end it at once, say --now.");
  if (atMs === endOf(entry)) return refusal(`${label} ends then already.`);
  const isNeverLive = atMs <= startOf(entry);
  const ended: SecretEntry = { ...entry, until: isoOf(atMs) };
  const after = isNeverLive ? entries.filter((one) => one !== entry) : entries.with(place, ended);
  if (!opensGap(entries, after, nowMs)) {
    return isNeverLive ? without(value, [entry]) : changedTo(value, after, [ended]);
  }
  if (why === undefined) {
    return refusal(
      `No secret would be live after that, and each webhook would be answered 503: add another first, or say --force and --why.`,
    );
  }
  if (after.length === 0) return refusal(`${label} is the only one, and a secret's value can't be empty.`);
  const noted = { ...ended, why };
  return isNeverLive ? without(value, [entry]) : changedTo(value, entries.with(place, noted), [noted]);
}

/** An id comes before a place, which may look like one. */
function placeOf(entries: readonly SecretEntry[], which: string): number {
  const byId = entries.findIndex(({ id }) => id === which);
  return byId === -1 && /^#?\d{1,2}$/.test(which) ? Number(which.replace("#", "")) - 1 : byId;
}

function withoutEnded(value: StoredValue, nowMs: number): Change {
  const ended = value.entries.filter((entry) => lifetimeOf(entry, nowMs) === "ended");
  return ended.length === 0 ? refusal("No secret has ended.") : without(value, ended);
}

function without(value: StoredValue, gone: readonly SecretEntry[]): Change {
  const entries = value.entries.filter((entry) => !gone.includes(entry));
  return entries.length === 0
    ? refusal("A secret's value can't be empty: add another first.")
    : changedTo(value, entries, []);
}

function changedTo(value: StoredValue, entries: readonly SecretEntry[], changed: readonly SecretEntry[]): Change {
  return { kind: "changed", value: { ...value, entries }, changed };
}
