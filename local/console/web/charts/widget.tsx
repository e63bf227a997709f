/** One widget at its place on the dashboard. */
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import type { AlarmBadge, LogWidget, MetricWidget, PlacedWidget, TimeRange, Widget } from "../../dashboards/view.ts";
import { StateBadge } from "../parts/alarm-state.tsx";
import { Markdown } from "../parts/markdown.tsx";
import { hrefOf } from "../router.ts";
import { Bars, Gauges, Pie, SingleValues } from "./number-charts.tsx";
import { TimeSeriesChart } from "./time-series.tsx";
import { ValueTable } from "./value-table.tsx";

interface DashboardWidgetProps {
  readonly widget: PlacedWidget;
  readonly range: TimeRange;
}

export function DashboardWidget({ widget, range }: DashboardWidgetProps) {
  const { x, y, width, height } = widget;
  const place = { "--x": x + 1, "--y": y + 1, "--width": width, "--height": height };
  const id = useId();
  if (widget.kind === "text") {
    return (
      <div class="widget text" style={place}>
        <Markdown text={widget.markdown} below={0} />
      </div>
    );
  }
  return (
    <section class={`widget card ${widget.kind}`} style={place} aria-labelledby={id}>
      <Content widget={widget} range={range} titleId={id} />
    </section>
  );
}

type TitledWidget = Exclude<Widget, { readonly kind: "text" }>;

interface ContentProps {
  readonly widget: TitledWidget;
  readonly range: TimeRange;
  readonly titleId: string;
}

function Content({ widget, range, titleId }: ContentProps) {
  const [isTable, setTable] = useState(false);
  const isChart = widget.kind === "metric" && widget.chart !== "table" && hasData(widget);
  return (
    <>
      <header>
        <h3 id={titleId}>{widget.title}</h3>
        {isChart && (
          <button type="button" class="plain" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M1.5 2.5h13v11h-13zM1.5 6h13M1.5 9.75h13M6 2.5v11" fill="none" stroke="currentColor" />
            </svg>
            <span class="unseen">{`${widget.title} as a table`}</span>
          </button>
        )}
      </header>
      <div class="widget-body">{contentOf(widget, range, isTable)}</div>
    </>
  );
}

function contentOf(widget: TitledWidget, ofDashboard: TimeRange, isTable: boolean): ComponentChildren {
  switch (widget.kind) {
    case "metric": {
      if (!hasData(widget)) return <NoData />;
      const { range = ofDashboard } = widget;
      return isTable ? <ValueTable {...widget} range={range} /> : <MetricContent widget={widget} range={range} />;
    }
    case "alarms":
      return <AlarmBadges alarms={widget.alarms} />;
    case "log":
      return <LogTable widget={widget} />;
    case "problem":
      return (
        <p class="no-data bad" role="note">
          {widget.message}
        </p>
      );
  }
}

/** Numbers without data are shown as such: a dash says which number it is that isn't there. */
function hasData({ chart, series }: MetricWidget): boolean {
  return chart === "singleValue" ? series.length > 0 : series.some(({ values }) => values.length > 0);
}

function NoData() {
  return <p class="no-data">No data in this time. Metrics last while the runtime runs.</p>;
}

interface MetricContentProps {
  readonly widget: MetricWidget;
  readonly range: TimeRange;
}

function MetricContent({ widget, range }: MetricContentProps) {
  switch (widget.chart) {
    case "timeSeries":
      return <TimeSeriesChart widget={widget} range={range} />;
    case "singleValue":
      return <SingleValues widget={widget} />;
    case "gauge":
      return <Gauges widget={widget} />;
    case "bar":
      return <Bars widget={widget} />;
    case "pie":
      return <Pie widget={widget} />;
    case "table":
      return <ValueTable {...widget} range={range} />;
  }
}

function AlarmBadges({ alarms }: { readonly alarms: readonly AlarmBadge[] }) {
  return (
    <ul class="alarm-badges">
      {alarms.map(({ name, state }) => (
        <li key={name}>
          <a href={hrefOf("alarms", name)}>{name}</a>
          <StateBadge state={state} />
        </li>
      ))}
    </ul>
  );
}

function LogTable({ widget: { columns, rows } }: { readonly widget: LogWidget }) {
  if (rows.length === 0) return <NoData />;
  return (
    <div class="chart-values">
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={cells.join("\0")}>
              {cells.map((cell) => (
                <td key={cell}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
