/** A run between two invocations: where it stands and what it has counted, as its state object holds it. */
import * as v from "valibot";
import type { PaymentEventType } from "../../../../config/events.ts";
import {
  discrepancySchema,
  ledgerProviders,
  reportedUnchecked,
  reportSchema,
  type Unchecked,
} from "../../../../config/reconciliation.ts";
import type { LedgerWindow } from "./provider-ledger.ts";
import { type AccountWindows, runIdOf } from "./windows.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const { windows, totals, unchecked, startedAt } = reportSchema.entries;
const account = v.object({ account: v.optional(v.string()) });
const window = v.object({ from: startedAt, to: startedAt });

export const runStateSchema = v.object({
  version: v.literal(1),
  runId: v.string(),
  scheduledAt: v.string(),
  startedAt,
  /** The window that a person gave. */
  from: v.optional(v.string()),
  to: v.optional(v.string()),
  /** Still to be checked; the first is under way. None when all is compared. */
  providers: v.array(v.picklist(ledgerProviders)),
  /** Where it stands with the first provider. */
  place: v.object({
    part: v.picklist(["accounts", "events", "money", "gone", "open", "facts"]),
    /** Those of a page of accounts that are still to be checked; the first is under way. */
    accounts: v.array(account),
    /** Where the next page of accounts begins; absent on the last. */
    nextAccounts: v.optional(v.string()),
    /** Of the account under way. */
    windows: v.optional(v.object({ events: window, money: window })),
    checkedBefore: v.optional(v.string()),
    /** Where the part's next page begins. */
    after: v.optional(v.string()),
    /** Place of the partition of our facts, counted from 0. */
    partition: count,
    /** Of the account's first event that somebody is working on. */
    inProgressSince: v.optional(v.string()),
    /** Whether all of the account could be checked so far, and all accounts listed. */
    isComplete: v.boolean(),
    isListComplete: v.boolean(),
    /** Accounts one after the other that the provider didn't answer for. */
    failuresInARow: count,
    isUnreachable: v.boolean(),
    /** The widest window of its accounts. */
    reach: v.optional(window),
    /** Facts of ours that the provider was asked for one by one. */
    asked: count,
    /** Whether the look at our facts has begun, and whether each could be asked for so far. */
    hasBegunFacts: v.optional(v.boolean(), false),
    isFactsComplete: v.optional(v.boolean(), true),
  }),
  windows,
  eventsChecked: count,
  movementsChecked: count,
  factsChecked: count,
  /** Whether anything was put into the queue. What an earlier version began may have been. */
  hasReentered: v.optional(v.boolean(), true),
  totals,
  unchecked,
  uncheckedLeftOut: count,
  /** Keys of the objects with what it has seen and found. */
  seen: v.array(v.string()),
  findings: v.array(v.string()),
  /** Whether the last of the findings may not have been carried out. */
  hasPending: v.boolean(),
});
export type RunState = v.InferOutput<typeof runStateSchema>;

const checkedPart = v.object({ provider: v.picklist(ledgerProviders), part: v.string(), until: v.string() });

/** What a run does about what it read since its last checkpoint. Doing it twice is harmless. */
export const findingsSchema = v.object({
  discrepancies: v.array(discrepancySchema),
  /** Messages for the queue `webhook-events`. */
  messages: v.array(v.string()),
  checked: v.array(checkedPart),
  /** Times that are forgotten: a person has resolved that the account is gone. */
  retired: v.optional(v.array(checkedPart), []),
  /** Events of which the provider has said whether it knows them. */
  answered: v.optional(v.array(v.string()), []),
});
export type Findings = v.InferOutput<typeof findingsSchema>;

/** What a run is asked to compare. */
export interface RunRequest {
  readonly scheduledAt: string;
  readonly runId?: string | undefined;
  readonly providers: RunState["providers"];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function freshState({ scheduledAt, runId, providers, from, to }: RunRequest, startedAt: string): RunState {
  return {
    version: 1,
    runId: runId ?? runIdOf(scheduledAt),
    scheduledAt,
    startedAt,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    providers: [...new Set(providers)],
    place: freshPlace(),
    windows: [],
    eventsChecked: 0,
    movementsChecked: 0,
    factsChecked: 0,
    hasReentered: false,
    totals: [],
    unchecked: [],
    uncheckedLeftOut: 0,
    seen: [],
    findings: [],
    hasPending: false,
  };
}

/** At the beginning of a provider. */
export function freshPlace(): RunState["place"] {
  return {
    part: "accounts",
    accounts: [],
    partition: 0,
    isComplete: true,
    isListComplete: true,
    failuresInARow: 0,
    isUnreachable: false,
    asked: 0,
    hasBegunFacts: false,
    isFactsComplete: true,
  };
}

/** Writes down what could not be checked; of very many, how many. */
export function addUnchecked(state: RunState, what: Unchecked): void {
  if (state.unchecked.length < reportedUnchecked) {
    const { eventId, code, detail } = what;
    state.unchecked.push({
      ...what,
      ...(eventId !== undefined && { eventId: eventId.slice(0, 512) }),
      code: code.slice(0, 64),
      detail: detail.slice(0, 1_000) || "no detail",
    });
  } else {
    state.uncheckedLeftOut += 1;
  }
}

/** Adds one event to the sums of its currency: what the provider says of it, and what we have. */
export function addToTotals(
  state: RunState,
  side: "their" | "our",
  about: {
    readonly provider: RunState["providers"][number];
    readonly type: PaymentEventType;
    readonly amountMinor?: bigint | string | undefined;
    readonly currency?: string | undefined;
  },
): void {
  const { provider, type, amountMinor, currency } = about;
  if (amountMinor === undefined || currency === undefined) return;
  const noun = type === "payment.succeeded" ? "Payments" : type === "refund.created" ? "Refunds" : undefined;
  if (noun === undefined) return;
  let total = state.totals.find((one) => one.provider === provider && one.currency === currency);
  if (total === undefined) {
    total = { provider, currency, theirPayments: "0", ourPayments: "0", theirRefunds: "0", ourRefunds: "0" };
    state.totals.push(total);
  }
  const name = `${side}${noun}` as const;
  total[name] = (BigInt(total[name]) + BigInt(amountMinor)).toString();
}

/** The widest of two windows. */
export function widened(before: LedgerWindow | undefined, { events }: AccountWindows): { from: string; to: string } {
  const { from, to } = events;
  if (before === undefined) return { from, to };
  return { from: before.from < from ? before.from : from, to: before.to > to ? before.to : to };
}

export function noFindings(): Findings {
  return { discrepancies: [], messages: [], checked: [], retired: [], answered: [] };
}
