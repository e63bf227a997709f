/** A dashboard as the console draws it: what the server sends and the pages read. Types only. */

/** Cells of CloudWatch's grid, which is 24 wide. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Values at their times, oldest first: as many of the one as of the other. */
export interface Series {
  readonly label: string;
  readonly axis: "left" | "right";
  /** As the dashboard writes it. */
  readonly color?: string;
  readonly periodSeconds: number;
  /** Epoch seconds, each the begin of a period. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** A line across a chart, such as an alarm's threshold; a band where `to` is given. */
export interface Level {
  readonly label: string;
  readonly value: number;
  readonly to?: number;
  readonly axis: "left" | "right";
  readonly color?: string;
}

export interface Axis {
  readonly label?: string;
  readonly min?: number;
  readonly max?: number;
}

export type MetricChart = "timeSeries" | "singleValue" | "gauge" | "pie" | "bar" | "table";

/** Columns of a table beside its periods. */
export type Summary = "MIN" | "MAX" | "SUM" | "AVG";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface AlarmBadge {
  readonly name: string;
  readonly state: AlarmState;
}

export interface MetricWidget {
  readonly kind: "metric";
  readonly title: string;
  readonly chart: MetricChart;
  readonly isStacked: boolean;
  /** Whether a number shows its course below it. */
  readonly hasSparkline: boolean;
  readonly axes: Readonly<Record<"left" | "right", Axis>>;
  readonly levels: readonly Level[];
  readonly summaries: readonly Summary[];
  /** The time that it shows where that isn't the dashboard's. */
  readonly range?: TimeRange;
  readonly series: readonly Series[];
}

export interface LogWidget {
  readonly kind: "log";
  readonly title: string;
  readonly query: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type Widget =
  | { readonly kind: "text"; readonly markdown: string }
  | MetricWidget
  | { readonly kind: "alarms"; readonly title: string; readonly alarms: readonly AlarmBadge[] }
  | LogWidget
  /** What can't be shown, in words: an unknown type of widget, or an answer of CloudWatch that is an error. */
  | { readonly kind: "problem"; readonly title: string; readonly message: string };

export type PlacedWidget = Widget & Place;

export interface DashboardNames {
  readonly names: readonly string[];
}

export interface DashboardView {
  readonly name: string;
  readonly range: TimeRange;
  /** Seconds, where the period that was asked for is too short for the range. */
  readonly longerPeriod?: number;
  readonly widgets: readonly PlacedWidget[];
}

/** Epoch milliseconds. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}
