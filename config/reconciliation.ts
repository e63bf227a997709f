/**
 * The reconciliation's contracts: what is compared with a provider's own ledger, what a discrepancy is, and what a run's
 * report says. The function that finds, the store that carries and the tools that show all go by these.
 *
 * A provider's event list proves completeness, its balance transactions prove money (WEBHOOK_RULES 17). What could not
 * be checked is said as such: it is never counted as fine.
 */
import * as v from "valibot";
import { minorUnits, type PaymentEventType } from "./events.ts";

/** Providers whose ledger can be read: each has a `ledger.ts` in its folder under lambdas/shared/providers. */
export const ledgerProviders = ["stripe", "paypal"] as const;
export type LedgerProvider = (typeof ledgerProviders)[number];

export const severities = ["CRITICAL", "HIGH", "MEDIUM"] as const;
export type Severity = (typeof severities)[number];

/**
 * What can be wrong, how bad it is, and what the run does about it by itself. The platform's list of severities sets most
 * of them. What it calls a payment without a booking is money that our books know nothing of, HIGH: the provider's own
 * books hold it, nobody decides wrongly for its sake, and it stays open until somebody looks. It doesn't name an event
 * that counts as processed and isn't in our books. That one is CRITICAL, since whoever asks for the event is told that
 * all is well: the ledger broke its promise, so that its other entries are in doubt, too.
 */
export const discrepancyKinds = {
  "missed-critical-event": { severity: "CRITICAL", action: "re-entered" },
  "missed-event": { severity: "MEDIUM", action: "re-entered" },
  /** FAILED: runs send it through the queue again, as they do what was missed. */
  "failed-event": { severity: "MEDIUM", action: "retried" },
  /**
   * Not taken after as many runs as send an event again, or not to be had from the provider any more: a person has to
   * look. It stays CRITICAL where it was found as `missed-critical-event`.
   */
  "failed-for-good": { severity: "HIGH", action: "none" },
  /** PROCESSING past its lease: whoever held it is gone. */
  "processing-expired": { severity: "HIGH", action: "retried" },
  /** COMPLETED, and the ledger has no fact of it. */
  "not-recorded": { severity: "CRITICAL", action: "none" },
  "amount-mismatch": { severity: "CRITICAL", action: "none" },
  "currency-mismatch": { severity: "CRITICAL", action: "none" },
  /** The provider says succeeded, we say otherwise, or the reverse. */
  "status-mismatch": { severity: "HIGH", action: "none" },
  /** Money that the provider moved and that we know nothing of. */
  "unknown-money": { severity: "HIGH", action: "none" },
  /** A fact of ours that the provider doesn't know. */
  "unknown-to-provider": { severity: "CRITICAL", action: "none" },
  /** A connected account that was checked before isn't among the provider's any more: since then nothing of it is. */
  "account-gone": { severity: "HIGH", action: "none" },
} as const satisfies Record<
  string,
  { readonly severity: Severity; readonly action: "none" | "re-entered" | "retried" }
>;
export type DiscrepancyKind = keyof typeof discrepancyKinds;

/** Events without which money or somebody's claim to it would go unnoticed: a missed one is CRITICAL. */
export const criticalEventTypes: ReadonlySet<PaymentEventType> = new Set([
  "payment.succeeded",
  "payment.failed",
  "dispute.opened",
  "payout.paid",
  "payout.failed",
]);
/** The same by a provider's own word, where ours doesn't tell it from others. */
export const criticalProviderTypes: ReadonlySet<string> = new Set([
  "charge.succeeded",
  "charge.failed",
  "transfer.created",
]);

const isoUtc = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "not a UTC time"));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = (maxLength: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength));

/** One side of a comparison, as far as it is known. */
const side = v.object({
  amountMinor: v.optional(minorUnits),
  currency: v.optional(v.string()),
  /** Our word for the event's type, or the claim's status. */
  status: v.optional(v.string()),
});

export const discrepancySchema = v.object({
  /** Same trouble, same id, whichever run finds it: derived from kind, provider and subject (event, else money). */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "not an id of a discrepancy")),
  kind: v.picklist(Object.keys(discrepancyKinds) as [DiscrepancyKind, ...DiscrepancyKind[]]),
  severity: v.picklist(severities),
  provider: v.picklist(ledgerProviders),
  /** The provider's id of the connected account; absent for the account whose key is used. */
  account: v.optional(text(256)),
  eventId: v.optional(text(512)),
  transactionId: v.optional(text(512)),
  /** The provider's id of the money's entry in its books, where money showed it. */
  movementId: v.optional(text(256)),
  /** So many facts of ours said the same of such money when it was found: one more settles it. */
  sameMoney: v.optional(count),
  /** The provider's word: type of event, or kind of balance transaction. */
  providerType: v.optional(text(256)),
  /** Of an account that is gone: until when it was checked. */
  occurredAt: v.optional(isoUtc),
  ours: v.optional(side),
  theirs: v.optional(side),
  action: v.picklist(["none", "re-entered", "retried"]),
  /** Runs that have sent the event through the queue: see limits.reconciliationRetries. */
  retries: v.optional(count),
  /**
   * REPAIRED by a run, once what it re-entered is completed; RESOLVED by a person, with a reason, or by the run that found
   * another discrepancy in its place.
   */
  status: v.picklist(["OPEN", "REPAIRED", "RESOLVED"]),
  firstSeenAt: isoUtc,
  firstRun: text(64),
  lastSeenAt: isoUtc,
  lastRun: text(64),
  closedAt: v.optional(isoUtc),
  closedBy: v.optional(text(256)),
  why: v.optional(text(1_000)),
});
export type Discrepancy = v.InferOutput<typeof discrepancySchema>;

