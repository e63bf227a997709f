/**
 * The words that dashboards are written in: a small part of what CloudWatch documents ("Dashboard Body Structure and
 * Syntax"), so that whoever draws a dashboard elsewhere has little to know.
 *
 * - Widgets: `text` (markdown: headings, bold, code, lists, tables, links), `metric` with the views `timeSeries` (stacked
 *   or not), `singleValue` (with a sparkline), `bar` and `table` (a row per series, a column per period), and `alarm`.
 *   No `log` widget: each look at it would scan logs, which is paid by the gigabyte; saved queries are for that.
 * - Properties of a metric widget: `title`, `region`, `view`, `stacked`, `period`, `metrics`, `yAxis.left` and
 *   `yAxis.right` (`label`, `min`, `showUnits`), `annotations.horizontal` (`value`, `label`), `sparkline`,
 *   `table` (`summaryColumns`, `stickySummary`), `legend.position`, `start` (a time range of its own, as a dashboard's),
 *   and `setPeriodToTimeRange` (one point for the whole time range; the console and AWS's CDK write it, that page
 *   doesn't name it).
 * - A metric: `[namespace, name, dimension, value, …, { stat, label, id, visible, yAxis, period }]`, always written out,
 *   without the shorthands "." and "...".
 * - Statistics: `Sum`, `Average`, `Maximum`, `p50`, `p95`, `p99`.
 * - Metric math: numbers, ids, `+ - * /`, parentheses, `FILL(id, 0)`, `PERIOD(id)` (seconds), `SUM([id, id, …])`
 *   (what has no data is left out), and all series of a search divided by a number (`SEARCH(…) / 100`).
 * - `SEARCH('{"namespace",dimension,…} term term …', 'Sum', seconds)`, where no list could name the values (currencies,
 *   codes of refusals). A term is `name="value"`, `NOT name="value"` or `(name="value" OR name="value" …)`, all of which
 *   have to hold; `name` is a dimension or `MetricName`. It finds the metrics with exactly the dimensions in the braces,
 *   and the legend calls each by the expression's label and the values in which they differ: `payment.succeeded USD`.
 */

/** Statistics that widgets ask for. */
export type Statistic = "Sum" | "Average" | "Maximum" | "p50" | "p95" | "p99";

/** Which metric: CloudWatch knows it by namespace, name and all of its dimensions. */
export interface MetricReference {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface SeriesSettings {
  /** What the legend calls it. */
  readonly label: string;
  /** Of the scale on the right, where two units share a widget. */
  readonly onTheRight?: true;
}

/** A metric by a statistic. */
export interface MetricSeries extends SeriesSettings {
  readonly metric: MetricReference;
  readonly stat: Statistic;
  /** What expressions of the same widget call it: a lower-case letter, then letters, digits and underscores. */
  readonly id?: string;
  /** Only expressions need it. */
  readonly hidden?: true;
}

/** What is computed from the other series of the widget, or found by a SEARCH. */
export interface ExpressionSeries extends SeriesSettings {
  readonly expression: string;
  readonly id: string;
  readonly hidden?: true;
}

export type Series = MetricSeries | ExpressionSeries;

export interface MetricWidget {
  readonly kind: "metric";
  readonly title: string;
  /** `total` is one number for the whole time range; `latest` is the last period's, with a curve below it. */
  readonly view: "lines" | "stacked" | "bar" | "total" | "latest" | "table";
  readonly series: readonly Series[];
  /** Seconds of a point: a multiple of 60. */
  readonly periodSeconds: number;
  /** Unit of the scale, in words. */
  readonly unit: string;
  /** Of the scale on the right. */
  readonly unitOnTheRight?: string;
  /** From when on it shows, whatever the dashboard does: `-P7D`. For what has data once a day. */
  readonly start?: string;
  /** Lines across, such as an alarm's threshold. */
  readonly marks?: readonly { readonly label: string; readonly value: number }[];
}

interface TextWidget {
  readonly kind: "text";
  readonly markdown: string;
}

export interface AlarmWidget {
  readonly kind: "alarm";
  readonly title: string;
  /** 1 to 100 (CloudWatch). */
  readonly alarmArns: readonly string[];
}

export type Widget = MetricWidget | TextWidget | AlarmWidget;

/** Widgets beside each other, with their widths in columns of 24 together at the most. */
export interface Row {
  /** In grid units. */
  readonly height: number;
  readonly widgets: readonly (readonly [columns: number, widget: Widget])[];
}

/** Rows under one heading that says what they mean. */
export interface Section {
  readonly heading: string;
  /** Markdown: what the rows show, and what would be wrong. */
  readonly meaning: string;
  readonly rows: readonly Row[];
}

export interface Dashboard {
  /** From when on it shows: `-PT6H`, `-P30D`. */
  readonly start: string;
  /** Whether a point is what its widget says, or becomes longer with the time range that somebody looks at. */
  readonly periods: "as written" | "by time range";
  readonly sections: readonly Section[];
}

/** A row whose widgets are equally wide. */
export function evenly(height: number, widgets: readonly Widget[]): Row {
  const columns = Math.floor(24 / widgets.length);
  return { height, widgets: widgets.map((widget) => [columns, widget] as const) };
}
