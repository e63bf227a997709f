import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { partsOf } from "./documents.ts";
import { httpOf, parseFilter, responseTimeOf } from "./filter.ts";
import type { Trace, TraceStore } from "./store.ts";

/** Times in epoch seconds, as on the wire, or a Date from a call in process. */
const time = v.union([v.number(), v.date()]);
const input = v.object({
  StartTime: time,
  EndTime: time,
  FilterExpression: v.optional(v.string()),
  NextToken: v.optional(v.string()),
});

const pageSize = 100;
/** X-Ray's own bound on the time that is looked at. */
const longestSeconds = 6 * 60 * 60;

/** The traces that began in a time, the newest first. Neither sampled nor by the time of updates. */
export function getTraceSummaries(store: TraceStore): Operation {
  return async (_principal, members) => {
    const request = readInput(input, members, "InvalidRequestException");
    const [from, to] = [secondsOf(request.StartTime), secondsOf(request.EndTime)];
    if (from > to || to - from > longestSeconds) {
      throw new AwsError(
        "InvalidRequestException",
        "Give a start before the end, and six hours between them at the most.",
      );
    }
    const filter = request.FilterExpression ? parseFilter(request.FilterExpression) : () => true;
    const began = store.between(from, to);
    const found = began.filter(filter);
    const start = request.NextToken === undefined ? 0 : Number(request.NextToken);
    if (!Number.isInteger(start) || start < 0) throw new AwsError("InvalidRequestException", "NextToken is not valid.");
    const end = start + pageSize;
    return {
      TraceSummaries: found.slice(start, end).map(summaryOf),
      ApproximateTime: new Date(from * 1_000),
      TracesProcessedCount: began.length,
      ...(end < found.length && { NextToken: String(end) }),
    };
  };
}

function secondsOf(value: number | Date): number {
  return value instanceof Date ? value.getTime() / 1_000 : value;
}

function summaryOf(trace: Trace): Record<string, unknown> {
  const parts = trace.segments.flatMap(partsOf);
  const has = (name: "fault" | "error" | "throttle") => parts.some((part) => part[name] === true);
  const { url, method, status } = httpOf(trace);
  const services = serviceIdsOf(trace);
  return {
    Id: trace.id,
    StartTime: new Date(trace.startTime * 1_000),
    Duration: trace.endTime - trace.startTime,
    ResponseTime: responseTimeOf(trace),
    HasFault: has("fault"),
    HasError: has("error"),
    HasThrottle: has("throttle"),
    IsPartial: trace.isPartial,
    ...(url !== undefined && { Http: { HttpURL: url, HttpMethod: method, HttpStatus: status } }),
    Annotations: Object.fromEntries(
      [...trace.annotations].map(([key, values]) => [
        key,
        values.map((value) => ({ AnnotationValue: annotationValueOf(value), ServiceIds: [] })),
      ]),
    ),
    ServiceIds: services,
    ...(services[0] && { EntryPoint: services[0] }),
    Revision: parts.length,
  };
}

function annotationValueOf(value: string | number | boolean): object {
  if (typeof value === "number") return { NumberValue: value };
  return typeof value === "boolean" ? { BooleanValue: value } : { StringValue: value };
}

function serviceIdsOf({ segments }: Trace): { readonly Name: string }[] {
  const ids = segments.map(({ name, origin }) => ({
    Name: name,
    Names: [name],
    ...(typeof origin === "string" && { Type: origin }),
  }));
  return [...new Map(ids.map((id) => [`${id.Name} ${id.Type ?? ""}`, id])).values()];
}
