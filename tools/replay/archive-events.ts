/** Events that sealed days have. */
import { ArchiveError } from "../archive/archive-error.ts";
import { type ArchivedRow, archivedRaw, placeOfRow } from "../archive/archived-event.ts";
import { openDatabase } from "../archive/database.ts";
import type { ArchiveFiles } from "../archive/files.ts";
import { type DayRange, type SealedManifest, sealedDays } from "../archive/sealed-days.ts";
import type { ArchiveSource } from "../archive/source.ts";
import type { RecordedEvent } from "./recorded.ts";
import type { TimeRange } from "./time-range.ts";

export interface ArchiveEvents {
  byId(eventId: string, day: string): Promise<RecordedEvent | undefined>;
  within(range: TimeRange): Promise<readonly RecordedEvent[]>;
}

export interface ArchivePorts {
  readonly source: ArchiveSource;
  /** Brings the objects of these manifests to this machine. */
  readonly bring: (manifests: readonly SealedManifest[]) => Promise<ArchiveFiles>;
}

const times = ["occurred_at", "received_at"] as const;
const texts = [
  ...["event_id", "transaction_id", "provider", "provider_type", "tier", "same_fact_as", "amount_minor", "currency"],
  ...["decision", "correlation_id", "raw_sha256", "hour", "object"],
] as const;

/** Every method throws ArchiveError, but a range without a sealed day is just empty. */
export function createArchiveEvents({ source, bring }: ArchivePorts): ArchiveEvents {
  async function find(days: DayRange, where: string, values: readonly string[]): Promise<readonly RecordedEvent[]> {
    const manifests = await sealedDays(source, days).catch((error: unknown) => {
      if (error instanceof ArchiveError && error.code === "not-sealed") return [];
      throw error;
    });
    if (manifests.length === 0) return [];
    using database = await openDatabase(await bring(manifests));
    const columns = [
      ...times.map((name) => `strftime(${name}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${name}`),
      ...texts.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`),
    ];
    const sql = `SELECT ${columns.join(", ")} FROM transactions WHERE ${where} ORDER BY transactions.received_at, event_id`;
    const result = await database.query(sql, values);
    const found: RecordedEvent[] = [];
    for await (const chunk of result.rows()) {
      for (const row of chunk) {
        const named = Object.fromEntries(
          result.columns.map(({ name }, at) => [name, (row[at] ?? null) as string | null]),
        );
        found.push(recordedOf(named, manifests, source));
      }
    }
    return found;
  }

  return {
    byId: async (eventId, day) => (await find({ from: day, to: day }, "event_id = $1", [eventId]))[0],
    within: ({ fromMs, toMs, days }) => {
      const bound = (ms: number) => new Date(ms).toISOString().slice(0, -1);
      const where = "received_at >= CAST($1 AS TIMESTAMP) AND received_at < CAST($2 AS TIMESTAMP)";
      return find(days, where, [bound(fromMs), bound(toMs)]);
    },
  };
}

function recordedOf(row: ArchivedRow, manifests: readonly SealedManifest[], source: ArchiveSource): RecordedEvent {
  const text = (name: string) => row[name] ?? "";
  const [sameFactAs, amountMinor, currency] = [row.same_fact_as, row.amount_minor, row.currency];
  return {
    eventId: text("event_id"),
    transactionId: text("transaction_id"),
    provider: text("provider"),
    providerType: text("provider_type"),
    tier: text("tier"),
    ...(sameFactAs && { sameFactAs }),
    ...(amountMinor && { amountMinor }),
    ...(currency && { currency }),
    occurredAt: text("occurred_at"),
    receivedAt: text("received_at"),
    correlationId: text("correlation_id"),
    hasDecision: row.decision !== null,
    place: text("object"),
    async bytes() {
      const raw = await archivedRaw(source, row, placeOfRow(row, manifests));
      if (raw === undefined) return undefined;
      const [problem] = raw.problems;
      if (problem === undefined) return raw;
      throw new ArchiveError(
        "damaged",
        `The bytes in ${raw.object} aren't those that came in: ${problem}. Audit its day.`,
      );
    },
  };
}
