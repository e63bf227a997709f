import type { TraceRow } from "../../../../../local/console/answers.ts";
import { rowsAtFirst, waterfallOf } from "../../../../../local/console/web/event/waterfall.ts";

const row = (id: string, more: Partial<TraceRow> = {}): TraceRow => ({
  id,
  name: id,
  depth: 0,
  offsetMs: 0,
  tookMs: 1,
  marks: [],
  ...more,
});
const barOf = (one: TraceRow, tookMs: number) => waterfallOf({ rows: [one], tookMs }, true)[0]?.bar;

describe("a bar", () => {
  it("stands where its part stands in the trace's time", () => {
    expect(barOf(row("a", { offsetMs: 50, tookMs: 100 }), 200)).toEqual({ left: 25, width: 50, isOpen: false });
    expect(barOf(row("a", { offsetMs: 200, tookMs: 0 }), 200)).toEqual({ left: 100, width: 0, isOpen: false });
  });

  it("goes on to the edge while its part isn't over", () => {
    const { tookMs: _, ...open } = row("a", { offsetMs: 150 });
    expect(barOf(open, 200)).toEqual({ left: 75, width: 25, isOpen: true });
  });

  it("never leaves the picture, whatever the clocks of two services say", () => {
    expect(barOf(row("a", { offsetMs: -5, tookMs: 10 }), 200)).toEqual({ left: 0, width: 5, isOpen: false });
    expect(barOf(row("a", { offsetMs: 190, tookMs: 100 }), 200)).toEqual({ left: 95, width: 5, isOpen: false });
    expect(barOf(row("a", { offsetMs: 300, tookMs: 100 }), 200)).toEqual({ left: 100, width: 0, isOpen: false });
  });

  it("is the whole width of a trace that took no time", () => {
    expect(barOf(row("a", { tookMs: 0 }), 0)).toEqual({ left: 0, width: 100, isOpen: false });
  });
});

describe("a long trace", () => {
  const deep = Array.from({ length: 30 }, (_, at) => [row(`top ${at}`), row(`within ${at}`, { depth: 1 })]).flat();
  const idsOf = (rows: readonly TraceRow[], isWhole = false) =>
    waterfallOf({ rows, tookMs: 100 }, isWhole).map((placed) => placed.row.id);

  it("shows what lies least deep at first, each in its place, and all when it is asked for", () => {
    const first = idsOf(deep);
    expect(first).toHaveLength(rowsAtFirst);
    expect(first.filter((id) => id.startsWith("top"))).toHaveLength(30);
    expect(first.slice(0, 4)).toEqual(["top 0", "within 0", "top 1", "within 1"]);
    expect(idsOf(deep, true)).toEqual(deep.map(({ id }) => id));
  });

  it("shows what went wrong at first, however deep it lies", () => {
    const wrong = row("wrong", { depth: 9, marks: ["throttle"] });
    expect(idsOf([...deep, wrong])).toContain("wrong");
    expect(idsOf([...deep, wrong])).toHaveLength(rowsAtFirst);
  });

  it("is one with more rows than are shown at first", () => {
    expect(idsOf(deep.slice(0, rowsAtFirst))).toEqual(deep.slice(0, rowsAtFirst).map(({ id }) => id));
  });
});
