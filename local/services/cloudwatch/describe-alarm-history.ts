import type { DescribeAlarmHistoryCommandOutput } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { type CloudWatchDeps, name, nextToken, pageOf, time } from "./shared.ts";

const input = v.object({
  AlarmName: v.optional(name),
  AlarmTypes: v.optional(v.array(v.picklist(["MetricAlarm", "CompositeAlarm", "LogAlarm"])), ["MetricAlarm"]),
  HistoryItemType: v.optional(v.string()),
  StartDate: v.optional(time),
  EndDate: v.optional(time),
  MaxRecords: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 50),
  NextToken: nextToken,
  ScanBy: v.optional(v.picklist(["TimestampDescending", "TimestampAscending"]), "TimestampDescending"),
});

/** What alarms did since the start, newest first unless asked otherwise. */
export function describeAlarmHistory({ alarms }: CloudWatchDeps): Operation<DescribeAlarmHistoryCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    const { StartDate = Number.NEGATIVE_INFINITY, EndDate = Number.POSITIVE_INFINITY, AlarmTypes } = request;
    const found = alarms.history(request.AlarmName).filter(
      ({ alarmType, type, atMs }) =>
        // Who names an alarm has said what kind it is.
        (request.AlarmName !== undefined || AlarmTypes.includes(alarmType)) &&
        (request.HistoryItemType ?? type) === type &&
        atMs >= StartDate &&
        atMs <= EndDate,
    );
    const ordered = request.ScanBy === "TimestampAscending" ? found.toReversed() : found;
    const { items, next } = pageOf(ordered, { limit: request.MaxRecords, token: request.NextToken });
    return {
      AlarmHistoryItems: items.map(({ alarmName, alarmType, atMs, type, summary, data }) => ({
        AlarmName: alarmName,
        AlarmType: alarmType,
        Timestamp: new Date(atMs),
        HistoryItemType: type,
        HistorySummary: summary,
        HistoryData: data,
      })),
      ...next,
    };
  };
}
