/** Lines over time, or areas on top of each other, drawn by uPlot. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { MetricWidget, TimeRange } from "../../dashboards/view.ts";
import { type Columns, columnsOf, stackColumns } from "./columns.ts";
import { Legend } from "./legend.tsx";
import { fullNumber, timeLabel } from "./numbers.ts";
import { plotOptions, type ShownSeries } from "./plot-options.ts";
import { useThemeChange } from "./use-theme-change.ts";

interface TimeSeriesChartProps {
  readonly widget: MetricWidget;
  readonly range: TimeRange;
}

export function TimeSeriesChart({ widget, range }: TimeSeriesChartProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<number>();
  const all = widget.series.map((series, at): ShownSeries => ({ series, at }));
  // A layer without values would lie on the one below it, and hide its edge.
  const shown = all.filter(
    ({ series }) => !hidden.has(series.label) && (!widget.isStacked || series.values.length > 0),
  );
  const columns = useMemo(() => columnsOf(widget.series, range), [widget, range]);
  const box = usePlot({ widget, range, shown, columns, onCursor: setCursor });
  const time = cursor === undefined ? undefined : columns.times[cursor];
  const toggle = (label: string) => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    setHidden(next);
  };
  return (
    <>
      <Units axes={widget.axes} />
      <div class="chart-plot" ref={box} role="img" aria-label={summaryOf(widget)} />
      <Legend
        series={widget.series}
        hidden={hidden}
        onToggle={toggle}
        {...(cursor === undefined || time === undefined
          ? {}
          : {
              time: timeLabel(time, (range.endMs - range.startMs) / 1_000),
              valueAt: (at: number) => columns.values[at]?.[cursor] ?? undefined,
            })}
      />
    </>
  );
}

/** Above the scales, where words take none of the lines' room. */
function Units({ axes }: Pick<MetricWidget, "axes">) {
  if (axes.left.label === undefined && axes.right.label === undefined) return null;
  return (
    <div class="chart-units">
      <span>{axes.left.label}</span>
      <span>{axes.right.label}</span>
    </div>
  );
}

/** What somebody hears who doesn't see the lines. */
function summaryOf({ title, series }: MetricWidget): string {
  const newest = series.map(({ label, values }) => {
    const last = values.at(-1);
    return `${label}: ${last === undefined ? "no data" : `${fullNumber(last)}, ${values.length} ${values.length === 1 ? "point" : "points"}`}`;
  });
  return `${title}. ${newest.join("; ")}`;
}

interface PlotProps extends TimeSeriesChartProps {
  readonly shown: readonly ShownSeries[];
  readonly columns: Columns;
  onCursor(at: number | undefined): void;
}

/** A plot that lives as long as what it is made of: new values are put into it, other series make another. */
function usePlot(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useThemeChange();
  const { widget, shown } = props;
  const { title, axes, levels, isStacked } = widget;
  const structure = JSON.stringify([
    ...[title, axes, levels, isStacked, theme],
    shown.map(({ series, at }) => [series.label, series.color, series.axis, at]),
  ]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const options = plotOptions(element, {
      widget: latest.current.widget,
      shown: latest.current.shown,
      range: () => latest.current.range,
      onCursor: (at) => latest.current.onCursor(at),
    });
    const made = new uPlot(options, dataOf(latest.current), element);
    plot.current = made;
    const resized = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [structure]);

  useEffect(() => {
    plot.current?.setData(dataOf(latest.current));
  }, [props.columns]);
  return box;
}

function dataOf({ widget, shown, columns }: PlotProps): uPlot.AlignedData {
  const ofShown = shown.map(({ at }) => columns.values[at] ?? []);
  return [columns.times, ...(widget.isStacked ? stackColumns(ofShown) : ofShown)];
}
