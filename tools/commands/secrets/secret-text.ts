/** A provider's secrets in lines: when each is live, and nothing that narrows down what it is. */

import { timeText } from "../../../lambdas/shared/report/time.ts";
import type { SecretView } from "../../secrets/secret-view.ts";
import { tableLines } from "../text/table.ts";

const columns = [
  { title: "place" },
  { title: "id" },
  { title: "state" },
  { title: "from" },
  { title: "until" },
  { title: "characters" },
] as const;

export function secretLines(views: readonly SecretView[]): readonly string[] {
  const rows = views.map(({ place, id, state, from, until, length }) => [
    `#${place}`,
    id ?? "–",
    state,
    from === undefined ? "–" : momentText(from),
    until === undefined ? "for good" : momentText(until),
    length,
  ]);
  const reasons = views.flatMap(({ place, id, why }) => (why === undefined ? [] : [`${id ?? `#${place}`}: ${why}`]));
  return [...tableLines(columns, rows), ...reasons];
}

/** A time as it is in the value, in UTC. */
export function momentText(iso: string): string {
  return timeText(new Date(iso).toISOString());
}
