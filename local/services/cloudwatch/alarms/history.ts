/** What happened to alarms: the newest items, as DescribeAlarmHistory tells them. */
import type { AlarmConfig, AlarmValue } from "./config.ts";

export interface HistoryItem {
  readonly alarmName: string;
  readonly alarmType: "MetricAlarm" | "CompositeAlarm";
  readonly atMs: number;
  readonly type: "StateUpdate" | "Action";
  readonly summary: string;
  /** JSON text. */
  readonly data: string;
}

interface State {
  readonly value: AlarmValue;
  readonly reason: string;
  readonly reasonData: string | undefined;
}

export interface History {
  stateUpdate(config: AlarmConfig, atMs: number, from: State, to: State): void;
  /** @param failure why it couldn't be done */
  action(config: AlarmConfig, atMs: number, action: string, failure: string | undefined): void;
  /** Of one alarm or all, newest first. */
  items(alarmName?: string): readonly HistoryItem[];
}

/** Kept of each alarm, so that a restless one doesn't push out what others did. */
const keptItems = 100;

export function createHistory(): History {
  const byAlarm = new Map<string, HistoryItem[]>();

  function add(config: AlarmConfig, item: Omit<HistoryItem, "alarmName" | "alarmType">): void {
    const items = byAlarm.get(config.name) ?? [];
    byAlarm.set(config.name, items);
    items.push({
      alarmName: config.name,
      alarmType: config.kind === "metric" ? "MetricAlarm" : "CompositeAlarm",
      ...item,
    });
    if (items.length > keptItems) items.shift();
  }

  return {
    stateUpdate(config, atMs, from, to) {
      const data = JSON.stringify({ version: "1.0", oldState: toData(from), newState: toData(to) });
      const summary = `Alarm updated from ${from.value} to ${to.value}`;
      add(config, { atMs, type: "StateUpdate", summary, data });
    },
    action(config, atMs, action, failure) {
      const summary =
        failure === undefined ? `Successfully executed action ${action}` : `Failed to execute action ${action}`;
      const data = JSON.stringify({
        version: "1.0",
        actionState: failure === undefined ? "Succeeded" : "Failed",
        notificationResource: action,
        ...(failure === undefined ? {} : { error: failure }),
      });
      add(config, { atMs, type: "Action", summary, data });
    },
    items(alarmName) {
      const found = alarmName === undefined ? [...byAlarm.values()].flat() : (byAlarm.get(alarmName) ?? []);
      // Items of one moment stay in the order in which they came.
      return found.toSorted((a, b) => a.atMs - b.atMs).toReversed();
    },
  };
}

function toData({ value, reason, reasonData }: State): object {
  return {
    stateValue: value,
    stateReason: reason,
    ...(reasonData === undefined ? {} : { stateReasonData: JSON.parse(reasonData) as unknown }),
  };
}
