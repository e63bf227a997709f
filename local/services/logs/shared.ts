/** What the operations share. */
import * as v from "valibot";
import { AwsError, localAccount, localRegion } from "../../aws/types.ts";
import type { LogEvent, LogGroup } from "./groups.ts";
import type { Queries, StartedQuery } from "./queries.ts";

export interface LogsDeps {
  readonly groups: ReadonlyMap<string, LogGroup>;
  now(): number;
  /** Adds to the group, and to its file where there is one. */
  append(
    group: LogGroup,
    stream: string,
    entries: readonly { readonly timestamp: number; readonly message: string }[],
  ): void;
}

/** CloudWatch Logs' name for what others call ValidationException. */
export const invalidParameter = "InvalidParameterException";

export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(512));
export const time = v.optional(v.pipe(v.number(), v.minValue(0)));
export const groupMembers = { logGroupName: v.optional(name), logGroupIdentifier: v.optional(name) };

/** The ARN as log groups have it in other resources, without `:*`. */
export function groupArn(groupName: string): string {
  return `arn:aws:logs:${localRegion}:${localAccount}:log-group:${groupName}`;
}

/** By name, or by name or ARN as identifier. @throws AwsError ResourceNotFoundException */
export function findGroup(
  { groups }: LogsDeps,
  request: { readonly logGroupName?: string | undefined; readonly logGroupIdentifier?: string | undefined },
): LogGroup {
  const identifier = request.logGroupName ?? request.logGroupIdentifier ?? "";
  const group = groups.get(identifier.replace(/^arn:.*:log-group:/, "").replace(/:\*$/, ""));
  if (group !== undefined) return group;
  throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
}

/** @throws AwsError ResourceNotFoundException */
export function findQuery(queries: Queries, id: string): StartedQuery {
  const query = queries.find(id);
  if (query !== undefined) return query;
  throw new AwsError("ResourceNotFoundException", `Could not find queryId=${id}`);
}

/** Largest answer of GetLogEvents and FilterLogEvents. */
const answerBytes = 1024 * 1024;

/** The first events that fit into one answer; at least one. */
export function fitting(events: Iterable<LogEvent>, limit: number): LogEvent[] {
  const page: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(event.message) + 26;
    if (page.length >= limit || (bytes > answerBytes && page.length > 0)) break;
    page.push(event);
  }
  return page;
}

export const eventLimit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 10_000);

export function within(event: LogEvent, request: { startTime?: number | undefined; endTime?: number | undefined }) {
  const { startTime = 0, endTime = Number.POSITIVE_INFINITY } = request;
  return event.timestamp >= startTime && event.timestamp < endTime;
}

/** One page of a list with unique names, after the name that the token holds. */
export function pageByName<Item>(
  items: readonly Item[],
  page: { readonly limit: number; readonly nextToken: string | undefined },
  nameOf: (item: Item) => string,
): { items: readonly Item[]; nextToken?: string } {
  const start = page.nextToken === undefined ? 0 : items.findIndex((item) => nameOf(item) === page.nextToken) + 1;
  const shown = items.slice(start, start + page.limit);
  const last = shown.at(-1);
  const isMore = last !== undefined && start + shown.length < items.length;
  return { items: shown, ...(isMore ? { nextToken: nameOf(last) } : {}) };
}
