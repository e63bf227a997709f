/** Whether the facts that a manifest lists as undecided are facts of its day that nobody had decided by then. */
import { type Findings, spelledOut } from "../findings.ts";
import type { RowDatabase } from "./database.ts";
import type { DayToCheck } from "./day-checks.ts";

/** An addendum's list is of the whole day, as it was at its seal: rows of later manifests have no say in it. */
export async function checkUndecided(day: DayToCheck, database: RowDatabase, findings: Findings): Promise<void> {
  // With a part of the day's facts unread, nobody can tell.
  if (day.blindSpots.some(({ kind }) => kind === "transactions")) return;
  for (const { number, loaded } of day.manifests) {
    const { key, manifest } = loaded;
    if (manifest.undecided.length === 0) continue;
    const unknown = await database.rows(
      `SELECT event_id FROM (SELECT unnest(from_json($listed, '["VARCHAR"]')) AS event_id) listed
       WHERE NOT EXISTS (FROM day_facts f
           WHERE f.event_id = listed.event_id AND f.entry = 'fact' AND f.decision IS NULL AND f.manifest <= $number)
         OR EXISTS (FROM day_facts d
           WHERE d.event_id = listed.event_id AND d.entry = 'decision' AND d.manifest <= $number)
       LIMIT ${spelledOut}`,
      { listed: JSON.stringify(manifest.undecided.map(({ eventId }) => eventId)), number },
    );
    for (const { event_id: eventId } of unknown) {
      const message = `${key} lists ${eventId} as undecided, and the rows have no such fact that waited then`;
      findings.off("undecided-unknown", message, { day: day.day, object: key });
    }
  }
}
