import type { DashboardContext } from "../context.ts";
import { type AlarmWidget, evenly, type Section } from "../widgets.ts";

/** CloudWatch shows so many in one widget. */
const alarmsPerWidget = 100;

/** Every alarm of the environment: first what customers notice, then what it comes from. Those that ring stand first. */
export function alarms({ compositeAlarmArns, metricAlarmArns }: DashboardContext): Section {
  const widgets = [...inWidgets("What it amounts to", compositeAlarmArns), ...inWidgets("Alarms", metricAlarmArns)];
  return {
    heading: "Alarms",
    meaning:
      "Those that ring come first, then those without data. Each one's description says what it means to a customer and " +
      "the first steps to take; `docs/runbook.md` has a section for each.",
    rows: widgets.length === 0 ? [] : [evenly(7, widgets)],
  };
}

function inWidgets(title: string, arns: readonly string[]): readonly AlarmWidget[] {
  const parts = Math.ceil(arns.length / alarmsPerWidget);
  return Array.from({ length: parts }, (_, part) => ({
    kind: "alarm",
    title: parts === 1 ? title : `${title}, part ${part + 1}`,
    alarmArns: arns.slice(part * alarmsPerWidget, (part + 1) * alarmsPerWidget),
  }));
}
