/**
 * A dashboard's body, as Terraform writes it and GetDashboard gives it, read into what there is to ask for.
 * Source: CloudWatch API Reference, "Dashboard body structure and syntax".
 */
import * as v from "valibot";
import { alarmNameOf } from "../alarms/words.ts";
import { type MetricRow, readMetricRows } from "./metric-rows.ts";
import { durationMs } from "./time-range.ts";
import type { Axis, Level, MetricChart, Place, Summary } from "./view.ts";

export interface MetricPlan {
  readonly kind: "metric";
  readonly title: string;
  readonly chart: MetricChart;
  readonly isStacked: boolean;
  readonly hasSparkline: boolean;
  /** Whether its numbers tell of the whole time range, instead of its newest period. */
  readonly isOfWholeRange: boolean;
  readonly stat: string;
  /** How far back it looks where it doesn't go by the dashboard, in milliseconds. */
  readonly spanMs?: number;
  /** Seconds, where the dashboard says so. */
  readonly period?: number;
  readonly summaries: readonly Summary[];
  readonly axes: Readonly<Record<"left" | "right", Axis>>;
  readonly levels: readonly Level[];
  readonly rows: readonly MetricRow[];
}

type WidgetPlan =
  | { readonly kind: "text"; readonly markdown: string }
  | MetricPlan
  | { readonly kind: "alarms"; readonly title: string; readonly alarmNames: readonly string[] }
  | { readonly kind: "log"; readonly title: string; readonly query: string; readonly logGroups: readonly string[] }
  | { readonly kind: "problem"; readonly title: string; readonly message: string };

export type PlacedPlan = WidgetPlan & Place;

export interface DashboardPlan {
  /** How far back it looks when nobody chooses, in milliseconds. */
  readonly spanMs: number;
  /** Whether its graphs keep the periods that they are written with. */
  readonly isInherited: boolean;
  readonly widgets: readonly PlacedPlan[];
}

const allSummaries = ["MIN", "MAX", "SUM", "AVG"] as const satisfies readonly Summary[];

/** CloudWatch's own defaults. */
const defaults = { spanMs: 3 * 60 * 60 * 1_000, width: 6, height: 6, stat: "Average" } as const;

const text = v.optional(v.string());
const widgetSchema = v.object({
  type: v.string(),
  x: v.optional(v.number()),
  y: v.optional(v.number()),
  width: v.optional(v.number(), defaults.width),
  height: v.optional(v.number(), defaults.height),
  properties: v.optional(v.record(v.string(), v.unknown()), {}),
});
const bodySchema = v.object({ start: text, periodOverride: text, widgets: v.array(v.unknown()) });

const axisSchema = v.optional(v.object({ label: text, min: v.optional(v.number()), max: v.optional(v.number()) }), {});
const levelSchema = v.object({
  value: v.number(),
  label: text,
  color: text,
  yAxis: v.optional(v.picklist(["left", "right"]), "left"),
  visible: v.optional(v.boolean(), true),
});
const metricSchema = v.object({
  title: v.optional(v.string(), ""),
  view: v.optional(v.picklist(["timeSeries", "singleValue", "gauge", "pie", "bar", "table"]), "timeSeries"),
  stacked: v.optional(v.boolean(), false),
  sparkline: v.optional(v.boolean(), false),
  setPeriodToTimeRange: v.optional(v.boolean(), false),
  stat: v.optional(v.string(), defaults.stat),
  start: text,
  period: v.optional(v.number()),
  yAxis: v.optional(v.object({ left: axisSchema, right: axisSchema }), {}),
  annotations: v.optional(
    v.object({
      horizontal: v.optional(v.array(v.union([levelSchema, v.tuple([levelSchema, levelSchema])])), []),
      alarms: v.optional(v.array(v.string()), []),
    }),
    {},
  ),
  table: v.optional(
    v.object({ summaryColumns: v.optional(v.array(v.picklist(["MIN", "MAX", "SUM", "AVG"])), [...allSummaries]) }),
    {},
  ),
  metrics: v.optional(v.unknown()),
});
const textSchema = v.object({ markdown: v.string() });
const alarmsSchema = v.object({ title: v.optional(v.string(), ""), alarms: v.array(v.string()) });
const logSchema = v.object({ title: v.optional(v.string(), ""), query: v.string() });

