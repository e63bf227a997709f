/** The slices of a pie as paths of SVG, in a circle of radius one around the origin. */

export interface Slice {
  /** 0 to 1. */
  readonly share: number;
  /** Empty where the slice is. */
  readonly path: string;
}

/** A circle that is drawn as one arc has its end where it begins, and would be nothing. */
const almostAll = 0.999_999;
const hole = 0.6;

/** @param values those below zero count nothing */
export function slicesOf(values: readonly number[]): readonly Slice[] {
  const sizes = values.map((value) => Math.max(0, value));
  const sum = sizes.reduce((total, size) => total + size, 0);
  let begun = 0;
  return sizes.map((size) => {
    const share = sum === 0 ? 0 : size / sum;
    const [from, to] = [begun, begun + Math.min(share, almostAll)];
    begun += share;
    return { share, path: share === 0 ? "" : ringPath(from, to) };
  });
}

/** Clockwise from the top, both as shares of the circle. */
function ringPath(from: number, to: number): string {
  const point = (share: number, radius: number) => {
    const angle = (share - 0.25) * 2 * Math.PI;
    return `${(Math.cos(angle) * radius).toFixed(5)} ${(Math.sin(angle) * radius).toFixed(5)}`;
  };
  const isLarge = to - from > 0.5 ? 1 : 0;
  return [
    `M ${point(from, 1)}`,
    `A 1 1 0 ${isLarge} 1 ${point(to, 1)}`,
    `L ${point(to, hole)}`,
    `A ${hole} ${hole} 0 ${isLarge} 0 ${point(from, hole)} Z`,
  ].join(" ");
}
