/** The newest traces, in memory: a trace is for looking at what has just happened. */
import { assembled, parseDocument, partsOf, type SegmentDocument, type SegmentPart } from "./documents.ts";

export interface Trace {
  readonly id: string;
  /** In the order in which they began, subsegments in their places. */
  readonly segments: readonly SegmentPart[];
  /** Epoch seconds. */
  readonly startTime: number;
  /** Of what is over; the start where nothing is. */
  readonly endTime: number;
  /** Some part of it has begun and isn't over. */
  readonly isPartial: boolean;
  /** All values of each annotation, in the order in which they came. */
  readonly annotations: ReadonlyMap<string, readonly AnnotationValue[]>;
  /** Documents were dropped, since it had too many. */
  readonly isCut: boolean;
}

type AnnotationValue = string | number | boolean;

export interface TraceStore {
  /** @throws AwsError InvalidRequestException */
  put(document: string): void;
  get(id: string): Trace | undefined;
  /** Those that began between two times (epoch seconds, both included), the newest first. */
  between(from: number, to: number): readonly Trace[];
  /** Those with a part that is annotated with the event's id, the newest first. */
  ofEvent(eventId: string): readonly Trace[];
}

interface Kept {
  /** JSON text by id: a segment that was sent while it was in progress is replaced by itself. */
  readonly documents: Map<string, string>;
  readonly eventIds: Set<unknown>;
  startTime: number;
  isCut: boolean;
}

/** Of a trace. X-Ray's own bound is 500 KB; one webhook has about twenty. */
const documentsLimit = 500;

/** `keep` bounds the memory: that many traces, of which the oldest goes first. */
export function createTraceStore(keep: number): TraceStore {
  const traces = new Map<string, Kept>();
  return {
    put(text) {
      const document = parseDocument(text);
      const { start_time: startTime } = document;
      const kept = traces.get(document.trace_id) ?? {
        documents: new Map(),
        eventIds: new Set(),
        startTime,
        isCut: false,
      };
      // A trace that grows is the newest one again.
      traces.delete(document.trace_id);
      traces.set(document.trace_id, kept);
      if (kept.documents.size < documentsLimit || kept.documents.has(document.id)) {
        kept.documents.set(document.id, text);
      } else kept.isCut = true;
      kept.startTime = Math.min(kept.startTime, startTime);
      for (const part of partsOf(document)) {
        const { eventId } = (part.annotations ?? {}) as { readonly eventId?: unknown };
        if (eventId !== undefined) kept.eventIds.add(eventId);
      }
      for (const oldest of traces.keys()) {
        if (traces.size <= keep) break;
        traces.delete(oldest);
      }
    },
    get(id) {
      const kept = traces.get(id);
      return kept && traceOf(id, kept);
    },
    between: (from, to) => newest(({ startTime }) => startTime >= from && startTime <= to),
    ofEvent: (eventId) => newest(({ eventIds }) => eventIds.has(eventId)),
  };

  /** Only those that are asked for are put together. */
  function newest(isWanted: (kept: Kept) => boolean): Trace[] {
    const wanted = [...traces].filter(([, kept]) => isWanted(kept)).sort(([, a], [, b]) => b.startTime - a.startTime);
    return wanted.map(([id, kept]) => traceOf(id, kept));
  }
}

function traceOf(id: string, { documents, isCut }: Kept): Trace {
  const segments = assembled([...documents.values()].map((text) => JSON.parse(text) as SegmentDocument));
  const parts = segments.flatMap(partsOf);
  const startTime = Math.min(...parts.map(({ start_time }) => start_time));
  const annotations = new Map<string, AnnotationValue[]>();
  for (const part of parts) {
    for (const [key, value] of Object.entries((part.annotations ?? {}) as Record<string, AnnotationValue>)) {
      const values = annotations.get(key) ?? [];
      if (!values.includes(value)) annotations.set(key, [...values, value]);
    }
  }
  return {
    id,
    segments,
    startTime,
    endTime: Math.max(startTime, ...parts.map(({ end_time }) => end_time ?? 0)),
    isPartial: parts.some(({ end_time }) => end_time === undefined),
    annotations,
    isCut,
  };
}
