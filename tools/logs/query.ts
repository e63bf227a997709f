/** Saved queries of Logs Insights, asked and waited for. */
import {
  type CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { type LogQuery, type LogQueryParameter, logQueryText } from "../../config/log-queries.ts";
import { inParallel } from "../../lambdas/shared/domain/in-parallel.ts";
import { inJson } from "./event-lines.ts";

export type QueryRow = Readonly<Record<string, string>>;

export type QueryEnd =
  | {
      readonly kind: "complete";
      readonly rows: readonly QueryRow[];
      readonly scanned: number;
      readonly scannedBytes: number;
    }
  /** `status` is CloudWatch's: Failed, Timeout, Cancelled … */
  | { readonly kind: "ended"; readonly status: string }
  | { readonly kind: "stopped" }
  /** It took longer than somebody waits. */
  | { readonly kind: "slow" };

export interface QueryOrder {
  readonly text: string;
  readonly logGroups: readonly string[];
  /** Epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit?: number;
}

export interface Patience {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly pollMs: number;
  readonly limitMs: number;
  readonly isStopped: () => boolean;
}

/** A query's text with what it is asked about in place of the words that stand for it. */
export function filledText(query: LogQuery, values: Readonly<Partial<Record<LogQueryParameter, string>>>): string {
  return query.parameters.reduce((text, parameter) => {
    const value = written[parameter](values[parameter] ?? "");
    return text.replaceAll(parameter, () => value);
  }, logQueryText(query));
}

/** How a query has what it is asked about, so that no id ends the text or the pattern that it stands in. */
const written: Readonly<Record<LogQueryParameter, (value: string) => string>> = {
  EVENT_ID: (eventId) => {
    const { once, twice } = inJson(eventId);
    const forms = [...new Set([once, twice])].map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
    return forms.length === 1 ? forms.join() : `(?:${forms.join("|")})`;
  },
  CUSTOMER_ID: (customerId) => customerId.replaceAll(/["\\]/g, "\\$&"),
};

/** A query that nobody waits for any longer is stopped: it would go on scanning, which costs. */
export async function ask(client: CloudWatchLogsClient, order: QueryOrder, patience: Patience): Promise<QueryEnd> {
  const { queryId } = await client.send(
    new StartQueryCommand({
      queryString: order.text,
      logGroupNames: [...order.logGroups],
      startTime: Math.floor(order.fromMs / 1_000),
      endTime: Math.ceil(order.toMs / 1_000),
      ...(order.limit !== undefined && { limit: order.limit }),
    }),
  );
  const deadlineMs = patience.now() + patience.limitMs;
  for (;;) {
    const { status = "Unknown", results = [], statistics } = await client.send(new GetQueryResultsCommand({ queryId }));
    if (status === "Complete") {
      const rows = results.map((row) =>
        Object.fromEntries(row.flatMap(({ field = "", value = "" }) => (field === "@ptr" ? [] : [[field, value]]))),
      );
      const { recordsScanned: scanned = 0, bytesScanned: scannedBytes = 0 } = statistics ?? {};
      return { kind: "complete", rows, scanned, scannedBytes };
    }
    if (status !== "Running" && status !== "Scheduled") return { kind: "ended", status };
    const isLate = patience.now() >= deadlineMs;
    if (patience.isStopped() || isLate) {
      // It may have ended by itself meanwhile.
      await client.send(new StopQueryCommand({ queryId })).catch(() => undefined);
      return isLate ? { kind: "slow" } : { kind: "stopped" };
    }
    await patience.sleep(patience.pollMs);
  }
}

const groupsAtOnce = 4;

/** Those of the log groups that are there: an environment may have none for every event of its bus. */
export async function existingGroups(
  client: CloudWatchLogsClient,
  names: readonly string[],
): Promise<readonly string[]> {
  const found = await inParallel(names, groupsAtOnce, async (name) => {
    const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    return logGroups.some(({ logGroupName }) => logGroupName === name);
  });
  return names.filter((_, at) => found[at]);
}
