import type { GetDashboardCommandOutput, ListDashboardsCommandOutput } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { type CloudWatchDeps, invalidValue, name, nextToken } from "./shared.ts";

/** A dashboard's JSON, as the stacks have it. */
export function getDashboard({ dashboards }: CloudWatchDeps): Operation<GetDashboardCommandOutput> {
  return async (_principal, members) => {
    const { DashboardName } = readInput(v.object({ DashboardName: name }), members, invalidValue);
    const found = dashboards.find((dashboard) => dashboard.name === DashboardName);
    if (found === undefined) {
      throw new AwsError("DashboardNotFoundError", `Dashboard ${DashboardName} does not exist.`, { status: 404 });
    }
    return { DashboardArn: found.arn, DashboardBody: found.body, DashboardName };
  };
}

const list = v.object({ DashboardNamePrefix: v.optional(v.string(), ""), NextToken: nextToken });

export function listDashboards({ dashboards, startedAtMs }: CloudWatchDeps): Operation<ListDashboardsCommandOutput> {
  return async (_principal, members) => {
    const { DashboardNamePrefix } = readInput(list, members, invalidValue);
    const found = dashboards.filter((dashboard) => dashboard.name.startsWith(DashboardNamePrefix));
    return {
      DashboardEntries: found
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map((dashboard) => ({
          DashboardName: dashboard.name,
          DashboardArn: dashboard.arn,
          LastModified: new Date(startedAtMs),
          Size: Buffer.byteLength(dashboard.body),
        })),
    };
  };
}
