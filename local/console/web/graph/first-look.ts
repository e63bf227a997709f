/** Where to look first at a drawing that is wider than its frame. */

/** A box's left and right edge, in the drawing's pixels. */
export interface Extent {
  readonly left: number;
  readonly right: number;
}

const margin = 12;

/** How far to scroll to have as many of the boxes in sight as fit; the leftmost of several such places. */
export function firstLook(boxes: readonly Extent[], frameWidth: number): number {
  let best = { scroll: 0, count: -1 };
  for (const scroll of [0, ...boxes.map(({ left }) => left - margin)].toSorted((one, other) => one - other)) {
    const count = boxes.filter(({ left, right }) => left >= scroll && right <= scroll + frameWidth).length;
    if (count > best.count) best = { scroll, count };
  }
  return Math.max(0, best.scroll);
}
