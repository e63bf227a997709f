/** CloudWatch Logs inside the runtime: what functions print, machines log and rules deliver, to be read and searched. */
import type { Operations } from "../operation.ts";
import { createLogStream } from "./create-log-stream.ts";
import { describeLogGroups } from "./describe-log-groups.ts";
import { describeLogStreams } from "./describe-log-streams.ts";
import { describeQueryDefinitions, type QueryDefinition } from "./describe-query-definitions.ts";
import { openLogFiles } from "./files.ts";
import { filterLogEvents } from "./filter-log-events.ts";
import { getLogEvents } from "./get-log-events.ts";
import { getQueryResults } from "./get-query-results.ts";
import { createLogGroup, type LogGroup } from "./groups.ts";
import { putLogEvents } from "./put-log-events.ts";
import { createQueries } from "./queries.ts";
import type { LogsDeps } from "./shared.ts";
import { startQuery } from "./start-query.ts";
import { stopQuery } from "./stop-query.ts";

export interface LogsServiceOptions {
  readonly groups: readonly { readonly name: string; readonly retentionDays?: number }[];
  /** Saved queries. */
  readonly queryDefinitions?: readonly QueryDefinition[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Where each group also has an append-only file. After a restart the API knows only what came since; files keep all. */
  readonly directory?: string;
  /** Told of everything that arrives, after it has. */
  readonly onEvents?: (
    groupName: string,
    entries: readonly { readonly timestamp: number; readonly message: string }[],
  ) => void;
  /** Called when a file can't be written. */
  readonly onFailure: (why: string) => void;
}

export interface LogsService {
  readonly operations: Operations;
  /**
   * Adds messages from inside the runtime, in order, with the time of now. A group that Terraform doesn't have is made,
   * as Lambda makes one without retention.
   */
  append(groupName: string, streamName: string, messages: readonly string[]): void;
  stop(): Promise<void>;
}

export function createLogsService({
  groups,
  queryDefinitions = [],
  now,
  directory,
  onEvents,
  onFailure,
}: LogsServiceOptions): LogsService {
  const files = directory === undefined ? undefined : openLogFiles(directory, onFailure);
  const createdAt = now();
  const byName = new Map<string, LogGroup>(
    groups.map(({ name, retentionDays }) => [name, createLogGroup({ name, retentionDays, createdAt })]),
  );
  const deps: LogsDeps = {
    groups: byName,
    now,
    append(group, stream, entries) {
      group.append(stream, entries, now());
      if (entries.length > 0)
        files?.write(
          group.name,
          entries.map((entry) => ({ ...entry, stream })),
        );
      onEvents?.(group.name, entries);
    },
  };
  const queries = createQueries();
  return {
    operations: {
      CreateLogStream: createLogStream(deps),
      PutLogEvents: putLogEvents(deps),
      DescribeLogGroups: describeLogGroups(deps),
      DescribeLogStreams: describeLogStreams(deps),
      GetLogEvents: getLogEvents(deps),
      FilterLogEvents: filterLogEvents(deps),
      StartQuery: startQuery(deps, queries),
      GetQueryResults: getQueryResults(queries),
      StopQuery: stopQuery(queries),
      DescribeQueryDefinitions: describeQueryDefinitions(queryDefinitions),
    },
    append(groupName, streamName, messages) {
      const group =
        byName.get(groupName) ?? createLogGroup({ name: groupName, retentionDays: undefined, createdAt: now() });
      byName.set(groupName, group);
      const timestamp = now();
      deps.append(
        group,
        streamName,
        messages.map((message) => ({ timestamp, message })),
      );
    },
    stop: async () => files?.close(),
  };
}