/** What a run could not check, and why: it stays to be checked, and rings. */
const unchecked = v.object({
  provider: v.picklist(ledgerProviders),
  account: v.optional(v.string()),
  /** Which of its parts: its accounts, its events, its money, our facts, one event, or one of the open discrepancies. */
  part: v.picklist(["accounts", "events", "money", "facts", "event", "discrepancy"]),
  eventId: v.optional(v.string()),
  from: v.optional(isoUtc),
  to: v.optional(isoUtc),
  code: text(64),
  detail: text(1_000),
});
export type Unchecked = v.InferOutput<typeof unchecked>;

/** Sums of one provider and currency over the run's window, minor units, exact. */
const totals = v.object({
  provider: v.picklist(ledgerProviders),
  currency: v.string(),
  /** What the provider's events say was paid and refunded, and what we have recorded of the same events. */
  theirPayments: minorUnits,
  ourPayments: minorUnits,
  theirRefunds: minorUnits,
  ourRefunds: minorUnits,
});

export const reportSchema = v.object({
  version: v.literal(1),
  environment: v.string(),
  /** `<day>T<time>Z` of the scheduled time, without colons: `20261120T020000Z`. */
  runId: text(64),
  startedAt: isoUtc,
  /** Of the last invocation; a run takes several where one isn't long enough. */
  finishedAt: isoUtc,
  durationMs: count,
  windows: v.array(
    v.object({ provider: v.picklist(ledgerProviders), account: v.optional(v.string()), from: isoUtc, to: isoUtc }),
  ),
  totalEventsChecked: count,
  missedEvents: count,
  failedEvents: count,
  retriedEvents: count,
  successfulRetries: count,
  moneyMovementsChecked: count,
  factsChecked: count,
  totals: v.array(totals),
  unchecked: v.array(unchecked),
  /** Found by this run, open or repaired. */
  discrepancies: v.array(discrepancySchema),
  /** Open since an earlier run; REPAIRED where this run has seen that it is settled. */
  carried: v.array(discrepancySchema),
  /** What the lists above have no room for: the table `reconciliation` has all discrepancies. */
  leftOut: v.object({ discrepancies: count, carried: count, unchecked: count }),
  /** Sums over everything, whether it is listed or left out. */
  open: v.object({ found: count, foundCritical: count, carried: count, carriedCritical: count }),
});
export type ReconciliationReport = v.InferOutput<typeof reportSchema>;

/** Where a run's report lies in the archive's bucket. `day` is the UTC day of the scheduled time. */
export const reportKeys = {
  json: (day: string, runId: string) => `reconciliation/dt=${day}/run=${runId}/report.json`,
  html: (day: string, runId: string) => `reconciliation/dt=${day}/run=${runId}/report.html`,
} as const;

/**
 * What a run keeps while it is under way, in the archive's bucket and no part of the archive. Names end in a hash of what
 * they hold, so that an attempt that crashed never stands in another one's way.
 */
export const reconciliationStagingKeys = {
  state: (runId: string, hash: string) => `staging/reconciliation/${runId}/state-${hash}.json`,
  /** What it found and put on the queue between two checkpoints. */
  findings: (runId: string, hash: string) => `staging/reconciliation/${runId}/findings-${hash}.json`,
  /** Fingerprints of what it has read. */
  seen: (runId: string, hash: string) => `staging/reconciliation/${runId}/seen-${hash}.bin`,
  /** Fingerprints of our facts of which a provider has said whether it knows them: later runs needn't ask again. */
  answered: (hash: string) => `staging/reconciliation/answered/${hash}.bin`,
  answers: "staging/reconciliation/answered/",
  /** Ids of the discrepancies that were open when its report was begun. */
  carried: (runId: string) => `staging/reconciliation/${runId}/carried.json`,
} as const;

/** A run looks back a day, and this much further, since events come late and clocks differ. */
export const reconciliationOverlapMinutes = 120;
/** What happened this shortly before the run may be under way still: the next run's overlap has it. */
export const reconciliationMarginMinutes = 15;
/**
 * A closed discrepancy leaves the table after so many days: a financial year, and half a year in which it is audited. The
 * reports in the archive name it for good. It is far longer than any run looks back, so that what a person resolved isn't
 * found anew.
 */
export const closedDiscrepancyDays = 550;
/** No run looks back further than this: Stripe lists events for 30 days. What lies before is said to be unchecked. */
export const reconciliationReachDays = 30;
/** The report lists so many of each: those of the worst severity. */
export const reportedDiscrepancies = 5_000;
export const reportedUnchecked = 500;
