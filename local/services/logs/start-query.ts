import type { StartQueryCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import type { LogGroup } from "./groups.ts";
import { limits } from "./insights/limits.ts";
import { parseQuery } from "./insights/parse-query.ts";
import type { LoggedEvent } from "./insights/row.ts";
import type { Queries } from "./queries.ts";
import { findGroup, invalidParameter, type LogsDeps, name } from "./shared.ts";

const names = v.optional(v.pipe(v.array(name), v.minLength(1), v.maxLength(limits.groups)));
const seconds = v.pipe(v.number(), v.integer(), v.minValue(0));
const input = v.object({
  logGroupName: v.optional(name),
  logGroupNames: names,
  logGroupIdentifiers: names,
  startTime: seconds,
  endTime: seconds,
  queryString: v.pipe(v.string(), v.minLength(1), v.maxLength(10_000)),
  queryLanguage: v.optional(v.literal("CWLI", "only Logs Insights' own language (CWLI) is covered locally")),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.results))),
});

/** Begins a query over groups and a range of time, both ends included, in epoch seconds. */
export function startQuery(deps: LogsDeps, queries: Queries): Operation<StartQueryCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members, invalidParameter);
    const { logGroupName, logGroupNames, logGroupIdentifiers, startTime, endTime, queryString, limit } = request;
    const given = [logGroupName && [logGroupName], logGroupNames, logGroupIdentifiers].filter(
      (one) => one !== undefined,
    );
    const [identifiers] = given;
    if (given.length !== 1 || !identifiers) {
      const message = "Give one of logGroupName, logGroupNames and logGroupIdentifiers; SOURCE isn't covered locally.";
      throw new AwsError(invalidParameter, message);
    }
    if (endTime < startTime) throw new AwsError(invalidParameter, "endTime lies before startTime.");
    const query = parseQuery(queryString);
    const groups = identifiers.map((logGroupIdentifier) => findGroup(deps, { logGroupIdentifier }));
    const events = groups.flatMap((group) => eventsOf(group, startTime * 1_000, (endTime + 1) * 1_000));
    return { queryId: queries.start(query, events, limit) };
  };
}

function eventsOf(group: LogGroup, fromMs: number, toMs: number): readonly LoggedEvent[] {
  return group
    .events()
    .filter(({ timestamp }) => timestamp >= fromMs && timestamp < toMs)
    .map((event) => ({ ...event, group: group.name, pointer: pointerOf(group.name, event.sequence) }));
}

function pointerOf(group: string, sequence: number): string {
  return Buffer.from(`${group}#${sequence}`).toString("base64url");
}
