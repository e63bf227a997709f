/** CloudWatch Logs, asked for what holds a text. */
import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogSearch } from "./event-lines.ts";
import type { LogEvent } from "./line.ts";

export function createLogSearch(client: CloudWatchLogsClient): LogSearch {
  return {
    async find(logGroup, text, { fromMs, toMs }, limit) {
      const filterPattern = `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
      const range = { startTime: fromMs, ...(toMs !== undefined && { endTime: toMs }) };
      const events: LogEvent[] = [];
      try {
        const pages = paginateFilterLogEvents({ client }, { logGroupName: logGroup, filterPattern, ...range });
        for await (const page of pages) {
          for (const { eventId = "", logStreamName = "", timestamp = 0, message = "" } of page.events ?? []) {
            events.push({ id: eventId, stream: logStreamName, timestamp, message });
          }
          if (events.length >= limit) break;
        }
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
      return events.slice(0, limit);
    },
  };
}
