/** Facts of `transactions` against their archived rows, field by field. */
import { spelledOut } from "../findings.ts";
import type { DayToCompare } from "./compare-day.ts";

/** Columns of `ledger t` and `day_facts f` that have to say the same, as text. */
const fields: readonly (readonly [name: string, booked: string, archived: string])[] = [
  ["transaction", "t.transaction_id", "f.transaction_id"],
  ["provider", "t.provider", "f.provider"],
  ["type", "t.type", "f.type"],
  // DynamoDB may write many zeros as an exponent.
  [
    "amount",
    "coalesce(CAST(TRY_CAST(t.amount_minor AS DECIMAL(38,0)) AS VARCHAR), t.amount_minor)",
    "CAST(f.amount_minor AS VARCHAR)",
  ],
  ["currency", "t.currency", "f.currency"],
  ["tier", "t.tier", "f.tier"],
  ["same fact as", "t.same_fact_as", "f.same_fact_as"],
  ["customer", "t.customer_id", "f.customer_id"],
  ["first receipt", "t.received_at", "strftime(make_timestamp(f.received_ms * 1000), '%Y-%m-%dT%H:%M:%S.%gZ')"],
];

const differences = fields.map(([name, booked, archived]) => differenceIn(name, booked, archived));
/** What is decided after the seal, an addendum brings: it counts once it is there. */
const decision = differenceIn("decision", "d.decision", "coalesce(late.decision, f.decision)");

/** Says which facts of a day, and which decisions, are other ones in `transactions`. */
export async function ledgerDifferences({
  database,
  day: { day },
  findings,
  unreadHours,
}: DayToCompare): Promise<void> {
  const late = `SELECT event_id, max_by(decision, manifest) AS decision FROM day_facts
    WHERE entry = 'decision' GROUP BY event_id`;
  const found = await database.rows(
    `WITH late AS (${late}), compared AS (
       SELECT t.event_id, t.transaction_id, concat_ws('; ', ${differences.join(", ")},
         CASE WHEN d.event_id IS NOT NULL AND coalesce(late.decision, f.decision) IS NOT NULL THEN ${decision} END
       ) AS differences
       FROM day_facts f JOIN ledger t ON t.event_id = f.event_id
         LEFT JOIN late ON late.event_id = f.event_id LEFT JOIN decided d ON d.event_id = f.event_id
       WHERE f.entry = 'fact')
     SELECT *, CAST(count(*) OVER () AS DOUBLE) AS total FROM compared WHERE differences <> ''
     ORDER BY event_id LIMIT ${spelledOut}`,
  );
  for (const row of found) {
    const many = Number(row.total) > spelledOut ? ` (one of ${row.total})` : "";
    findings.off("fact-differs", `${row.event_id} (${row.transaction_id}): ${row.differences}${many}`, { day });
  }
  // The late decision may be in an object that nobody read.
  if (unreadHours.size > 0) return;
  const undecided = await database.rows(
    `WITH late AS (${late})
     SELECT f.event_id, d.decision, d.decided_at, t.is_released FROM day_facts f
       JOIN ledger t ON t.event_id = f.event_id JOIN decided d ON d.event_id = f.event_id
       LEFT JOIN late ON late.event_id = f.event_id
     WHERE f.entry = 'fact' AND coalesce(late.decision, f.decision) IS NULL AND f.same_fact_as IS NULL
       AND f.tier IN ('high', 'medium', 'low')
     ORDER BY f.event_id LIMIT 100000`,
  );
  for (const { event_id: eventId, decision: decided, decided_at: decidedAt, is_released: isReleased } of undecided) {
    const text = `${eventId} is decided in transactions (${decided}, ${decidedAt})`;
    if (isReleased === true) {
      findings.off("fact-differs", `${text} and released as archived, and the archive has no decision of it`, { day });
    } else {
      findings.warn("waiting-for-addendum", `${text} since its day's seal: the next run takes it`, { day });
    }
  }
}

function differenceIn(name: string, booked: string, archived: string): string {
  const says = `concat('${name} ', coalesce(${booked}, 'none'), ' in transactions, ', coalesce(${archived}, 'none'), ' in the archive')`;
  return `CASE WHEN ${booked} IS DISTINCT FROM ${archived} THEN ${says} END`;
}
