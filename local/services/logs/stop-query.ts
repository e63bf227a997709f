import type { StopQueryCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import type { Queries } from "./queries.ts";
import { findQuery, invalidParameter } from "./shared.ts";

const input = v.object({ queryId: v.string() });

/** Ends a query that runs; it keeps the rows that it has by then. */
export function stopQuery(queries: Queries): Operation<StopQueryCommandOutput> {
  return async (_principal, members) => {
    const { queryId } = readInput(input, members, invalidParameter);
    const query = findQuery(queries, queryId);
    if (query.status !== "Running") {
      throw new AwsError(invalidParameter, `The specified query has ended already: it is ${query.status}.`);
    }
    query.status = "Cancelled";
    return { success: true };
  };
}
