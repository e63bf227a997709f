/** From where to where a chart's scale goes. */
import type { MetricWidget } from "../../dashboards/view.ts";

/**
 * From zero where nothing is below, so that heights can be compared; levels are in sight. A least value that the dashboard
 * writes is where heights begin, and hides nothing: CloudWatch cuts what is below it, which nobody sees is there.
 */
export function valueRange(
  { axes, levels }: Pick<MetricWidget, "axes" | "levels">,
  side: "left" | "right",
  data: readonly (number | null)[],
): [number, number] {
  const ofSide = levels.filter(({ axis }) => axis === side).flatMap(({ value, to = value }) => [value, to]);
  const { min, max } = axes[side];
  const ofData = data.filter((value): value is number => Number.isFinite(value));
  const lowest = Math.min(...(min === undefined ? [0, ...ofSide] : [min]), ...ofData);
  const highest = max ?? Math.max(...ofData, ...ofSide, lowest);
  return [lowest, highest === lowest ? lowest + 1 : lowest + (highest - lowest) * (max === undefined ? 1.08 : 1)];
}
