import type { GetQueryResultsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import type { Queries } from "./queries.ts";
import { findQuery, invalidParameter } from "./shared.ts";

const input = v.object({ queryId: v.string() });

/** How far a query is, and its rows once it is complete. */
export function getQueryResults(queries: Queries): Operation<GetQueryResultsCommandOutput> {
  return async (_principal, members) => {
    const { queryId } = readInput(input, members, invalidParameter);
    const { status, answer } = findQuery(queries, queryId);
    return {
      queryLanguage: "CWLI",
      results: answer?.rows.map((row) => [...row]) ?? [],
      statistics: {
        recordsMatched: answer?.matched ?? 0,
        recordsScanned: answer?.scanned ?? 0,
        bytesScanned: answer?.bytes ?? 0,
      },
      status,
    };
  };
}
