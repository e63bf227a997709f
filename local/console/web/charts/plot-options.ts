/** How uPlot is told to draw a widget: axes, colours, levels, areas on top of each other. */
import type uPlot from "uplot";
import type { Level, MetricWidget, Series, TimeRange } from "../../dashboards/view.ts";
import { colorOf, resolvedColor } from "./colors.ts";
import type { Column } from "./columns.ts";
import { shortNumber, timeLabel } from "./numbers.ts";
import { valueRange } from "./value-range.ts";

export interface ShownSeries {
  readonly series: Series;
  /** Its place among all series of the widget, which chooses its colour. */
  readonly at: number;
}

interface PlotSettings {
  readonly widget: MetricWidget;
  readonly shown: readonly ShownSeries[];
  /** The range that is shown when it is drawn; it moves on while the chart lives. */
  range(): TimeRange;
  onCursor(timeAt: number | undefined): void;
}

export function plotOptions(box: HTMLElement, settings: PlotSettings): uPlot.Options {
  const { widget, shown, range, onCursor } = settings;
  const color = (name: string) => resolvedColor(box, `var(${name})`);
  const sides = (["left", "right"] as const).filter(
    (side) => side === "left" || shown.some(({ series }) => series.axis === side),
  );
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    padding: [8, sides.includes("right") ? 0 : 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { range: () => [range().startMs / 1_000, range().endMs / 1_000] },
      ...Object.fromEntries(sides.map((side) => [side, { range: scaleOf(widget, side) }])),
    },
    axes: [
      {
        ...axisLook(color),
        size: 28,
        space: 50,
        values: (plot, ticks) => ticks.map((tick) => timeLabel(tick, shownSeconds(plot))),
      },
      ...sides.map((side) => valueAxis(side, color)),
    ],
    series: [{}, ...shown.map((one) => lineOf(box, one, widget))],
    bands: widget.isStacked ? shown.slice(1).map((_, at) => ({ series: [at + 2, at + 1] as [number, number] })) : [],
    hooks: {
      draw: [(plot) => drawLevels(plot, widget.levels, { fallback: color("--chart-level"), paper: color("--card") })],
      setCursor: [({ cursor }) => onCursor(cursor.idx ?? undefined)],
    },
  };
}

function shownSeconds({ scales }: uPlot): number {
  return (scales.x?.max ?? 0) - (scales.x?.min ?? 0);
}

function scaleOf(widget: MetricWidget, side: "left" | "right"): uPlot.Range.Function {
  return (_plot, dataMin, dataMax) => valueRange(widget, side, [dataMin, dataMax]);
}

type ColorOf = (name: string) => string;

function axisLook(color: ColorOf): uPlot.Axis {
  const line = { stroke: color("--chart-grid"), width: 1 };
  return {
    stroke: color("--chart-text"),
    font: axisFont,
    grid: line,
    ticks: { ...line, size: 4 },
  };
}

const axisFont = "12px system-ui, sans-serif";

function valueAxis(side: "left" | "right", color: ColorOf): uPlot.Axis {
  return {
    ...axisLook(color),
    scale: side,
    side: side === "left" ? 3 : 1,
    size: (_plot, labels) => axisRoom(labels ?? []),
    space: 32,
    ...(side === "right" ? { grid: { show: false } } : {}),
    values: (_plot, ticks) => ticks.map(shortNumber),
  };
}

/** Pixels for the longest of its labels, at some seven a letter of the axes' font. */
function axisRoom(labels: readonly string[]): number {
  return 14 + 7 * Math.max(2, ...labels.map((label) => label.length));
}

function lineOf(box: HTMLElement, { series, at }: ShownSeries, { isStacked }: MetricWidget): uPlot.Series {
  const color = colorOf(series, at);
  const stroke = resolvedColor(box, color);
  return {
    label: series.label,
    scale: series.axis,
    stroke,
    width: 1.5,
    ...(isStacked ? { fill: resolvedColor(box, `color-mix(in srgb, ${color} 30%, transparent)`) } : {}),
    points: { show: true, size: 5, fill: stroke, filter: (plot, at) => lonePoints(plot.data[at] ?? []) },
  };
}

/** Points that no line leads to. */
function lonePoints(column: ArrayLike<number | null | undefined>): number[] {
  const values: Column = Array.from(column);
  const known = values.flatMap((value, at) => (typeof value === "number" ? [at] : []));
  const reaches = (from: number | undefined, to: number | undefined) =>
    from !== undefined && to !== undefined && !values.slice(from + 1, to).includes(null);
  return known.filter((at, place) => !reaches(known[place - 1], at) && !reaches(at, known[place + 1]));
}

function drawLevels(
  { ctx, bbox, scales, valToPos }: uPlot,
  levels: readonly Level[],
  { fallback, paper }: { readonly fallback: string; readonly paper: string },
): void {
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  for (const { value, to, axis, label, color = fallback } of levels) {
    if (scales[axis] === undefined) continue;
    const y = valToPos(value, axis, true);
    ctx.strokeStyle = color;
    ctx.lineWidth = devicePixelRatio;
    ctx.fillStyle = color;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    if (to !== undefined) {
      ctx.globalAlpha = 0.12;
      ctx.fillRect(
        bbox.left,
        Math.min(y, valToPos(to, axis, true)),
        bbox.width,
        Math.abs(valToPos(to, axis, true) - y),
      );
      ctx.globalAlpha = 1;
    }
    drawLabel(ctx, label, { x: bbox.left + bbox.width - 4, y: y - 5 * devicePixelRatio, around: paper });
  }
  ctx.restore();
}

/** Text that stays readable where it crosses lines: its letters have a rim of the colour around them. */
function drawLabel(
  ctx: CanvasRenderingContext2D,
  label: string,
  { x, y, around }: { readonly x: number; readonly y: number; readonly around: string },
): void {
  ctx.setLineDash([]);
  ctx.textAlign = "right";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.strokeStyle = around;
  ctx.strokeText(label, x, y);
  ctx.fillText(label, x, y);
}
