/** Rows of the archive's objects: config/archive.ts's columns, with the values that their types stand for. */
import type { Column, rawColumns, transactionColumns } from "../../../../config/archive.ts";
import type { LedgerRecord, RawRecord } from "./records.ts";

interface ValueOfType {
  readonly text: string;
  readonly integer: bigint;
  readonly decimal: bigint;
  /** Epoch milliseconds. */
  readonly "timestamp-ms": bigint;
  readonly bytes: Uint8Array;
  readonly score: number;
}

/** One row of a table: each column's value, null where the column allows it. */
export type RowOf<Columns extends Record<string, Column>> = {
  readonly [Name in keyof Columns]:
    | ValueOfType[Columns[Name]["type"]]
    | (Columns[Name]["nullable"] extends true ? null : never);
};

export type TransactionRow = RowOf<typeof transactionColumns>;
export type RawRow = RowOf<typeof rawColumns>;

/**
 * The row of a fact, or of the decision that came after the fact was sealed.
 *
 * @param rawSha256 of the body, if its row is in the archive
 */
export function transactionRow(
  entry: "fact" | "decision",
  { fact, decision }: LedgerRecord,
  rawSha256: string | undefined,
): TransactionRow {
  return {
    entry,
    event_id: fact.eventId,
    transaction_id: fact.transactionId,
    provider: fact.provider,
    type: fact.type,
    provider_type: fact.providerType,
    object_version: fact.objectVersion ?? null,
    amount_minor: fact.amountMinor ?? null,
    currency: fact.currency ?? null,
    amount_problem: fact.amountProblem ?? null,
    routing_usd_cents: fact.routingAmountUsd === undefined ? null : BigInt(Math.round(fact.routingAmountUsd * 100)),
    tier: fact.tier,
    same_fact_as: fact.sameFactAs ?? null,
    customer_id: fact.customerId ?? null,
    decision: decision?.decision ?? null,
    score: decision?.score ?? null,
    decided_by: decision?.decidedBy ?? null,
    decided_at: decision?.decidedAt === undefined ? null : millisecondsOf(decision.decidedAt),
    occurred_at: millisecondsOf(fact.occurredAt),
    received_at: millisecondsOf(fact.receivedAt),
    correlation_id: fact.correlationId,
    source: fact.source,
    raw_sha256: rawSha256 ?? null,
  };
}

/** The row of a delivery's bytes; `body` is encoded as the record says, and absent where it is gone. */
export function rawRow(eventId: string, raw: RawRecord, body: Uint8Array | undefined): RawRow {
  return {
    event_id: eventId,
    received_at: millisecondsOf(raw.receivedAt),
    headers: JSON.stringify(raw.headers),
    encoding: raw.encoding,
    body: body ?? null,
    size_bytes: BigInt(raw.sizeBytes),
    sha256: raw.sha256,
  };
}

/** The minute that a time was read of last, "YYYY-MM-DDTHH:MM:". */
let lastMinute = { text: "none", beginMs: 0 };
/** Where seconds and milliseconds are in "YYYY-MM-DDTHH:MM:SS.mmmZ". */
const secondsDigits = [17, 18, 20, 21, 22] as const;

/**
 * Rows come ordered by time, so most are of the same minute as the row before, and then the rest of the text is read
 * alone: reading all of it takes as long as writing the row.
 *
 * @throws Error for text that is no time, which nothing that writes the ledger lets through.
 */
function millisecondsOf(time: string): bigint {
  const afterMinute = time.startsWith(lastMinute.text) ? millisecondsAfterMinute(time) : undefined;
  if (afterMinute !== undefined) return BigInt(lastMinute.beginMs + afterMinute);
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new Error("A record of the ledger has a time that is none");
  const sinceMinute = millisecondsAfterMinute(time);
  if (sinceMinute !== undefined) lastMinute = { text: time.slice(0, 17), beginMs: ms - sinceMinute };
  return BigInt(ms);
}

/** Undefined unless the text has the form that all of ours have. */
function millisecondsAfterMinute(time: string): number | undefined {
  if (time.length !== 24 || time[16] !== ":" || time[19] !== "." || time[23] !== "Z") return undefined;
  let ms = 0;
  for (const at of secondsDigits) {
    const digit = time.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    ms = ms * 10 + digit;
  }
  return ms < 60_000 ? ms : undefined;
}
