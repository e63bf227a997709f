import { readFileSync } from "node:fs";
import { type AslMachine, graphOf } from "../../../../local/console/event/graph.ts";
import { layOut } from "../../../../local/console/web/graph/layout.ts";

const size = { width: 100, height: 40 };

/** The project's largest machine, as the page draws it. */
function realMachine() {
  const states = graphOf(JSON.parse(readFileSync("workflows/high-value-review.asl.json", "utf8")) as AslMachine, []);
  const boxes = states.map(({ name }) => ({ name, ...size }));
  const lines = states.flatMap(({ name, next }) => next.map(({ to }) => ({ from: name, to })));
  const start = states.find(({ isStart }) => isStart)?.name ?? "";
  return { boxes, lines, start };
}

describe("layOut", () => {
  const { boxes, lines, start } = realMachine();
  const placed = layOut(boxes, lines, start);

  it("places every box within the picture, the first one at the top", () => {
    expect(placed.boxes.size).toBe(boxes.length);
    const tops = [...placed.boxes.values()].map(({ y }) => y);
    expect(placed.boxes.get(start)?.y).toBe(Math.min(...tops));
    for (const { x, y } of placed.boxes.values()) {
      expect(x - size.width / 2).toBeGreaterThanOrEqual(0);
      expect(x + size.width / 2).toBeLessThanOrEqual(placed.width);
      expect(y + size.height).toBeLessThanOrEqual(placed.height);
    }
  });

  it("lets no two boxes lie upon each other", () => {
    const all = [...placed.boxes.values()];
    for (const [at, one] of all.entries()) {
      for (const other of all.slice(at + 1)) {
        const isApart = Math.abs(one.x - other.x) >= size.width || Math.abs(one.y - other.y) >= size.height;
        expect(isApart).toBe(true);
      }
    }
  });

  it("leads every line but those back downwards, from box to box", () => {
    expect(placed.lines).toHaveLength(lines.length);
    expect(placed.lines.some(({ isBack }) => isBack)).toBe(true);
    for (const { points, isBack } of placed.lines) {
      if (isBack) continue;
      for (const [at, point] of points.slice(1).entries()) expect(point.y).toBeGreaterThan(points[at]?.y ?? 0);
    }
  });

  it("draws a machine of one state", () => {
    expect(layOut([{ name: "Only", ...size }], [], "Only").boxes.get("Only")).toBeDefined();
  });
});
