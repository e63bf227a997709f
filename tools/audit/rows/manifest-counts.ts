/** What manifests count that is nowhere added up: facts that waited for a decision, and bodies that were gone. */
import type { Findings } from "../findings.ts";
import type { RowDatabase } from "./database.ts";
import type { DayToCheck } from "./day-checks.ts";

interface Counted {
  readonly kind: "transactions" | "raw";
  readonly name: "undecided" | "missingBodies";
  /** Rows of a manifest that have to be as many as it says. */
  readonly sql: string;
  readonly what: string;
}

const counted: readonly Counted[] = [
  {
    kind: "transactions",
    name: "undecided",
    sql: `FROM day_facts WHERE manifest = $number AND entry = 'fact' AND decision IS NULL AND same_fact_as IS NULL
      AND tier IN ('high', 'medium', 'low')`,
    what: "facts that waited for a decision",
  },
  {
    kind: "raw",
    name: "missingBodies",
    sql: "FROM day_raw WHERE manifest = $number AND NOT has_body",
    what: "raw rows without a body",
  },
];

export async function checkManifestCounts(day: DayToCheck, database: RowDatabase, findings: Findings): Promise<void> {
  for (const { number, loaded } of day.manifests) {
    const { key, manifest } = loaded;
    for (const { kind, name, sql, what } of counted) {
      // With a part of the rows unread, nobody can tell.
      if (day.blindSpots.some((one) => one.manifestNumber === number && one.kind === kind)) continue;
      const [found] = await database.rows(`SELECT CAST(count(*) AS DOUBLE) AS "count" ${sql}`, { number });
      if (found?.count === manifest[name]) continue;
      const message = `${key} says ${manifest[name]} ${what}; its rows have ${found?.count}`;
      findings.off("count-differs", message, { day: day.day, object: key });
    }
    if (manifest.missingBodies === 0) continue;
    const message = `${manifest.missingBodies} bodies were gone when ${key} was made: their raw rows have headers and SHA-256 alone`;
    findings.warn("body-missing", message, { day: day.day, object: key });
  }
}
