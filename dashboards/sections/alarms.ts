import type { DashboardContext } from "../context.ts";
import { evenly, type Section } from "../widgets.ts";

/** CloudWatch shows so many in one widget. */
const alarmsPerWidget = 100;

/** Every alarm of the environment: those that ring come first. */
export function alarms({ alarmArns }: DashboardContext): Section {
  const parts = Math.ceil(alarmArns.length / alarmsPerWidget);
  const widgets = Array.from({ length: parts }, (_, part) => ({
    kind: "alarm" as const,
    title: parts === 1 ? "Alarms" : `Alarms, part ${part + 1}`,
    alarmArns: alarmArns.slice(part * alarmsPerWidget, (part + 1) * alarmsPerWidget),
  }));
  return {
    heading: "Alarms",
    meaning:
      "Those that ring come first, then those without data. Each one's description says what it means to a customer and " +
      "what to do; `docs/runbook.md` has a section for each.",
    rows: widgets.length === 0 ? [] : [evenly(7, widgets)],
  };
}
