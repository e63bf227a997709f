/** The events that a replay is about, from the table while they aren't sealed and from the archive after that. */
import { join } from "node:path";
import { createPayloadReader } from "../../../lambdas/shared/aws/payload-reader.ts";
import { createBucketSource } from "../../archive/bucket-source.ts";
import { filesOf } from "../../archive/files.ts";
import { type ArchiveEvents, createArchiveEvents } from "../../replay/archive-events.ts";
import { createLedgerEvents } from "../../replay/ledger-events.ts";
import type { RecordedEvent } from "../../replay/recorded.ts";
import type { HourRange, TimeRange } from "../../replay/time-range.ts";
import { bucketOf, s3Of } from "../archive/on-archive.ts";
import type { CommonOptions, Connection } from "../context.ts";

export interface FindOptions extends CommonOptions {
  readonly bucket?: string;
  readonly cache?: string;
  readonly day?: string;
}

/** An event that was asked for and isn't recorded, with why that may be. */
export interface NotFound {
  readonly eventId: string;
  readonly why: string;
}

interface WithinOptions {
  readonly tier?: string | undefined;
  /** Told of each hour before it is looked at; false ends it there. */
  readonly begin: (hour: HourRange) => boolean;
}

export interface EventFinder {
  byIds(ids: readonly string[]): AsyncIterable<RecordedEvent | NotFound>;
  /** Each event once. Memory is bounded by what an hour has. */
  within(range: TimeRange, options: WithinOptions): AsyncIterable<RecordedEvent>;
}

export function createEventFinder(options: FindOptions, { target, clients, reader }: Connection): EventFinder {
  const s3 = s3Of(target);
  const ledger = createLedgerEvents(clients.dynamoDb, target.names, createPayloadReader(s3));
  let opened: Promise<ArchiveEvents> | undefined;

  /** Nothing is asked of the bucket before somebody needs it. */
  function archive(): Promise<ArchiveEvents> {
    opened ??= openArchive();
    return opened;
  }

  async function openArchive(): Promise<ArchiveEvents> {
    const bucket = await bucketOf(target, options.bucket);
    const source = createBucketSource(s3, { bucket, cache: options.cache ?? join(".local/archive", bucket) });
    // An hour's objects at a time, in the middle of a command that tells how far it is.
    const silent = { withRaw: false, tell: () => undefined };
    return createArchiveEvents({ source, bring: (manifests) => filesOf(source, manifests, silent) });
  }

  async function byId(eventId: string): Promise<RecordedEvent | NotFound> {
    const claim = await reader.claim(eventId);
    const { firstReceivedAt: receivedAt, firstOccurredAt: occurredAt } = claim ?? {};
    if (receivedAt !== undefined && occurredAt !== undefined) {
      const found = await ledger.byId(eventId, { receivedAt, occurredAt });
      if (found !== undefined) return found;
    }
    const day = options.day ?? receivedAt?.slice(0, "YYYY-MM-DD".length);
    if (day === undefined) {
      return {
        eventId,
        why: "processed-webhooks doesn't know it (any more): say the day of its first receipt, --day.",
      };
    }
    const found = await (await archive()).byId(eventId, day);
    if (found !== undefined) return found;
    const isUnrecorded = claim !== undefined && ["PROCESSING", "FAILED"].includes(claim.status);
    return {
      eventId,
      why: isUnrecorded
        ? "It was accepted and never recorded: its message is in webhook-events or its dead-letter queue (dlq redrive)."
        : `Neither the table nor the sealed objects of ${day} have it.`,
    };
  }

  return {
    async *byIds(ids) {
      for (const eventId of new Set(ids)) yield await byId(eventId);
    },
    async *within(range, { tier, begin }) {
      const archived = await archive();
      for (const hour of range.hours()) {
        if (!begin(hour)) return;
        // What is sealed stays in the table for a while.
        const seen = new Set<string>();
        const isWanted = (event: RecordedEvent) => {
          if (seen.has(event.eventId) || (tier !== undefined && event.tier !== tier)) return false;
          seen.add(event.eventId);
          return true;
        };
        for await (const event of archived.within(hour)) if (isWanted(event)) yield event;
        for await (const page of ledger.within(hour)) yield* page.filter(isWanted);
      }
    },
  };
}
