/** Which days an audit is about, and which of them have no manifest. */
import { addDays, dayNumber } from "../../lambdas/shared/domain/archive/days.ts";
import { lastDueDay } from "./days.ts";
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
  /** Without a last day, those that are due and have no manifest are of the range, too: the tables tell of them. */
  readonly hasTables: boolean;
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
  const lastSealedDay = sealed.toSorted().at(-1);
  // A manifest that can't be read has said so itself.
  const known = [...new Set([...sealed, ...unreadable.flatMap((key) => manifestPlace(key)?.day ?? [])])].sort();
  if (known.length === 0) findings.off("archive-empty", "There is no manifest: not one day is sealed");
  const due = lastDueDay(nowMs);
  const range = rangeOf(check, known, due);
  if (range === undefined) return { days: [] };

  const { from, to } = range;
  const days = [...byDay]
    .filter(([day]) => from <= day && day <= to)
    .map(([day, ofDay]) => ({ day, manifests: ofDay }))
    .sort((a, b) => a.day.localeCompare(b.day));
  if (days.length === 0 && known.length > 0) {
    const message = `No day from ${from} to ${to} has a manifest, so nothing was audited; the last sealed day is ${lastSealedDay ?? "none"}`;
    findings.off("range-empty", message, { day: from });
  }
  // After the last sealed day, only the tables can tell whether there was something to seal.
  const lastToExpect = asked.to ?? known.at(-1) ?? from;
  sayMissing({ from, to: lastToExpect }, known, due, findings);
  if (asked.to === undefined && lastSealedDay !== undefined && lastSealedDay < due) {
    const message = `The last sealed day is ${lastSealedDay}, and ${due} should be sealed by now. Sealing has stopped, or the newest manifests were deleted: from the archive alone, the two look the same`;
    findings.warn("seal-overdue", message, { day: lastSealedDay });
  }
  return { range, days, ...(lastSealedDay === undefined ? {} : { lastSealedDay }) };
}

function rangeOf({ asked, hasTables }: RangeToCheck, known: readonly string[], due: string): Range | undefined {
  const from = asked.from ?? known[0] ?? asked.to;
  const last = known.at(-1);
  const to = asked.to ?? (last !== undefined && hasTables && due > last ? due : last) ?? asked.from;
  if (from === undefined || to === undefined) return undefined;
  // The end that wasn't asked for gives way.
  if (to < from) return asked.from === undefined ? { from: to, to } : { from, to: from };
  return { from, to };
}

/** One finding for days without a manifest that follow one another: there may be thousands of them. */
function sayMissing({ from, to }: Range, known: readonly string[], due: string, findings: Findings): void {
  let next = from;
  for (const day of known.filter((one) => from <= one && one <= to)) {
    if (next < day) sayRun({ from: next, to: addDays(day, -1) }, due, findings);
    next = addDays(day, 1);
  }
  if (next <= to) sayRun({ from: next, to }, due, findings);
}

function sayRun({ from, to }: Range, due: string, findings: Findings): void {
  if (from <= due) {
    const last = to < due ? to : due;
    const message =
      last === from
        ? `${from} has no manifest: it was never sealed, or its manifest was deleted`
        : `${from} to ${last}, ${dayNumber(last) - dayNumber(from) + 1} days, have no manifests: they were never sealed, or their manifests were deleted`;
    findings.off("day-missing", message, { day: from });
  }
  if (to <= due) return;
  const day = from > due ? from : addDays(due, 1);
  findings.warn("not-due", `Days from ${day} on aren't to be sealed yet: a day is sealed two days later`, { day });
}
