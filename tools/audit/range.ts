/** Which days an audit is about, and which of them have no manifest. */
import { daysBetween, lastDueDay } from "./days.ts";
import type { Findings } from "./findings.ts";
import { manifestPlace } from "./keys.ts";
import type { LoadedManifest, LoadedManifests } from "./manifests.ts";

/** Days, both included; empty if nothing was asked for and nothing is sealed. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

export interface RangeToCheck extends LoadedManifests {
  readonly asked: { readonly from?: string; readonly to?: string };
  readonly findings: Findings;
  readonly nowMs: number;
}

/** A day's manifest with those of its addenda. */
export interface SealedDay {
  readonly day: string;
  readonly manifests: readonly LoadedManifest[];
}

export interface CheckedRange {
  readonly range?: Range;
  /** Days of the range that have a manifest or an addendum. */
  readonly days: readonly SealedDay[];
  readonly lastSealedDay?: string;
}

/** Finds the range, and says which of its days should have a manifest and have none. */
export function checkRange(check: RangeToCheck): CheckedRange {
  const { manifests, unreadable, asked, findings, nowMs } = check;
  const byDay = Map.groupBy(manifests, ({ manifest }) => manifest.day);
  const sealed = manifests.filter(({ manifest }) => manifest.kind === "day").map(({ manifest }) => manifest.day);
  const lastSealedDay = [...sealed].sort().at(-1);
  // A manifest that can't be read has said so itself.
  const known = new Set([...sealed, ...unreadable.map((key) => manifestPlace(key)?.day ?? "")]);
  const all = [...known].sort();
  const from = asked.from ?? all[0] ?? asked.to;
  const to = asked.to ?? all.at(-1) ?? asked.from;
  if (all.length === 0) findings.off("archive-empty", "There is no manifest: not one day is sealed");
  if (from === undefined || to === undefined) return { days: [] };

  const due = lastDueDay(nowMs);
  const missing = daysBetween(from, to).filter((day) => !known.has(day));
  for (const day of missing.filter((one) => one <= due)) {
    findings.off("day-missing", `${day} has no manifest: it was never sealed, or its manifest was deleted`, { day });
  }
  const [early] = missing.filter((day) => day > due);
  if (early !== undefined) {
    findings.warn("not-due", `Days from ${early} on aren't to be sealed yet: a day is sealed two days later`, {
      day: early,
    });
  }
  if (asked.to === undefined && lastSealedDay !== undefined && lastSealedDay < due) {
    const message = `The last sealed day is ${lastSealedDay}, and ${due} should be sealed by now. Sealing has stopped, or the newest manifests were deleted: from the archive alone, the two look the same`;
    findings.warn("seal-overdue", message, { day: lastSealedDay });
  }
  const days = [...byDay]
    .filter(([day]) => from <= day && day <= to)
    .map(([day, ofDay]) => ({ day, manifests: ofDay }))
    .sort((a, b) => a.day.localeCompare(b.day));
  return { range: { from, to }, days, ...(lastSealedDay === undefined ? {} : { lastSealedDay }) };
}
