/** What the console's API answers, as its pages take it. Types only, so that both sides have them. */

export interface About {
  readonly environment: string;
  readonly apiUrl: string;
  readonly awsUrl: string;
  /** ISO 8601. */
  readonly now: string;
}

/** How a command of the command line ended that a page has asked for. */
export interface Done<T = unknown> {
  readonly isDone: boolean;
  /** What it gave, as `--json` prints it; also of some that failed. */
  readonly result?: T;
  /** What it said: why it failed, mostly. */
  readonly said: string;
  /** The same for a terminal. */
  readonly command: string;
}

export interface SendChoices {
  readonly providers: readonly { readonly name: string; readonly types: readonly string[] }[];
  /** Types that need an amount. */
  readonly monetary: readonly string[];
  /** In USD: where the tiers meet. */
  readonly thresholds: { readonly mediumFrom: number; readonly highAbove: number };
}

/** As typed; what is left out is made up. */
export interface SendOrder {
  readonly provider: string;
  readonly type: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly id?: string;
  readonly at?: string;
  readonly seed?: string;
  readonly transaction?: string;
  readonly customer?: string;
  readonly risk?: string;
  readonly cardCountry?: string;
  readonly customerCountry?: string;
}

export interface Sent {
  readonly accepted: true;
  readonly status: number;
  readonly eventId: string;
  /** What sends the same again: `--seed` and `--at`. */
  readonly seed: string;
  readonly at: string;
}

/** What happens now, and has happened within a window. */
export interface Flow {
  readonly windowMinutes: number;
  readonly stages: readonly FlowStage[];
  /** Queues between the stages: what waits there. */
  readonly queues: readonly FlowQueue[];
  readonly newest: readonly FlowWebhook[];
  readonly refusals: readonly FlowRefusal[];
  /** Messages in all dead-letter queues. */
  readonly deadLetters: number;
  readonly openReviews: number;
  /** Whether more was logged than could be read by now. */
  readonly isBehind: boolean;
}

export interface FlowStage {
  readonly key: string;
  readonly title: string;
  readonly count: number;
  readonly outcomes: readonly { readonly word: string; readonly count: number }[];
  /** Counts over the window, oldest first. */
  readonly series: readonly number[];
  readonly p50Ms?: number;
  readonly p95Ms?: number;
}

export interface FlowQueue {
  readonly name: string;
  readonly waiting: number;
  readonly held: number;
}

export interface FlowWebhook {
  readonly eventId: string;
  readonly provider: string;
  readonly type: string;
  /** When it came in. ISO 8601. */
  readonly at: string;
  readonly deliveries: number;
  /** Deliveries among them that ended in a dead-letter queue. */
  readonly deadLettered: number;
  readonly tier?: string;
  /** How the deduplication ended. */
  readonly recorded?: string;
  readonly decided?: string;
  readonly decidedAfterMs?: number;
}

export interface FlowRefusal {
  readonly at: string;
  readonly provider: string;
  readonly code: string;
  readonly status: number;
}

/** One event across all stages. */
export interface EventAnswer {
  readonly kind: "event";
  readonly eventId: string;
  /** As `cli show --json` gives it; without body, headers, signature and token. */
  readonly report: EventReport;
  /** By time. */
  readonly timeline: readonly Moment[];
  /** All rules of the bus, the ones that match first. Empty where the event wasn't recorded or never went there. */
  readonly rules: readonly RuleVerdict[];
  /** The newest first: a repeated delivery begins one of its own. */
  readonly executions: readonly Execution[];
  readonly archive?: ArchivePlace;
  readonly traces: EventTraces;
  /** Deliveries of it that nobody could handle, by time; somebody may have dealt with them since. */
  readonly deadLettered: readonly DeadLettered[];
  /** The same in a terminal. */
  readonly command: string;
}

export interface DeadLettered {
  /** ISO 8601. */
  readonly at: string;
  /** One word, such as `event-id-reused`. */
  readonly reason: string;
  /** The queue that it was put into, where that is known. */
  readonly queue?: string;
}

/** What is found of a transaction by its id. */
export interface TransactionAnswer {
  readonly kind: "transaction";
  readonly transactionId: string;
  readonly eventIds: readonly string[];
}

/** Nothing is known by the id; no mistake of the page's, since an event may be on its way. */
export interface UnknownAnswer {
  readonly kind: "unknown";
  readonly id: string;
  /** What the command said. */
  readonly said: string;
}

/** Read with care: it comes as JSON from a command that may be older or newer. */
export interface EventReport {
  readonly event?: Claim;
  readonly workflow?: Claim;
  readonly tier?: string;
  readonly fact?: Fact;
  readonly raw?: { readonly sizeBytes: number; readonly sha256: string; readonly encoding: string };
  readonly decision?: Decision;
  readonly review?: Omit<Review, "waitingSeconds" | "eventId"> & {
    readonly reviewStatus?: string;
    readonly closedAt?: string;
  };
  readonly undecided?: Readonly<Record<string, unknown>>;
  readonly transaction?: {
    readonly transactionId: string;
    readonly state: {
      readonly status: string;
      readonly amountMinor?: string;
      readonly currency?: string;
      readonly refundedMinor?: string;
    };
    readonly facts: readonly Fact[];
  };
}

