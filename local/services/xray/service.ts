/** X-Ray inside the runtime: keeps the newest traces, and answers those who ask for them. */
import type { Operations } from "../operation.ts";
import { batchGetTraces } from "./batch-get-traces.ts";
import { getTraceSummaries } from "./get-trace-summaries.ts";
import { putTraceSegments } from "./put-trace-segments.ts";
import { createTraceStore, type Trace } from "./store.ts";

export interface XrayService {
  readonly operations: Operations;
  /** Takes a document from a service or the daemon. @throws AwsError InvalidRequestException */
  put(document: string): void;
  /** The traces that have something to do with an event, the newest first. */
  tracesOf(eventId: string): readonly Trace[];
  trace(id: string): Trace | undefined;
  /** So many traces are kept, the newest ones. */
  readonly keep: number;
}

/** A webhook's traces have some 20 KB. */
const keptTraces = 1_000;

export function createXrayService({ keep = keptTraces }: { readonly keep?: number } = {}): XrayService {
  const store = createTraceStore(keep);
  return {
    operations: {
      PutTraceSegments: putTraceSegments(store),
      // How the daemon is: nobody looks at it here.
      PutTelemetryRecords: async () => ({}),
      GetTraceSummaries: getTraceSummaries(store),
      BatchGetTraces: batchGetTraces(store),
    },
    put: store.put,
    tracesOf: store.ofEvent,
    trace: store.get,
    keep,
  };
}
