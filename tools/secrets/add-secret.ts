import { endOf, mostSecrets, type SecretEntry, startOf } from "../../lambdas/shared/providers/secret-value.ts";
import { type Change, isoOf, labelOf, labelsOf, refusal } from "./change.ts";
import { lifetimeOf, opensGap } from "./lifetimes.ts";
import type { StoredValue } from "./stored-value.ts";

/** Times are epoch milliseconds. */
export interface NewSecret {
  readonly secret: string;
  readonly id?: string;
  /** Live from then on; at once where it is left out. */
  readonly fromMs?: number;
  /** For good where it is left out. */
  readonly untilMs?: number;
  /** When all others end that would go on for longer. */
  readonly previousUntilMs?: number;
  /** Settings of the scheme to set or replace. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Puts a new secret before the others, and lets the others end where that is asked for. Pure. */
export function addSecret(value: StoredValue, added: NewSecret, nowMs: number): Change {
  const { entries } = value;
  const problem = problemOf(entries, added, nowMs);
  if (problem !== undefined) return refusal(problem);
  const { secret, id, fromMs, untilMs, previousUntilMs } = added;
  const entry: SecretEntry = {
    ...(id === undefined ? {} : { id }),
    secret,
    ...(fromMs === undefined ? {} : { from: isoOf(fromMs) }),
    ...(untilMs === undefined ? {} : { until: isoOf(untilMs) }),
  };
  const others = entries.map((other) => endedBy(other, previousUntilMs, nowMs));
  const ended = others.filter((other) => !entries.includes(other));
  if (previousUntilMs !== undefined && ended.length === 0) {
    return refusal("There is no other secret that --previous-until could end.");
  }
  const all = [entry, ...others];
  if (opensGap(entries, all, nowMs)) {
    return refusal("For a while no secret would be live: let the others end after the new one begins.");
  }
  const settings = { ...value.settings, ...added.settings };
  return { kind: "changed", value: { entries: all, settings }, changed: [entry, ...ended] };
}

function problemOf(
  entries: readonly SecretEntry[],
  { secret, id, fromMs, untilMs }: NewSecret,
  nowMs: number,
): string | undefined {
  const namesake = entries.some((entry) => entry.id === id && id !== undefined);
  if (namesake) return `There is a secret with the id ${id}. Choose another.`;
  const same = entries.findIndex((entry) => entry.secret === secret);
  const twin = entries[same];
  if (twin !== undefined) {
    const way = lifetimeOf(twin, nowMs) === "ended" ? ", which has ended: retire it, then add it again" : "";
    return `That is the secret of ${labelOf(twin, same)}${way}.`;
  }
  if (untilMs !== undefined && untilMs <= Math.max(nowMs, fromMs ?? nowMs)) {
    return "--until is over before the secret is live.";
  }
  if (entries.length < mostSecrets) return undefined;
  const ended = entries.filter((entry) => lifetimeOf(entry, nowMs) === "ended");
  const way =
    ended.length === 0
      ? "none of them has ended: retire one first."
      : `retire those that have ended first: ${labelsOf(entries, ended)}.`;
  return `There are ${mostSecrets} secrets, the most that a provider can have; ${way}`;
}

/** The entry itself where it has ended or ends before, or only begins after. */
function endedBy(entry: SecretEntry, atMs: number | undefined, nowMs: number): SecretEntry {
  if (atMs === undefined || endOf(entry) <= atMs || startOf(entry) >= atMs) return entry;
  return lifetimeOf(entry, nowMs) === "ended" ? entry : { ...entry, until: isoOf(atMs) };
}
