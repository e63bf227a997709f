/** The least and the greatest value of a column chunk, by which readers skip row groups. */
import type { Statistics } from "hyparquet";

export type Bounds = Pick<Statistics, "min_value" | "max_value">;

export interface BoundsTracker {
  add(value: unknown): void;
  bounds(): Bounds;
}

/** Of exact values and scores; others are passed over. A score that is no number has no place in an order. */
export function createBoundsTracker(): BoundsTracker {
  let least: bigint | number | undefined;
  let greatest: bigint | number | undefined;
  let isOrdered = true;
  return {
    add(value) {
      if (typeof value !== "bigint" && typeof value !== "number") return;
      if (Number.isNaN(value)) isOrdered = false;
      if (least === undefined || value < least) least = value;
      if (greatest === undefined || value > greatest) greatest = value;
    },
    bounds() {
      if (!isOrdered || least === undefined || greatest === undefined) return {};
      // As the format has it: zeros of both signs are within the bounds.
      return { min_value: least === 0 ? -0 : least, max_value: greatest === 0 ? 0 : greatest };
    },
  };
}

/** Of texts in the order of their bytes, which is not that of JavaScript's text. */
export function textBoundsOf(texts: readonly string[]): Bounds {
  const ordered = texts.map((text) => Buffer.from(text)).sort(Buffer.compare);
  const [least, greatest] = [ordered[0], ordered.at(-1)];
  return least === undefined || greatest === undefined ? {} : { min_value: least, max_value: greatest };
}
