/** Dashboards as CloudWatch gets them, taken apart: widgets, and the metrics that they show. */
import { anyOfType, type StackResource, type Stacks } from "./stacks.ts";

export interface BodyWidget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface DashboardOf {
  readonly resource: StackResource;
  readonly body: { readonly start: string; readonly periodOverride: string; readonly widgets: readonly BodyWidget[] };
}

export const dashboardType = "aws_cloudwatch_dashboard";

/** @throws Error when there is none */
export function dashboardsOf(stacks: Stacks): readonly DashboardOf[] {
  return anyOfType(stacks, dashboardType).map((resource) => {
    return { resource, body: JSON.parse(String(resource.config.dashboard_body)) };
  });
}

/** An entry of a widget's `metrics`, with its settings as the last element. */
export type MetricEntry = readonly (string | Readonly<Record<string, unknown>>)[];

export function entriesOf({ properties }: BodyWidget): readonly MetricEntry[] {
  return (properties.metrics ?? []) as readonly MetricEntry[];
}

export function settingsOf(entry: MetricEntry): Readonly<Record<string, unknown>> {
  return entry.at(-1) as Readonly<Record<string, unknown>>;
}

/** Lines across a widget's chart. */
export function marksOf({ properties }: BodyWidget): readonly { readonly label: string; readonly value: number }[] {
  const { horizontal = [] } = (properties.annotations ?? {}) as { horizontal?: { label: string; value: number }[] };
  return horizontal;
}

export interface ShownMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The metric of an entry that isn't an expression. */
export function metricOf(entry: MetricEntry): ShownMetric | undefined {
  const [namespace, metricName, ...rest] = entry.slice(0, -1).map(String);
  if (namespace === undefined || metricName === undefined) return undefined;
  const pairs = rest.flatMap((name, index) => (index % 2 === 0 ? [[name, rest[index + 1] ?? ""] as const] : []));
  return { namespace, metricName, dimensions: Object.fromEntries(pairs) };
}

/** Every metric that a dashboard names, with the place of the dashboard. */
export function shownMetrics(stacks: Stacks): readonly (ShownMetric & { readonly from: StackResource })[] {
  return dashboardsOf(stacks).flatMap(({ resource, body }) =>
    body.widgets
      .flatMap(entriesOf)
      .flatMap((entry) => metricOf(entry) ?? [])
      .map((metric) => ({ ...metric, from: resource })),
  );
}

export interface Search {
  readonly namespace: string;
  /** Names in the braces, sorted. */
  readonly dimensions: readonly string[];
  readonly metricName: string;
  /** `name="value"` among the terms, whether asked for, offered or excluded. */
  readonly terms: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly from: StackResource;
}

const searchForm = /SEARCH\('(\{"([^"]+)"((?:,\w+)*)\} ([^']*))', '(\w+)', (\d+)\)/g;

/** Every SEARCH of the dashboards' expressions. */
export function searchesOf(stacks: Stacks): readonly Search[] {
  return dashboardsOf(stacks).flatMap(({ resource, body }) =>
    body.widgets
      .flatMap(entriesOf)
      .flatMap((entry) => [...String(settingsOf(entry).expression ?? "").matchAll(searchForm)])
      .map(([, text = "", namespace = "", names = "", wanted = ""]) => {
        const terms = [...wanted.matchAll(/(\w+)="([^"]*)"/g)].map(
          ([, name = "", value = ""]) => [name, value] as const,
        );
        const [, metricName = ""] = terms.find(([name]) => name === "MetricName") ?? [];
        return {
          namespace,
          dimensions: names.split(",").filter(Boolean).sort(),
          metricName,
          terms: terms.filter(([name]) => name !== "MetricName"),
          text,
          from: resource,
        };
      }),
  );
}
