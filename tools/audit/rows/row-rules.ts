/** What every row has to keep, by itself: each rule a condition in SQL that a broken row meets. */
import { decisions, paymentEventTypes, tiers } from "../../../config/events.ts";
import type { FindingCode } from "../findings.ts";
import type { RowDatabase } from "./database.ts";
import { columnsOf } from "./schema.ts";

interface RowRule {
  readonly code: FindingCode;
  readonly broken: string;
  /** End of a sentence that starts with the row. */
  readonly says: string;
}

const sha256Form = "'^[0-9a-f]{64}$'";
/** As config/events.ts allows; so many of them that no sum of a day's leaves DECIMAL(38,0). */
const largestAmount = `${"9".repeat(30)}::DECIMAL(38,0)`;

const transactionRules: readonly RowRule[] = [
  invalid("entry NOT IN ('fact', 'decision')", "is neither a fact nor a decision"),
  invalid("NOT starts_with(event_id, provider || ':')", "has an event id that isn't of its provider"),
  invalid(`type NOT IN (${listed(paymentEventTypes)})`, "has a type that nobody knows"),
  invalid(`tier NOT IN (${listed(tiers)})`, "has a tier that nobody knows"),
  invalid("NOT regexp_full_match(currency, '[A-Z]{3}')", "has a currency that is no code of ISO 4217"),
  invalid(`abs(amount_minor) > ${largestAmount}`, "has an amount of more than 30 digits"),
  invalid(`decision NOT IN (${listed(decisions)})`, "has a decision that nobody knows"),
  invalid("entry = 'decision' AND decision IS NULL", "is a decision that doesn't say which"),
  invalid("NOT (score BETWEEN 0 AND 1)", "has a score that isn't from 0 to 1"),
  invalid(`NOT regexp_matches(raw_sha256, ${sha256Form})`, "has a raw_sha256 that is no SHA-256"),
  {
    code: "row-outside-hour",
    broken: "NOT (epoch_ms(received_at) BETWEEN $start AND $start + 3599999)",
    says: "was received outside of the hour that it is filed under",
  },
];

const rawRules: readonly RowRule[] = [
  invalid("encoding NOT IN ('identity', 'zstd')", "has an encoding that nobody knows"),
  invalid("size_bytes < 0", "has a size below zero"),
  invalid(`NOT regexp_matches(sha256, ${sha256Form})`, "has a sha256 that is no SHA-256"),
];

export interface BrokenRow {
  readonly code: FindingCode;
  readonly row: number;
  readonly eventId: string;
  readonly says: string;
}

/** Rows of a file that break a rule, the first of them in the file's order. `hourStartMs` is of the hour in its key. */
export async function brokenRows(
  database: RowDatabase,
  file: { readonly kind: "transactions" | "raw"; readonly path: string; readonly hourStartMs: number },
  most: number,
): Promise<readonly BrokenRow[]> {
  const { kind, path, hourStartMs } = file;
  const rules = [...nullRules(kind), ...(kind === "transactions" ? transactionRules : rawRules)];
  const cases = rules.map(({ broken }, at) => `CASE WHEN ${broken} THEN ${at} END`);
  // Raw rows carry the time of their own delivery, which needn't be the first: no rule of theirs asks for the hour.
  const values = kind === "transactions" ? { path, start: BigInt(hourStartMs) } : { path };
  const found = await database.rows(
    `SELECT CAST(file_row_number + 1 AS INTEGER) AS "row", event_id, broken FROM (
       SELECT file_row_number, event_id,
              unnest(list_filter([${cases.join(", ")}], lambda one: one IS NOT NULL)) AS broken
       FROM read_parquet($path, hive_partitioning = false, file_row_number = true))
     ORDER BY 1 LIMIT ${most}`,
    values,
  );
  return found.flatMap(({ row, event_id, broken }) => {
    const rule = rules[Number(broken)];
    if (rule === undefined) return [];
    return [{ code: rule.code, row: Number(row), eventId: String(event_id ?? "without an event id"), says: rule.says }];
  });
}

function nullRules(kind: "transactions" | "raw"): readonly RowRule[] {
  return Object.entries(columnsOf[kind]).flatMap(([name, { nullable }]) =>
    nullable ? [] : [invalid(`"${name}" IS NULL`, `has no ${name}`)],
  );
}

function invalid(broken: string, says: string): RowRule {
  return { code: "row-invalid", broken, says };
}

function listed(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(", ");
}
