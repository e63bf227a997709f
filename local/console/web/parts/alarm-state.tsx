/** An alarm's state in a word and a colour. */
import type { AlarmState } from "../../dashboards/view.ts";

const looks: Readonly<Record<AlarmState, { readonly word: string; readonly class: string }>> = {
  OK: { word: "OK", class: "good" },
  ALARM: { word: "In alarm", class: "bad" },
  INSUFFICIENT_DATA: { word: "No data yet", class: "warn" },
};

export function StateBadge({ state }: { readonly state: AlarmState }) {
  const look = looks[state];
  return <span class={`badge ${look.class}`}>{look.word}</span>;
}
