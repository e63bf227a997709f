/** The events of one execution, with AWS's names, ids and details. */
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { HistoryEvent, HistoryEventType } from "@aws-sdk/client-sfn";
import type { Lane } from "../asl/definition.ts";

/** An event as it is kept: times are epoch milliseconds, details without the type's own member around them. */
export interface RecordedEvent {
  readonly id: number;
  /** The event before it in its branch; 0 for the first. */
  readonly previousEventId: number;
  readonly at: number;
  readonly type: HistoryEventType;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface History {
  record(lane: Lane, type: HistoryEventType, details?: Readonly<Record<string, unknown>>): void;
  /** The branches below the lane have ended: its next event follows the latest of theirs. */
  join(lane: Lane): void;
  readonly events: readonly RecordedEvent[];
}

/** `onEvent` hears each event once, in order. Only with `keep` are they kept; an EXPRESS execution's go to the log. */
export function createHistory(options: {
  readonly now: () => number;
  readonly keep: boolean;
  readonly onEvent: (event: RecordedEvent) => void;
}): History {
  const events: RecordedEvent[] = [];
  const latest = new Map<Lane, number>();
  let id = 0;

  const latestAt = (lane: Lane | undefined): number =>
    lane === undefined ? 0 : (latest.get(lane) ?? latestAt(lane.parent));

  return {
    events,
    record(lane, type, details) {
      id += 1;
      const event = { id, previousEventId: latestAt(lane), at: options.now(), type, ...(details && { details }) };
      latest.set(lane, id);
      if (options.keep) events.push(event);
      options.onEvent(event);
    },
    join(lane) {
      let last = latestAt(lane);
      for (const [other, otherId] of latest) {
        if (!isBelow(other, lane)) continue;
        last = Math.max(last, otherId);
        latest.delete(other);
      }
      latest.set(lane, last);
    },
  };
}

function isBelow(lane: Lane, ancestor: Lane): boolean {
  return lane.parent !== undefined && (lane.parent === ancestor || isBelow(lane.parent, ancestor));
}

const executionData = new Set(["input", "inputDetails", "output", "outputDetails", "parameters", "result"]);

/** Details without inputs, outputs and parameters, for who didn't ask for execution data. */
export function withoutData(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).filter(([member]) => !executionData.has(member)));
}

/** As GetExecutionHistory answers it. */
export function toHistoryEvent(event: RecordedEvent, includeExecutionData: boolean): HistoryEvent {
  const { id, previousEventId, type, at, details } = event;
  const shown = details === undefined || includeExecutionData ? details : withoutData(details);
  return { timestamp: new Date(at), type, id, previousEventId, ...(shown && { [detailsMember(type)]: shown }) };
}

function detailsMember(type: HistoryEventType): string {
  if (type.endsWith("StateEntered")) return "stateEnteredEventDetails";
  if (type.endsWith("StateExited")) return "stateExitedEventDetails";
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

/** Histories repeat their input in every event, so a finished one is kept at a tenth of its size. */
export function packEvents(events: readonly RecordedEvent[]): Uint8Array {
  return zstdCompressSync(JSON.stringify(events));
}

export function unpackEvents(packed: Uint8Array): readonly RecordedEvent[] {
  return JSON.parse(zstdDecompressSync(packed).toString()) as readonly RecordedEvent[];
}
