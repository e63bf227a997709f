import type { GetLogEventsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
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
  logStreamName: name,
  startTime: time,
  endTime: time,
  limit: eventLimit,
  /** `f/` or `b/` and the sequence number that the page before ended or began with. */
  nextToken: v.optional(v.pipe(v.string(), v.regex(/^[fb]\/\d+$/, "not a token of this service"))),
  startFromHead: v.optional(v.boolean(), false),
});

/** One stream's events; without a token the latest ones, or the first ones with `startFromHead`. */
export function getLogEvents(deps: LogsDeps): Operation<GetLogEventsCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members, invalidParameter);
    const group = findGroup(deps, request);
    if (!group.streams.has(request.logStreamName)) {
      throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
    }
    const events = group.events().filter((event) => event.stream === request.logStreamName && within(event, request));
    const page = pageOf(events, request);
    const { nextToken = "f/0" } = request;
    const edge = nextToken.slice(2);
    return {
      events: page.map(({ timestamp, message, ingestedAt }) => ({ timestamp, message, ingestionTime: ingestedAt })),
      nextForwardToken: `f/${page.at(-1)?.sequence ?? edge}`,
      nextBackwardToken: `b/${page[0]?.sequence ?? edge}`,
    };
  };
}

function pageOf(events: readonly LogEvent[], request: v.InferOutput<typeof input>): readonly LogEvent[] {
  const { nextToken, limit, startFromHead } = request;
  const edge = Number(nextToken?.slice(2) ?? 0);
  const isForward = nextToken === undefined ? startFromHead : nextToken.startsWith("f");
  if (isForward)
    return fitting(
      events.filter((event) => event.sequence > edge),
      limit,
    );
  const older = nextToken === undefined ? events : events.filter((event) => event.sequence < edge);
  return fitting(older.toReversed(), limit).reverse();
}