interface Claim {
  readonly status: string;
  readonly result?: string;
  readonly error?: string;
  readonly retryCount: number;
  readonly correlationId?: string;
  readonly processingStartedAt?: string;
  readonly processingCompletedAt?: string;
  readonly owner?: string;
  readonly firstReceivedAt?: string;
}

export interface Fact {
  readonly eventId: string;
  readonly transactionId: string;
  readonly provider: string;
  readonly type: string;
  readonly providerType: string;
  readonly amountMinor?: string;
  readonly currency?: string;
  readonly routingAmountUsd?: number;
  readonly fxDate?: string;
  readonly amountProblem?: string;
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly correlationId: string;
  readonly source: string;
  readonly tier: string;
  /** The event that has told the same fact before; this one was recorded only. */
  readonly sameFactAs?: string;
}

export interface Reason {
  readonly code: string;
  readonly weight: number;
  readonly detail: string;
}

interface Decision {
  readonly decision: string;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly modelVersion: string;
  readonly decidedAt: string;
  readonly decidedBy: string;
  readonly why?: string;
}

export interface Review {
  readonly eventId: string;
  readonly transactionId: string;
  readonly amountMinor: string;
  readonly currency: string;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly openedAt: string;
  readonly waitingSeconds: number;
  readonly escalations: number;
}

/** A point of the timeline. */
export interface Moment {
  /** ISO 8601. */
  readonly at: string;
  /** The function, machine or table that it is of. */
  readonly where: string;
  readonly kind: "log" | "record" | "state";
  readonly text: string;
  /** How it ended, in one word. */
  readonly word?: string;
  readonly ms?: number;
  /** What the line says besides; the log's fields are a closed list without personal data. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface RuleVerdict {
  readonly name: string;
  readonly description: string;
  readonly isMatch: boolean;
  /** JSON, as EventBridge has it. */
  readonly pattern: string;
  /** ARNs' last parts. */
  readonly targets: readonly string[];
}

export interface Execution {
  readonly arn: string;
  readonly machine: string;
  readonly type: "STANDARD" | "EXPRESS";
  /** Step Functions' word; RUNNING while it waits. */
  readonly status: string;
  readonly startedAt: string;
  readonly stoppedAt?: string;
  readonly states: readonly GraphState[];
  /** Names of the states in the order in which they were entered. */
  readonly path: readonly string[];
}

/** A state of a machine, and what became of it in an execution. */
export interface GraphState {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
  readonly isStart: boolean;
  readonly isEnd: boolean;
  readonly next: readonly { readonly to: string; readonly kind: "next" | "choice" | "default" | "catch" }[];
  /** Of a Parallel or Map: the states within. */
  readonly branches: readonly (readonly { readonly name: string; readonly isTaken: boolean; readonly ms?: number }[])[];
  /** How often it was entered. */
  readonly entered: number;
  readonly isRunning: boolean;
  readonly hasFailed: boolean;
  readonly retries: number;
  readonly ms?: number;
  readonly error?: string;
}

/** What X-Ray has of an event. */
export interface EventTraces {
  /** The event's own, the newest first, then those of the batches that it was worked on in. */
  readonly found: readonly TraceView[];
  /** Own traces that are older than those. */
  readonly olderCount: number;
  /** Why nothing is found: tracing is off in the environment, at this start, for all but a sample, or nothing is kept. */
  readonly absent?: "environment" | "none" | "rules" | "not-kept";
  /** So many traces are kept in memory, of all events. */
  readonly keep: number;
}

export interface TraceView {
  readonly id: string;
  readonly of: "event" | "batch";
  /** ISO 8601. */
  readonly startedAt: string;
  /** From its first beginning to its last end so far. */
  readonly tookMs: number;
  /** Some part of it isn't over. */
  readonly isPartial: boolean;
  /** Of eventId, provider and tier, those that it has. */
  readonly annotations: readonly { readonly key: string; readonly values: readonly string[] }[];
  /** Each below what it is a part of, and in the order in which they began. */
  readonly rows: readonly TraceRow[];
  /** It had more parts than are kept or shown. */
  readonly isCut: boolean;
}

/** A segment of a trace, or a part of one. */
export interface TraceRow {
  readonly id: string;
  readonly name: string;
  /** What kind of service it is of, such as `Lambda::Function`; a segment's alone. */
  readonly origin?: string;
  /** What was called, and how it was answered: a closed list, as in the traces themselves. */
  readonly detail?: string;
  /** 0 for what is no part of another. */
  readonly depth: number;
  /** From the begin of the trace. */
  readonly offsetMs: number;
  /** Absent while it isn't over. */
  readonly tookMs?: number;
  readonly marks: readonly TraceMark[];
}

