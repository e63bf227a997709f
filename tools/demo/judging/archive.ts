/** The archive: what was accepted is sealed in it once, its sums are the plan's, and no tampering stays unseen. */
import type { ArchiveSum } from "../../../config/archive.ts";
import type { ArchiveSeen, TamperingSeen } from "../archive.ts";
import type { Findings } from "./findings.ts";
import { type Check, missing, repeated } from "./invariant.ts";

export const archiveChecks: readonly Check[] = [
  {
    name: "every accepted event is in a sealed day, and the sums agree",
    look: (findings) => {
      const { facts, sums, days } = findings.archive;
      const due = [...findings.accepted.keys(), ...findings.reconciliation.eventIds];
      return {
        seen: { events: facts.length, sums: sums.length, "sealed days": days.length },
        note: "audited against the tables",
        problems: [
          ...unsealed(findings.archive),
          ...missing(due, facts).map((eventId) => `${eventId} is not archived`),
          ...missing(facts, due).map((eventId) => `${eventId} is archived without a cause`),
          ...repeated(facts).map((eventId) => `${eventId} is archived twice`),
          ...differentSums(findings),
          ...findings.archive.findings.map(({ code, message }) => `${code}: ${message}`),
        ],
      };
    },
  },
  {
    name: "each tampering is found and named",
    look: ({ archive: { tamperings } }) => ({
      seen: Object.fromEntries(kindsOf.map((name) => [name, tamperings.filter((one) => one.name === name).length])),
      note: "each by its object and what was done to it",
      problems: tamperings
        .filter((one) => !isNamed(one))
        .map(({ name, object, code }) => `${name}: ${object} isn't told as ${code}`),
    }),
  },
];

/** Named here anew, so that one that wasn't tried is missed. */
const kindsOf = ["flipped byte", "deleted object", "edited manifest"] as const;

function unsealed({ endings }: ArchiveSeen): string[] {
  return endings.filter((ending) => ending !== "SUCCEEDED").map((ending) => `daily-archive ended ${ending}`);
}

function isNamed({ code, object, findings }: TamperingSeen): boolean {
  return findings.some((finding) => finding.code === code && finding.object === object);
}

interface Total {
  readonly rows: number;
  readonly minor: bigint;
}

function differentSums(findings: Findings): string[] {
  const planned = findings.routed.flatMap(({ planned: { money, type, provider } }) =>
    money === undefined ? [] : [{ ...money, type, provider, rows: 1 }],
  );
  const expected = totalsOf([...planned, ...standInSums(findings.reconciliation)]);
  const sealed = totalsOf(findings.archive.sums);
  const textOf = (total: Total | undefined) =>
    total === undefined ? "nothing" : `${total.minor} in ${total.rows} rows`;
  return [...new Set([...expected.keys(), ...sealed.keys()])]
    .map((what) => ({ what, there: textOf(sealed.get(what)), planned: textOf(expected.get(what)) }))
    .filter(({ there, planned }) => there !== planned)
    .map(({ what, there, planned }) => `${what} is ${there} instead of ${planned}`);
}

/** Booked as it was stated, wrong amounts, too: reconciliation tells of these, and changes nothing. */
function standInSums({ money, misstated }: Findings["reconciliation"]): readonly ArchiveSum[] {
  const stated = new Map(misstated.map((one) => [one.eventId, one.misstated?.stated]));
  return [...money].map(([eventId, { type, currency, minor }]) => {
    const amountMinor = stated.get(eventId) ?? String(minor);
    return { currency, type, provider: "stripe", rows: 1, amountMinor };
  });
}

/** By currency, type and provider, over all days. */
function totalsOf(sums: readonly ArchiveSum[]): ReadonlyMap<string, Total> {
  const totals = new Map<string, Total>();
  for (const { currency, type, provider, rows, amountMinor } of sums) {
    const what = `${currency} of ${type} by ${provider}`;
    const { rows: before, minor } = totals.get(what) ?? { rows: 0, minor: 0n };
    totals.set(what, { rows: before + rows, minor: minor + BigInt(amountMinor) });
  }
  return totals;
}
