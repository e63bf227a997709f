/** Log groups in memory: the newest events of each, in the order they came. */

export interface LogEvent {
  /** Rises by one per event of the group; the event's id. */
  readonly sequence: number;
  readonly stream: string;
  /** Epoch milliseconds, as the writer says. */
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  firstEventAt?: number;
  lastEventAt?: number;
  lastIngestedAt?: number;
}

export interface LogGroup {
  readonly name: string;
  readonly retentionDays: number | undefined;
  readonly createdAt: number;
  readonly streams: Map<string, LogStream>;
  /** Oldest first. */
  events(): readonly LogEvent[];
  storedBytes(): number;
  /** Makes the stream if need be. `at` is the ingestion's time. */
  append(
    stream: string,
    entries: readonly { readonly timestamp: number; readonly message: string }[],
    at: number,
  ): void;
}

/** Events and bytes of messages that a group keeps in memory; the oldest go first. Files keep everything. */
const groupLimits = { events: 100_000, bytes: 64 * 1024 * 1024 } as const;

const dayMs = 86_400_000;

export function createLogGroup(
  config: { readonly name: string; readonly retentionDays: number | undefined; readonly createdAt: number },
  limits: { readonly events: number; readonly bytes: number } = groupLimits,
): LogGroup {
  const streams = new Map<string, LogStream>();
  const retentionMs = (config.retentionDays ?? Number.POSITIVE_INFINITY) * dayMs;
  let ring: LogEvent[] = [];
  let first = 0;
  let bytes = 0;
  let sequence = 0;

  const dropOldest = (now: number) => {
    for (let oldest = ring[first]; oldest !== undefined; oldest = ring[first]) {
      const isFull = ring.length - first > limits.events || bytes > limits.bytes;
      if (!isFull && oldest.ingestedAt >= now - retentionMs) break;
      bytes -= Buffer.byteLength(oldest.message);
      first += 1;
    }
    // The dropped part is cut off only when it is half of the array, so that an append stays cheap.
    if (first > ring.length / 2) {
      ring = ring.slice(first);
      first = 0;
    }
  };

  return {
    ...config,
    streams,
    events: () => ring.slice(first),
    storedBytes: () => bytes,
    append(streamName, entries, at) {
      const stream: LogStream = streams.get(streamName) ?? { name: streamName, createdAt: at };
      streams.set(streamName, stream);
      for (const { timestamp, message } of entries) {
        sequence += 1;
        bytes += Buffer.byteLength(message);
        ring.push({ sequence, stream: streamName, timestamp, ingestedAt: at, message });
        stream.firstEventAt = Math.min(stream.firstEventAt ?? timestamp, timestamp);
        stream.lastEventAt = Math.max(stream.lastEventAt ?? timestamp, timestamp);
        stream.lastIngestedAt = at;
      }
      dropOldest(at);
    },
  };
}