/** The service's fault, the caller's error, too much at a time. */
export type TraceMark = "fault" | "error" | "throttle";

/** Where a row lies in the archive, or will. */
export interface ArchivePlace {
  readonly day: string;
  readonly hour: string;
  /** Key of the manifest that seals the day; absent while it isn't sealed. */
  readonly manifest?: string;
  /** First day on which the schedule seals it. */
  readonly dueOn: string;
}

/** An event's row, found in the archive. */
export interface ArchivedEvent {
  /** Key of the object that has the row. */
  readonly object: string;
  /** Whether the bytes that came in still have a valid signature, in words. */
  readonly said: string;
  readonly command: string;
}

export interface Queues {
  /** Those that a function reads. */
  readonly working: readonly WorkingQueue[];
  /** Those in which messages end. */
  readonly ends: readonly EndQueue[];
}

export interface WorkingQueue {
  readonly name: string;
  readonly waiting: number;
  readonly held: number;
  /** Of the message that waits longest. */
  readonly oldestMs?: number;
}

export interface EndQueue {
  readonly name: string;
  readonly waiting: number;
  readonly held: number;
  /** Where its messages go when they are redriven; why none can be, for `none`. */
  readonly redrive: {
    readonly kind: string;
    readonly name?: string;
    readonly url?: string;
    readonly arn?: string;
    readonly why?: string;
  };
}

/** What waits in a queue, without bodies: they may hold payment data. */
export interface Letters {
  readonly queue: string;
  readonly hasMore: boolean;
  readonly messages: readonly Letter[];
  readonly command: string;
}

interface Letter {
  readonly messageId: string;
  readonly eventId?: string;
  readonly reason?: string;
  readonly detail?: string;
  readonly firstSentAt: string;
  /** What books it under an id of its own, in a terminal; of one whose id is taken. */
  readonly ownIdCommand?: string;
}

export interface Redriven {
  readonly queue: string;
  readonly isDryRun: boolean;
  readonly sent: number;
  readonly stays: number;
  /** Among those that were sent: who lie there again. */
  readonly cameBack: number;
  readonly failed: number;
  readonly messages: readonly { readonly messageId: string; readonly outcome: string; readonly why?: string }[];
}

export interface ArchiveDays {
  /** Newest first. */
  readonly days: readonly ArchiveDay[];
  readonly bucket: string;
  /** The last audit since the start, if any. */
  readonly audit?: Audited;
  readonly today: string;
}

export interface ArchiveDay {
  readonly day: string;
  readonly manifest: string;
  /** Position in the chain. */
  readonly sequence: number;
  readonly sealedAt: string;
  readonly addenda: number;
  readonly facts: number;
  readonly undecided: number;
  readonly exceptions: number;
  readonly sizeBytes: number;
  readonly objects: number;
  /** Exact, in minor units. */
  readonly sums: readonly ArchiveSum[];
}

export interface ArchiveSum {
  readonly provider: string;
  readonly type: string;
  readonly currency: string;
  readonly amountMinor: string;
  readonly rows: number;
}

export interface Audited {
  readonly at: string;
  readonly isProven: boolean;
  readonly said: string;
  readonly command: string;
  readonly days: readonly { readonly day: string; readonly findings: number }[];
  readonly findings: readonly AuditFinding[];
  readonly warnings: readonly AuditFinding[];
}

export interface AuditFinding {
  readonly code: string;
  readonly message: string;
  /** Key in the bucket. */
  readonly object?: string;
  readonly day?: string;
}

export interface ReconciliationReport {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly windows: readonly {
    readonly provider: string;
    readonly account?: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly totalEventsChecked: number;
  readonly missedEvents: number;
  readonly failedEvents: number;
  readonly retriedEvents: number;
  readonly successfulRetries: number;
  readonly moneyMovementsChecked: number;
  readonly factsChecked: number;
  readonly totals: readonly ReconciliationTotals[];
  readonly unchecked: readonly {
    readonly provider: string;
    readonly part: string;
    readonly code: string;
    readonly detail: string;
  }[];
  readonly discrepancies: readonly Discrepancy[];
  readonly carried: readonly Discrepancy[];
}

export interface ReconciliationTotals {
  readonly provider: string;
  readonly currency: string;
  readonly theirPayments: string;
  readonly ourPayments: string;
  readonly theirRefunds: string;
  readonly ourRefunds: string;
}

export interface Reconciliation {
  /** Ids of runs, the newest first. */
  readonly runs: readonly string[];
  /** The worst first. */
  readonly open: readonly Discrepancy[];
  readonly isRunning: boolean;
}

export interface Discrepancy {
  readonly id: string;
  readonly severity: string;
  readonly kind: string;
  readonly status: string;
  readonly provider: string;
  readonly eventId?: string;
  readonly firstSeenAt: string;
  readonly action: string;
  readonly ours?: Side;
  readonly theirs?: Side;
}

interface Side {
  readonly amountMinor?: string;
  readonly currency?: string;
  readonly status?: string;
}
