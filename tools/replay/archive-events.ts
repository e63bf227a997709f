/** Events that sealed days have. */
import { ArchiveError } from "../archive/archive-error.ts";
import { type ArchivedRow, archivedRaw, placeOfRow } from "../archive/archived-event.ts";
import { openDatabase } from "../archive/database.ts";
import type { ArchiveFiles } from "../archive/files.ts";
import { type SealedManifest, sealedDays } from "../archive/sealed-days.ts";
import type { ArchiveSource } from "../archive/source.ts";
import type { RecordedEvent } from "./recorded.ts";
import type { HourRange } from "./time-range.ts";

export interface ArchiveEvents {
  byId(eventId: string, day: string): Promise<RecordedEvent | undefined>;
  /** Those of an hour, by their receipt. Nothing of other hours is read or kept. */
  within(hour: HourRange): AsyncIterable<RecordedEvent>;
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

/** Every method throws ArchiveError, but a day that isn't sealed is just empty. */
export function createArchiveEvents({ source, bring }: ArchivePorts): ArchiveEvents {
  let last: { readonly day: string; readonly manifests: Promise<readonly SealedManifest[]> } | undefined;

  /** Hours are asked for in turn, so the manifests of one day are enough to remember. */
  function manifestsOf(day: string): Promise<readonly SealedManifest[]> {
    if (last?.day !== day) {
      const manifests = sealedDays(source, { from: day, to: day }).catch((error: unknown) => {
        if (error instanceof ArchiveError && error.code === "not-sealed") return [];
        throw error;
      });
      last = { day, manifests };
    }
    return last.manifests;
  }

  async function* find(
    manifests: readonly SealedManifest[],
    { where, values }: { readonly where: string; readonly values: readonly string[] },
  ): AsyncIterable<RecordedEvent> {
    if (manifests.every(({ manifest }) => manifest.objects.length === 0)) return;
    using database = await openDatabase(await bring(manifests));
    const columns = [
      ...times.map((name) => `strftime(${name}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${name}`),
      ...texts.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`),
    ];
    const sql = `SELECT ${columns.join(", ")} FROM transactions WHERE ${where} ORDER BY transactions.received_at, event_id`;
    const result = await database.query(sql, values);
    for await (const chunk of result.rows()) {
      for (const row of chunk) {
        const named = Object.fromEntries(
          result.columns.map(({ name }, at) => [name, (row[at] ?? null) as string | null]),
        );
        yield recordedOf(named, manifests, source);
      }
    }
  }

  return {
    async byId(eventId, day) {
      for await (const found of find(await manifestsOf(day), { where: "event_id = $1", values: [eventId] }))
        return found;
      return undefined;
    },
    async *within({ fromMs, toMs, day, hour }) {
      const bound = (ms: number) => new Date(ms).toISOString().slice(0, -1);
      const where = "received_at >= CAST($1 AS TIMESTAMP) AND received_at < CAST($2 AS TIMESTAMP)";
      yield* find(ofHour(await manifestsOf(day), hour), { where, values: [bound(fromMs), bound(toMs)] });
    },
  };
}

/** The same manifests with the objects of one hour, which have its facts and what was decided on them later. */
function ofHour(manifests: readonly SealedManifest[], hour: string): readonly SealedManifest[] {
  return manifests.map(({ key, manifest }) => ({
    key,
    manifest: { ...manifest, objects: manifest.objects.filter((object) => object.key.includes(`/hour=${hour}/`)) },
  }));
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
