/** Whether each event is in one row of one sealed object, over all audited days. */
import { type Findings, spelledOut } from "../findings.ts";
import { objectPlace } from "../keys.ts";
import type { RowDatabase } from "./database.ts";

export async function checkUniqueness(
  database: RowDatabase,
  keyOf: (objectNumber: number) => string,
  findings: Findings,
): Promise<void> {
  const twice = await database.rows(
    `WITH twice AS (SELECT event_id FROM ids GROUP BY event_id HAVING count(*) > 1)
     SELECT event_id, to_json(list({ object: object, "row": "row" } ORDER BY object, "row")[:5]) AS places,
            CAST(count(*) AS INTEGER) AS places_count
     FROM ids WHERE event_id IN (FROM twice) GROUP BY event_id ORDER BY min(object), min("row") LIMIT ${spelledOut * 40}`,
  );
  for (const { event_id: eventId, places, places_count: count } of twice) {
    const found = JSON.parse(String(places)) as readonly { readonly object: number; readonly row: number }[];
    const named = found.map(({ object, row }) => `row ${row} of ${keyOf(object)}`).join(" and ");
    // The later place is the one too many.
    const last = found.at(-1);
    const key = keyOf(last?.object ?? -1);
    const day = objectPlace(key)?.day;
    findings.off("event-twice", `${eventId} is archived ${count} times: ${named}`, {
      ...(day === undefined ? {} : { day }),
      object: key,
      ...(last === undefined ? {} : { row: last.row }),
    });
  }
}
