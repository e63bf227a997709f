import { alarms } from "../../../dashboards/sections/alarms.ts";
import { context } from "../fixtures.ts";

const widgetsFor = (count: number, compositeAlarmArns: readonly string[] = []) => {
  const metricAlarmArns = Array.from({ length: count }, (_, number) => `arn:${number}`);
  return alarms({ ...context, compositeAlarmArns, metricAlarmArns }).rows.flatMap(({ widgets }) =>
    widgets.map(([, widget]) => widget),
  );
};

describe("the section of alarms", () => {
  it("has none where there are none", () => expect(widgetsFor(0)).toEqual([]));

  it("has one widget for a hundred", () => {
    expect(widgetsFor(100)).toMatchObject([{ title: "Alarms" }]);
  });

  it("shows first what several amount to", () =>
    expect(widgetsFor(1, ["arn:all"])).toMatchObject([{ alarmArns: ["arn:all"] }, { alarmArns: ["arn:0"] }]));

  it("has one more for those above, and loses none", () => {
    const widgets = widgetsFor(101);
    expect(widgets).toMatchObject([{ title: "Alarms, part 1" }, { title: "Alarms, part 2", alarmArns: ["arn:100"] }]);
  });
});
