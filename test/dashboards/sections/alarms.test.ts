import { alarms } from "../../../dashboards/sections/alarms.ts";
import { context } from "../fixtures.ts";

const widgetsFor = (count: number) => {
  const alarmArns = Array.from({ length: count }, (_, number) => `arn:${number}`);
  return alarms({ ...context, alarmArns }).rows.flatMap(({ widgets }) => widgets.map(([, widget]) => widget));
};

describe("the section of alarms", () => {
  it("has none where there are none", () => expect(widgetsFor(0)).toEqual([]));

  it("has one widget for a hundred", () => {
    expect(widgetsFor(100)).toMatchObject([{ title: "Alarms" }]);
  });

  it("has one more for those above, and loses none", () => {
    const widgets = widgetsFor(101);
    expect(widgets).toMatchObject([{ title: "Alarms, part 1" }, { title: "Alarms, part 2", alarmArns: ["arn:100"] }]);
  });
});
