/** What an audit came to, whole: every way of showing it starts from this. Amounts are decimal text, exact. */
import type { ArchiveSum } from "../../config/archive.ts";
import type { Finding, WarningCode } from "./findings.ts";

export interface AuditReport {
  readonly version: 1;
  /** ISO 8601 UTC. */
  readonly auditedAt: string;
  /** What was audited, in words. */
  readonly place: string;
  /** Of the manifests. */
  readonly environments: readonly string[];
  readonly isProven: boolean;
  /** Days that were audited, both included; absent if there are none. */
  readonly range?: { readonly from: string; readonly to: string };
  readonly chain: {
    readonly manifests: number;
    readonly addenda: number;
    readonly lastSealedDay?: string;
    /** The newest manifest: whoever keeps it can tell later that nothing was cut off. */
    readonly head?: {
      readonly key: string;
      readonly sequence: number;
      readonly sha256: string;
      readonly sealedAt: string;
    };
  };
  /** Keys that proved manifests. */
  readonly keys: readonly { readonly publicKeySha256: string; readonly arn: string; readonly manifests: number }[];
  readonly totals: DayCounts & { readonly days: number };
  readonly days: readonly DayReport[];
  readonly sums: readonly DaySum[];
  readonly findings: readonly Finding[];
  readonly warnings: readonly Finding<WarningCode>[];
  /** What was accepted, unfinished when a seal looked, and what became of it; of a day with very many, the first. */
  readonly exceptions: readonly ExceptionReport[];
  /** How many of them came to what, with those that aren't listed. */
  readonly outcomes: Readonly<Partial<Record<ExceptionOutcome, number>>>;
  /** Absent where only the archive was looked at. */
  readonly tables?: TablesReport;
}

export interface DayCounts {
  readonly objects: number;
  readonly bytes: number;
  /** Objects by how they were proven: by reading them, by S3's SHA-256; `unproven` ones have findings. */
  readonly read: number;
  readonly byChecksum: number;
  readonly expired: number;
  readonly unproven: number;
  /** As the manifests say. */
  readonly facts: number;
  readonly lateDecisions: number;
  readonly exceptions: number;
}

export interface DayReport extends DayCounts {
  readonly day: string;
  readonly addenda: number;
  /** Of the day's own manifest; absent if there are only addenda. */
  readonly sealedAt?: string;
  readonly findings: number;
}

/** As manifests say, over a day and its addenda. */
export interface DaySum extends ArchiveSum {
  readonly day: string;
  readonly agrees: Agreement;
}

/**
 * `yes`: the signatures hold, and the rows, read and added up again, come to the same. `unread`: the signatures hold, and
 * the rows are in objects that nobody read, being in colder storage or gone with the lifecycle. `no`: all else.
 */
export type Agreement = "yes" | "unread" | "no";

/** `open`: by the tables, or by the newest manifest where they weren't asked. `unknown`: they weren't, and it says nothing. */
export type ExceptionOutcome = "archived" | "waiting" | "open" | "forgotten" | "unknown";

export interface ExceptionReport {
  readonly day: string;
  readonly eventId: string;
  readonly receivedAt: string;
  readonly statusThen: string;
  /** Absent where the tables weren't asked. */
  readonly statusNow?: string;
  readonly outcome: ExceptionOutcome;
}

export interface TablesReport {
  readonly processedWebhooks: { readonly scanned: number; readonly compared: number; readonly since?: string };
  readonly transactions: { readonly scanned: number; readonly compared: number; readonly since?: string };
}
