import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import type { TraceStore } from "./store.ts";

/** Source: X-Ray API reference, BatchGetTraces. */
const largestBatch = 5;
const input = v.object({ TraceIds: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(largestBatch)) });

/** Traces with the documents of their segments; one that isn't there, or no more, is left out, as on AWS. */
export function batchGetTraces(store: TraceStore): Operation {
  return async (_principal, members) => {
    const { TraceIds } = readInput(input, members, "InvalidRequestException");
    return {
      Traces: TraceIds.flatMap((id) => {
        const trace = store.get(id);
        if (trace === undefined) return [];
        return {
          Id: id,
          Duration: trace.endTime - trace.startTime,
          LimitExceeded: trace.isCut,
          Segments: trace.segments.map((segment) => ({ Id: segment.id, Document: JSON.stringify(segment) })),
        };
      }),
      UnprocessedTraceIds: [],
    };
  };
}
