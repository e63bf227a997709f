/**
 * Sends recorded events through the pipeline again: by their own bytes, translated anew, with who and why. What was
 * completed is left alone, and what is sent twice takes effect once, so a run that was cut off is just run again.
 */
import type { PaymentEvent, ReplayNote, RoutingThresholds, Tier } from "../../config/events.ts";
import { workflowClaimKey } from "../../lambdas/shared/domain/claims.ts";
import type { TierOf } from "../../lambdas/shared/domain/routing.ts";
import { messagesOf } from "../../lambdas/shared/domain/webhook-messages.ts";
import type { PayloadStore, WebhookQueue } from "../../lambdas/shared/domain/webhook-ports.ts";
import { ArchiveError } from "../archive/archive-error.ts";
import type { ClaimRecord } from "../aws/records.ts";
import type { Reopening } from "../aws/reopen-workflow.ts";
import type { UndecidedEvent } from "../aws/undecided-events.ts";
import type { RawDelivery, RecordedEvent } from "./recorded.ts";
import { translateAgain } from "./translation.ts";
import { needsTierToday, type Verdict, verdictOn } from "./verdict.ts";

export interface ReplayPorts {
  /** `key` is an event id (the deduplication's claim) or `workflow#<eventId>`. */
  claim(key: string): Promise<ClaimRecord | undefined>;
  /** Undefined where no sweep has found it undecided. */
  undecided(eventId: string): Promise<UndecidedEvent | undefined>;
  /** Lets a workflow take the event once more; does nothing where its claim has changed since. */
  reopenWorkflow(reopening: Reopening): Promise<void>;
  /** Whether the table has a decision on the event, also where the archive has none yet. */
  isDecided(event: RecordedEvent): Promise<boolean>;
  isUnderReview(eventId: string): Promise<boolean>;
  /** The value of the provider's secret; undefined where there is none. */
  secretOf(provider: string): Promise<unknown>;
  readonly queue: WebhookQueue;
  readonly payloads: PayloadStore;
  readonly tierOf: TierOf;
  readonly thresholds: RoutingThresholds;
  /** Awaited before each message. */
  readonly pace: () => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface ReplayOrder {
  readonly force: boolean;
  /** Without it nothing is sent. */
  readonly go: boolean;
  readonly by: string;
  /** Absent where nobody gave a reason: then it is what was found. */
  readonly why?: string;
}

export type ReplayOutcome = {
  /** `sent` is `would-send` in a dry run. */
  readonly kind: "sent" | "would-send" | "nothing" | "refused" | "not-found";
  readonly why: string;
};

/** What becomes of one recorded event. Errors of AWS are thrown; what is wrong with the event is an outcome. */
export async function replayEvent(
  recorded: RecordedEvent,
  order: ReplayOrder,
  ports: ReplayPorts,
): Promise<ReplayOutcome> {
  const { eventId } = recorded;
  // A workflow records its decision before it ends: read in this order, an ended one without a decision has lost it.
  const [claim, workflow] = await Promise.all([ports.claim(eventId), ports.claim(workflowClaimKey(eventId))]);
  const [isDecided, isUnderReview] = await Promise.all([ports.isDecided(recorded), ports.isUnderReview(eventId)]);
  const hasDecision = recorded.hasDecision || isDecided;
  const undecided = hasDecision ? undefined : await ports.undecided(eventId);
  const now = { nowMs: ports.now(), force: order.force, claim, workflow, undecided, hasDecision };
  const wayToday = needsTierToday({ ...recorded, hasDecision: now.hasDecision })
    ? await translated(recorded, ports)
    : undefined;
  if (wayToday?.kind === "problem") return { kind: "refused", why: wayToday.why };
  const tierToday: Tier | undefined = wayToday && ports.tierOf(wayToday.event);
  const verdict = verdictOn({ recorded, isUnderReview, ...now, ...(tierToday && { tierToday }) });
  if (verdict.kind !== "replay") return verdict;
  const found = wayToday ?? (await translated(recorded, ports));
  if (found.kind === "problem") return { kind: "refused", why: found.why };
  const why = order.why ?? verdict.why;
  if (!order.go) return { kind: "would-send", why };
  await ports.pace();
  if (!hasDecision && workflow?.status === "COMPLETED") {
    await ports.reopenWorkflow({ eventId, claim: workflow, why: `Replayed by ${order.by}: ${why}` });
  }
  await send(found, noteOf(verdict, { ...order, why, claim, nowMs: ports.now() }), ports);
  return { kind: "sent", why };
}

interface TranslatedBytes {
  readonly kind: "event";
  readonly event: PaymentEvent;
  readonly raw: RawDelivery;
}

async function translated(
  recorded: RecordedEvent,
  { secretOf, thresholds }: ReplayPorts,
): Promise<TranslatedBytes | { readonly kind: "problem"; readonly why: string }> {
  try {
    const raw = await recorded.bytes();
    if (raw === undefined) return { kind: "problem", why: `Its bytes are not in ${recorded.place} any more.` };
    const again = translateAgain(recorded, raw, { secretValue: await secretOf(recorded.provider), thresholds });
    return again.kind === "event" ? { ...again, raw } : again;
  } catch (error) {
    if (error instanceof ArchiveError) return { kind: "problem", why: error.message };
    throw error;
  }
}

interface NoteParts extends Pick<ReplayOrder, "by"> {
  readonly why: string;
  readonly claim: ClaimRecord | undefined;
  readonly nowMs: number;
}

function noteOf(
  { force, archived }: Extract<Verdict, { readonly kind: "replay" }>,
  { by, why, claim, nowMs }: NoteParts,
): ReplayNote {
  const firstContent = claim?.firstContent;
  return {
    by,
    why,
    at: new Date(nowMs).toISOString(),
    ...(force && { force: true }),
    // What is recorded without a living claim must be put on the bus and not be booked anew.
    ...(archived && { force: true, archived: true }),
    ...(firstContent !== undefined && { firstContent }),
  };
}

/** No signature is made up: the headers are those that came with the bytes (WEBHOOK_RULES 17). */
async function send(
  { event, raw }: TranslatedBytes,
  replay: ReplayNote,
  { queue, payloads }: ReplayPorts,
): Promise<void> {
  const { headers, body, sha256: bodySha256 } = raw;
  await queue.send(
    await messagesOf({ source: "replay", events: [event], headers, body, bodySha256, replay }, payloads),
  );
}
