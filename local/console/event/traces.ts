/** What X-Ray has of an event, or why it has nothing. */
import { annotationKeys } from "../../../lambdas/shared/runtime/trace.ts";
import { isTraced } from "../../resources/functions.ts";
import type { Inventory } from "../../resources/inventory.ts";
import type { XrayService } from "../../services/xray/service.ts";
import type { Trace } from "../../services/xray/store.ts";
import type { SamplingMode } from "../../tracing/sampler.ts";
import type { EventTraces, TraceView } from "../answers.ts";
import { traceRows } from "./trace-rows.ts";

/** Own traces that are shown: each delivery, redrive and replay begins or goes on with one. */
const mostTraces = 5;

interface Traced {
  readonly xray: Pick<XrayService, "tracesOf" | "trace" | "keep">;
  readonly sampling: SamplingMode;
  readonly inventory: Pick<Inventory, "ofType">;
}

export function tracesFor({ xray, sampling, inventory }: Traced, eventId: string): EventTraces {
  const all = xray.tracesOf(eventId);
  const own = all.slice(0, mostTraces);
  const ownIds = new Set(all.map(({ id }) => id));
  const batchIds = new Set(own.flatMap(({ annotations }) => annotations.get("batchTraceId") ?? []).map(String));
  const batches = [...batchIds].filter((id) => !ownIds.has(id)).flatMap((id) => xray.trace(id) ?? []);
  return {
    found: [...own.map((trace) => viewOf(trace, "event")), ...batches.map((trace) => viewOf(trace, "batch"))],
    olderCount: all.length - own.length,
    ...(all.length === 0 && { absent: whyAbsent(sampling, inventory) }),
    keep: xray.keep,
  };
}

function whyAbsent(sampling: SamplingMode, inventory: Traced["inventory"]): NonNullable<EventTraces["absent"]> {
  if (!inventory.ofType("aws_lambda_function").some(isTraced)) return "environment";
  return sampling === "all" ? "not-kept" : sampling;
}

function viewOf(trace: Trace, of: TraceView["of"]): TraceView {
  const { id, startTime, endTime, isPartial, annotations } = trace;
  const { rows, isCut } = traceRows(trace);
  return {
    id,
    of,
    startedAt: new Date(startTime * 1_000).toISOString(),
    tookMs: Math.round((endTime - startTime) * 1_000),
    isPartial,
    annotations: annotationKeys.flatMap((key) => {
      const values = annotations.get(key)?.map(String);
      return values === undefined ? [] : [{ key, values }];
    }),
    rows,
    isCut: trace.isCut || isCut,
  };
}
