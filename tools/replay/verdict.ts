/** Whether an event is to be replayed, by what is recorded of it and how far it came. */
import type { Tier } from "../../config/events.ts";
import { youngestMs } from "../../lambdas/decision-sweep/due-hours.ts";
import type { ClaimRecord } from "../aws/records.ts";
import type { UndecidedEvent } from "../aws/undecided-events.ts";
import type { RecordedEvent } from "./recorded.ts";

export type Verdict =
  /** To be sent again. `why` is for the record where nobody gives a reason. */
  | { readonly kind: "replay"; readonly why: string; readonly force: boolean; readonly archived: boolean }
  /** It is where it should be. */
  | { readonly kind: "nothing"; readonly why: string }
  /** It can't be replayed, or must not be. */
  | { readonly kind: "refused"; readonly why: string };

export interface Findings {
  readonly recorded: RecordedEvent;
  /** Deduplication's claim; the table may have one that counts no more. */
  readonly claim: ClaimRecord | undefined;
  /** The state machine's claim; only for the tiers medium and high. */
  readonly workflow: ClaimRecord | undefined;
  /** As sweeps have found it, undecided. */
  readonly undecided: UndecidedEvent | undefined;
  /** Whether a decision is there by now, wherever. */
  readonly hasDecision: boolean;
  /** Whether a person is asked about it. */
  readonly isUnderReview: boolean;
  /** Where it would go today; absent where that wasn't asked, since it had a way when it came. */
  readonly tierToday?: Tier;
  readonly force: boolean;
  readonly nowMs: number;
}

/** Whether its way today matters: only an event that had none gets one. */
export function needsTierToday({ tier, hasDecision, sameFactAs }: RecordedEvent): boolean {
  return tier === "unroutable" && !hasDecision && sameFactAs === undefined;
}

export function verdictOn(findings: Findings): Verdict {
  const { recorded, claim, nowMs } = findings;
  if (recorded.sameFactAs !== undefined) return nothing(`It repeats ${recorded.sameFactAs}, and counts with that one.`);
  const isLive = claim?.ttl !== undefined && claim.ttl > Math.floor(nowMs / 1000);
  if (!isLive) return onForgotten(findings);
  switch (claim.status) {
    case "SKIPPED":
      return nothing(claim.result ?? "It was skipped.");
    case "COMPLETED":
      return onCompleted(findings);
    case "FAILED":
      return { kind: "replay", why: "It had failed before it was completed.", force: false, archived: false };
    default: {
      const isOver = claim.leaseExpiresAt !== undefined && claim.leaseExpiresAt <= nowMs;
      if (!isOver) return nothing("Somebody works on it at this moment.");
      return { kind: "replay", why: "Whoever worked on it has ended.", force: false, archived: false };
    }
  }
}

/** Every later stage knows the event, so another time on the bus takes effect where one of them had lost it. */
function onCompleted(findings: Findings): Verdict {
  const { recorded, force, hasDecision } = findings;
  if (recorded.tier === "unrouted") return nothing("There is no money in it: it goes nowhere.");
  if (recorded.tier === "unroutable") return onUnroutable(findings, false);
  if (!hasDecision) return onUndecided(findings);
  if (force) return { kind: "replay", why: "By force.", force, archived: false };
  return nothing("It is completed. --force puts it on the bus again.");
}

/** Completed, so the bus had it, and whatever was to decide on it has not. */
function onUndecided({ recorded, workflow, undecided, isUnderReview, force, nowMs }: Findings): Verdict {
  if (isUnderReview) return nothing("A person is asked about it: see reviews.");
  if (force) return { kind: "replay", why: "By force.", force, archived: false };
  const isHeld = workflow?.leaseExpiresAt === undefined || workflow.leaseExpiresAt > nowMs;
  if (workflow?.status === "PROCESSING" && isHeld) return nothing("Its workflow works on it at this moment.");
  if (undecided?.givenUp !== undefined) {
    const { by, why } = undecided.givenUp;
    return nothing(`${by} has given it up: ${why}. --force puts it on the bus again.`);
  }
  // A workflow that has ended had recorded its decision before.
  const isLost = undecided?.isOpen === true || workflow?.status === "COMPLETED";
  if (!isLost && Date.parse(recorded.receivedAt) > nowMs - youngestMs) {
    return nothing(
      "It is completed, and within an hour of its receipt its decision may be on its way. --force doesn't wait.",
    );
  }
  const why =
    workflow?.status === "COMPLETED"
      ? "Its workflow is completed, and there is no decision."
      : "It is completed, and was never decided.";
  return { kind: "replay", why, force: true, archived: false };
}

/**
 * Recorded, and its claim forgotten: what is sealed counts as completed. Later stages have forgotten it too, so an event
 * that they decided must not reach them again: it would be counted a second time.
 */
function onForgotten(findings: Findings): Verdict {
  const { recorded, force, hasDecision, isUnderReview } = findings;
  if (recorded.tier === "unrouted") return nothing("There is no money in it: it goes nowhere.");
  if (hasDecision) {
    const decided = `It is recorded in ${recorded.place} and decided`;
    if (!force) return nothing(`${decided}.`);
    return refused(`${decided}, longer ago than any stage remembers: on the bus again it would count twice.`);
  }
  if (isUnderReview) return nothing("A person is asked about it: see reviews.");
  if (recorded.tier === "unroutable") return onUnroutable(findings, true);
  if (force) return { kind: "replay", why: "By force.", force, archived: true };
  return nothing(`It is recorded in ${recorded.place} and was never decided. --force puts it on the bus again.`);
}

function onUnroutable({ tierToday, hasDecision }: Findings, archived: boolean): Verdict {
  if (hasDecision) return nothing("It had no way when it came, and is decided by now.");
  if (tierToday === undefined || tierToday === "unroutable" || tierToday === "unrouted") {
    return nothing("It has no usable amount, today as then: on the bus it would come to the queue unroutable again.");
  }
  return {
    kind: "replay",
    why: `It had no way when it came, and is routed as ${tierToday} today.`,
    force: true,
    archived,
  };
}

function nothing(why: string): Verdict {
  return { kind: "nothing", why };
}

function refused(why: string): Verdict {
  return { kind: "refused", why };
}
