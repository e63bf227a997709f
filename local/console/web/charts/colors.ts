/**
 * Colours of series that the dashboard gives none. They are tokens of styles/charts.css, which has them once for light
 * and once for dark; neighbours differ in lightness, too, for people who don't tell their hues apart.
 */
import type { Series } from "../../dashboards/view.ts";

const paletteSize = 8;

export function colorOf({ color }: Pick<Series, "color">, at: number): string {
  return color ?? `var(--chart-${(at % paletteSize) + 1})`;
}

/** What a canvas takes, which knows no tokens: any colour of CSS as it is where the element is. */
export function resolvedColor(element: Element, color: string): string {
  const probe = document.createElement("span");
  probe.style.color = color;
  element.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