/** @throws Error when it is no dashboard at all; a widget that can't be read becomes a `problem` in its place */
export function readDashboardBody(body: string): DashboardPlan {
  const { start = "", periodOverride, widgets } = v.parse(bodySchema, JSON.parse(body));
  let bottom = 0;
  const placed = widgets.map((written): PlacedPlan => {
    const widget = v.parse(widgetSchema, written);
    // A widget without a place comes below those before it.
    const place = { x: widget.x ?? 0, y: widget.y ?? bottom, width: widget.width, height: widget.height };
    bottom = Math.max(bottom, place.y + place.height);
    return { ...place, ...planOf(widget) };
  });
  return { spanMs: durationMs(start) ?? defaults.spanMs, isInherited: periodOverride === "inherit", widgets: placed };
}

function planOf({ type, properties }: v.InferOutput<typeof widgetSchema>): WidgetPlan {
  try {
    switch (type) {
      case "text":
        return { kind: "text", ...v.parse(textSchema, properties) };
      case "metric":
        return metricPlan(properties);
      case "alarm": {
        const { title, alarms } = v.parse(alarmsSchema, properties);
        return { kind: "alarms", title, alarmNames: alarms.map(alarmNameOf) };
      }
      case "log": {
        const { title, query } = v.parse(logSchema, properties);
        return { kind: "log", title, ...splitSources(query) };
      }
      default:
        throw new Error(`The console can't draw widgets of the type "${type}".`);
    }
  } catch (error) {
    const message = v.isValiError(error) ? v.summarize(error.issues) : (error as Error).message;
    return { kind: "problem", title: String(properties.title ?? type), message };
  }
}

function metricPlan(properties: Readonly<Record<string, unknown>>): MetricPlan | WidgetPlan {
  const read = v.parse(metricSchema, properties);
  const { title, annotations, period, start, yAxis } = read;
  const spanMs = durationMs(start ?? "");
  const [alarm] = annotations.alarms;
  if (read.metrics === undefined && alarm !== undefined) {
    return { kind: "alarms", title, alarmNames: annotations.alarms.map(alarmNameOf) };
  }
  return {
    kind: "metric",
    title,
    chart: read.view,
    isStacked: read.stacked,
    hasSparkline: read.sparkline,
    isOfWholeRange: read.setPeriodToTimeRange && read.view !== "timeSeries",
    stat: read.stat,
    ...(spanMs === undefined ? {} : { spanMs }),
    ...(period === undefined ? {} : { period }),
    axes: { left: axisOf(yAxis.left), right: axisOf(yAxis.right) },
    levels: annotations.horizontal.flatMap(levelOf),
    summaries: read.table.summaryColumns ?? allSummaries,
    rows: readMetricRows(read.metrics),
  };
}

function axisOf({ label, min, max }: v.InferOutput<typeof axisSchema> = {}): Axis {
  return {
    ...(label === undefined ? {} : { label }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}

type WrittenLevel = v.InferOutput<typeof levelSchema>;

function levelOf(written: WrittenLevel | [WrittenLevel, WrittenLevel]): readonly Level[] {
  const [from, to] = Array.isArray(written) ? written : [written, undefined];
  if (!from.visible) return [];
  const { value, label = "", color, yAxis: axis } = from;
  return [{ label, value, axis, ...(to && { to: to.value }), ...(color === undefined ? {} : { color }) }];
}

/** A log widget's query begins with the groups that it reads: `SOURCE 'one' | SOURCE 'two' | fields …`. */
function splitSources(query: string): { readonly query: string; readonly logGroups: readonly string[] } {
  const parts = query.split("|").map((part) => part.trim());
  const logGroups: string[] = [];
  for (let part = parts[0]; part !== undefined; part = parts[0]) {
    const source = /^SOURCE\s+'([^']+)'$/i.exec(part)?.[1];
    if (source === undefined) break;
    logGroups.push(source);
    parts.shift();
  }
  if (logGroups.length === 0) throw new Error("Its query names no log group: begin it with SOURCE '<group>'.");
  return { query: parts.join(" | "), logGroups };
}
