import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import type { TraceStore } from "./store.ts";

const input = v.object({ TraceSegmentDocuments: v.array(v.string()) });

/** Takes segments; those that it can't read come back, and the others are kept. */
export function putTraceSegments(store: TraceStore): Operation {
  return async (_principal, members) => {
    const { TraceSegmentDocuments } = readInput(input, members, "InvalidRequestException");
    const UnprocessedTraceSegments = TraceSegmentDocuments.flatMap((document) => {
      try {
        store.put(document);
        return [];
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return { ErrorCode: "InvalidSegment", Message: error.message };
      }
    });
    return { UnprocessedTraceSegments };
  };
}
