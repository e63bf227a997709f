import type { DescribeLogGroupsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { groupArn, invalidParameter, type LogsDeps, pageByName } from "./shared.ts";

const input = v.object({
  logGroupNamePrefix: v.optional(v.string(), ""),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 50),
  nextToken: v.optional(v.string()),
});

/** The groups by name. */
export function describeLogGroups(deps: LogsDeps): Operation<DescribeLogGroupsCommandOutput> {
  return async (_principal, members) => {
    const { logGroupNamePrefix, limit, nextToken } = readInput(input, members, invalidParameter);
    const groups = [...deps.groups.values()]
      .filter((group) => group.name.startsWith(logGroupNamePrefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = pageByName(groups, { limit, nextToken }, (group) => group.name);
    return {
      logGroups: page.items.map((group) => ({
        logGroupName: group.name,
        creationTime: group.createdAt,
        ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
        metricFilterCount: 0,
        arn: `${groupArn(group.name)}:*`,
        logGroupArn: groupArn(group.name),
        storedBytes: group.storedBytes(),
        logGroupClass: "STANDARD",
      })),
      ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
    };
  };
}
