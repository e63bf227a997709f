import type { FilterLogEventsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { compileFilterPattern } from "./filter-pattern.ts";
import type { LogEvent } from "./groups.ts";
import {
  eventLimit,
  findGroup,
  fitting,
  groupMembers,
  invalidParameter,
  type LogsDeps,
  name,
  time,
  within,
} from "./shared.ts";

const input = v.object({
  ...groupMembers,
  logStreamNames: v.optional(v.array(name)),
  logStreamNamePrefix: v.optional(v.string(), ""),
  startTime: time,
  endTime: time,
  filterPattern: v.optional(v.string(), ""),
  limit: eventLimit,
  /** The sequence number of the last event given. */
  nextToken: v.optional(v.pipe(v.string(), v.regex(/^\d+$/, "not a token of this service"))),
});

/** A group's events that match, over all its streams, in the order they came. */
export function filterLogEvents(deps: LogsDeps): Operation<FilterLogEventsCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members, invalidParameter);
    const group = findGroup(deps, request);
    const matches = compileFilterPattern(request.filterPattern);
    const streams = request.logStreamNames === undefined ? undefined : new Set(request.logStreamNames);
    const after = Number(request.nextToken ?? 0);
    const isWanted = (event: LogEvent) =>
      event.sequence > after &&
      within(event, request) &&
      streams?.has(event.stream) !== false &&
      event.stream.startsWith(request.logStreamNamePrefix) &&
      matches(event.message);
    const page = fitting(wanted(group.events(), isWanted), request.limit);
    const last = page.at(-1)?.sequence;
    const isMore = last !== undefined && last < (group.events().at(-1)?.sequence ?? 0);
    return {
      events: page.map(({ sequence, stream, timestamp, message, ingestedAt }) => ({
        logStreamName: stream,
        timestamp,
        message,
        ingestionTime: ingestedAt,
        eventId: String(sequence).padStart(56, "0"),
      })),
      searchedLogStreams: [],
      ...(isMore ? { nextToken: String(last) } : {}),
    };
  };
}

/** Looked at one by one, so that a page ends the search. */
function* wanted(events: readonly LogEvent[], isWanted: (event: LogEvent) => boolean): Generator<LogEvent> {
  for (const event of events) if (isWanted(event)) yield event;
}
