import type { DescribeLogStreamsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import type { LogStream } from "./groups.ts";
import { findGroup, groupArn, groupMembers, invalidParameter, type LogsDeps, pageByName } from "./shared.ts";

const input = v.object({
  ...groupMembers,
  logStreamNamePrefix: v.optional(v.string(), ""),
  orderBy: v.optional(v.picklist(["LogStreamName", "LastEventTime"]), "LogStreamName"),
  descending: v.optional(v.boolean(), false),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 50),
  nextToken: v.optional(v.string()),
});

/** A group's streams, by name or by their last event. */
export function describeLogStreams(deps: LogsDeps): Operation<DescribeLogStreamsCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members, invalidParameter);
    const group = findGroup(deps, request);
    const keyOf = (stream: LogStream) =>
      request.orderBy === "LastEventTime" ? (stream.lastEventAt ?? 0) : stream.name;
    const direction = request.descending ? -1 : 1;
    const streams = [...group.streams.values()]
      .filter((stream) => stream.name.startsWith(request.logStreamNamePrefix))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -direction : direction));
    const page = pageByName(streams, { limit: request.limit, nextToken: request.nextToken }, (stream) => stream.name);
    return {
      logStreams: page.items.map((stream) => ({
        logStreamName: stream.name,
        creationTime: stream.createdAt,
        arn: `${groupArn(group.name)}:log-stream:${stream.name}`,
        ...(stream.firstEventAt === undefined ? {} : { firstEventTimestamp: stream.firstEventAt }),
        ...(stream.lastEventAt === undefined ? {} : { lastEventTimestamp: stream.lastEventAt }),
        ...(stream.lastIngestedAt === undefined ? {} : { lastIngestionTime: stream.lastIngestedAt }),
      })),
      ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
    };
  };
}
