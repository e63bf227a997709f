/** Which stretch of time a run compares. Times are ISO 8601 UTC with milliseconds unless they end in Ms. */

import { archiveShards } from "../../../../config/events.ts";
import {
  reconciliationMarginMinutes,
  reconciliationOverlapMinutes,
  reconciliationReachDays,
} from "../../../../config/reconciliation.ts";
import { partitionName } from "../archive/days.ts";
import type { LedgerWindow } from "./provider-ledger.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const marginMs = reconciliationMarginMinutes * minuteMs;
const overlapMs = reconciliationOverlapMinutes * minuteMs;

/** The windows of one account. */
export interface AccountWindows {
  readonly events: LedgerWindow;
  /**
   * Within the events' window by a margin: what a movement's event was found to be is known before the movement is
   * looked at, although the two bear different times.
   */
  readonly money: LedgerWindow;
  /** What should be checked and lies too far back for the provider's list. */
  readonly outOfReach?: LedgerWindow;
  /** Where nothing is left of what a person asked for: it lies out of reach, or is yet to come. */
  readonly isEmpty?: true;
}

export interface WindowRequest {
  readonly scheduledAt: string;
  /** Given by a person. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** How far the account was checked before. */
  readonly checkedUntil?: string | undefined;
}

/**
 * A day back and the overlap, or as far back as the account was checked before; up to a margin before the run, since
 * what has just happened is under way still. Windows that a person gives are taken as they are, as far as they lie
 * between what the provider remembers and the run itself: what is left of an older one is empty, and said.
 */
export function windowsOf({ scheduledAt, from, to, checkedUntil }: WindowRequest): AccountWindows {
  const scheduledMs = Date.parse(scheduledAt);
  const latestMs = scheduledMs - marginMs;
  const reachMs = scheduledMs - reconciliationReachDays * dayMs;
  const sinceMs = Math.min(scheduledMs - dayMs, checkedUntil === undefined ? Infinity : Date.parse(checkedUntil));
  const wantedMs = from === undefined ? sinceMs - overlapMs : Date.parse(from);
  const toMs = to === undefined ? latestMs : Math.min(Date.parse(to), scheduledMs);
  const fromMs = Math.min(Math.max(wantedMs, reachMs), toMs);
  // The overlap was checked by the run before: only what that one hasn't seen is missing.
  const missedMs = from === undefined ? sinceMs : wantedMs;
  return {
    events: windowOf(fromMs - marginMs, Math.max(toMs, Math.min(toMs + marginMs, latestMs))),
    money: windowOf(fromMs, to === undefined ? toMs - marginMs : toMs),
    ...(missedMs < reachMs && {
      outOfReach: windowOf(missedMs, from === undefined ? reachMs : Math.min(reachMs, toMs)),
    }),
    ...(fromMs >= toMs && { isEmpty: true }),
  };
}

/**
 * How far an account counts as checked after a run; undefined leaves it where it was. What is in progress is looked at
 * by the next run, and what could not be checked is checked again, from where this run began.
 */
export function checkedUntilAfter(about: {
  readonly windows: AccountWindows;
  readonly before: string | undefined;
  readonly isComplete: boolean;
  /** Of the first event in progress. */
  readonly inProgressSince: string | undefined;
  /** Whether a person gave the window. */
  readonly isByHand: boolean;
}): string | undefined {
  const { windows, before, isComplete, inProgressSince, isByHand } = about;
  if (before === undefined && isByHand) return undefined;
  const { outOfReach } = windows;
  if (!isComplete) {
    return before === undefined ? isoOf(Date.parse(windows.money.from) + overlapMs) : undefined;
  }
  const reached = [windows.money.to, inProgressSince ?? windows.money.to].toSorted()[0] ?? windows.money.to;
  if (before === undefined) return reached;
  // What is out of reach was said to be unchecked: waiting for it would say so every night, and mean nothing.
  const hasGap = windows.money.from > before && (isByHand || outOfReach === undefined);
  return hasGap || reached <= before ? undefined : reached;
}

/** `20261120T020000Z` of a scheduled time. */
export function runIdOf(scheduledAt: string): string {
  return isoOf(Date.parse(scheduledAt))
    .replace(/\.\d{3}/, "")
    .replaceAll(/[-:]/g, "");
}

/**
 * The partitions of the archive's index that a window touches, by their places from 0: hour by hour, in each of them shard
 * by shard. Undefined beyond the last.
 */
export function partitionAt({ from, to }: LedgerWindow, place: number): string | undefined {
  const first = Math.floor(Date.parse(from) / hourMs);
  const hours = Math.ceil(Date.parse(to) / hourMs) - first;
  const hour = Math.floor(place / archiveShards);
  if (hour >= hours) return undefined;
  const start = isoOf((first + hour) * hourMs);
  return partitionName(
    start.slice(0, "YYYY-MM-DD".length),
    start.slice("YYYY-MM-DDT".length, -":MM:SS.mmmZ".length),
    place % archiveShards,
  );
}

function windowOf(fromMs: number, toMs: number): LedgerWindow {
  return { from: isoOf(fromMs), to: isoOf(toMs) };
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
