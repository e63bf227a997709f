import {
  drawablePeriod,
  durationMs,
  periodOf,
  timesOf,
  wholePeriod,
} from "../../../../local/console/dashboards/time-range.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const lasting = (seconds: number) => ({ startMs: 0, endMs: seconds * 1_000 });

describe("the period of a graph", () => {
  it.each([
    ["is a minute for hours", { span: 6 * hour }, minute],
    ["grows with the range", { span: day }, 5 * minute],
    ["is a day for a year", { span: 365 * day }, day],
    ["is what a person asks for", { span: 6 * hour, asked: 15 * minute }, 15 * minute],
    ["is what the widget says where the dashboard wants it", { span: hour, written: 300, isInherited: true }, 300],
    ["is not what the widget says where the dashboard leaves it to the range", { span: hour, written: 300 }, minute],
    ["doesn't crowd the chart, whatever the widget says", { span: 7 * day, written: minute, isInherited: true }, hour],
    ["never cuts a day's sum", { span: hour, written: day, asked: minute }, day],
  ])(
    "%s",
    (_what, { span, ...choice }: { span: number; asked?: number; written?: number; isInherited?: boolean }, period) => {
      expect(periodOf({ range: lasting(span), isInherited: false, ...choice })).toBe(period);
    },
  );
});

it.each([
  ["what is asked for where it can be drawn", 7 * day, minute, minute],
  ["longer where minutes are too many", 30 * day, minute, 5 * minute],
  ["longer still for three months", 90 * day, minute, 15 * minute],
  ["as it is where it is no usual one", day, 120, 120],
  ["a day at the most", 40_000 * day, minute, day],
])("a period is %s", (_what, span, asked, drawn) => {
  expect(drawablePeriod(lasting(span), asked)).toBe(drawn);
});

it("one period covers the whole range, in minutes", () => {
  expect(wholePeriod(lasting(90))).toBe(120);
  expect(wholePeriod(lasting(0))).toBe(60);
});

it("periods begin at multiples of themselves, the first one before the range", () => {
  expect(timesOf({ startMs: 90_000, endMs: 240_000 }, 60)).toEqual([60, 120, 180]);
});

it.each([
  ["-PT3H", 3 * hour],
  ["-P7D", 7 * day],
  ["-P1M", 30 * day],
  ["-P1DT30M", day + 30 * minute],
])("%s looks back %d seconds", (text, seconds) => {
  expect(durationMs(text)).toBe(seconds * 1_000);
});

it.each(["", "P", "2026-11-20T00:00:00Z", "-PT0H"])("%j is no duration", (text) => {
  expect(durationMs(text)).toBeUndefined();
});
