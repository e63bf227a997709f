/**
 * SQL over the archive that finance asks for again and again. A decision that came after its day's seal has a row of its
 * own beside the event's, so each query counts an event once by its id.
 */
export interface SavedQuery {
  readonly description: string;
  readonly sql: string;
}

/** Partitions of the last month. Change it in the console; every day that is left out is a day that isn't paid for. */
const lastMonth = "dt >= CAST(CAST(current_date - INTERVAL '31' DAY AS date) AS varchar)";

/** One row for each event, with the decision that came after the seal, if there is one. */
const events = `WITH events AS (
  SELECT event_id,
    max(dt) AS dt,
    max(provider) AS provider,
    max(type) AS type,
    max(tier) AS tier,
    max(currency) AS currency,
    max(amount_minor) AS amount_minor,
    max(amount_problem) AS amount_problem,
    max(same_fact_as) AS same_fact_as,
    max(decision) AS decision,
    max(received_at) AS received_at
  FROM transactions
  WHERE ${lastMonth}
  GROUP BY event_id
)`;

/** By name, without the environment's suffix. */
export const savedQueries = {
  "sums-per-day-and-currency": {
    description: "Exact sums in minor units; facts that repeat another under a second id don't count.",
    sql: `${events}
SELECT dt, currency, type, provider, count(*) AS events, sum(amount_minor) AS amount_minor
FROM events
WHERE same_fact_as IS NULL AND currency IS NOT NULL
GROUP BY dt, currency, type, provider
ORDER BY dt, currency, type, provider`,
  },
  "one-event": {
    description: "Everything about one event, its raw bytes too. Parameters: its day as 'YYYY-MM-DD', its event id.",
    sql: `SELECT t.*, r.headers, r.encoding, r.size_bytes, r.sha256, to_base64(r.body) AS body_base64
FROM transactions t
LEFT JOIN raw r ON r.event_id = t.event_id AND r.dt = t.dt
WHERE t.dt = ? AND t.event_id = ?
ORDER BY t.entry DESC`,
  },
  "decisions-per-tier": {
    description: "How many events of each tier were approved, reviewed and blocked, and how many wait for a decision.",
    sql: `${events}
SELECT tier, coalesce(decision, 'undecided') AS decision, count(*) AS events
FROM events
GROUP BY tier, coalesce(decision, 'undecided')
ORDER BY tier, decision`,
  },
  "unroutable-money": {
    description: "Money that was booked but could not be routed, with what is wrong with its amount.",
    sql: `${events}
SELECT event_id, received_at, provider, type, currency, amount_minor, amount_problem
FROM events
WHERE tier = 'unroutable'
ORDER BY received_at`,
  },
  "largest-payments": {
    description: "The hundred largest payments of each currency, by exact amount.",
    sql: `${events}, ranked AS (
  SELECT *, row_number() OVER (PARTITION BY currency ORDER BY amount_minor DESC, event_id) AS place
  FROM events
  WHERE same_fact_as IS NULL AND type = 'payment.succeeded' AND amount_minor IS NOT NULL
)
SELECT currency, place, amount_minor, event_id, provider, received_at, decision
FROM ranked
WHERE place <= 100
ORDER BY currency, place`,
  },
} as const satisfies Record<string, SavedQuery>;
