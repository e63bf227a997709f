/** Evaluates a synthesized alarm as the local CloudWatch does, minute by minute, over values that a test makes up. */
import { type EnvironmentSettings, environments } from "../../../config/environments.ts";
import { alarmsOf } from "../../../local/resources/alarms.ts";
import { evaluateAlarm } from "../../../local/services/cloudwatch/alarms/evaluate.ts";
import { createMetrics } from "../../../local/services/cloudwatch/metrics.ts";
import type { ResolvedResource } from "../../../local/terraform/resolve.ts";
import { resourcesOf, synthesizeEnvironments, type TerraformJson } from "../synthesized.ts";

/** The observability stack of dev, or of dev with other settings. */
export function observing(settings: Partial<EnvironmentSettings> = {}): TerraformJson {
  return synthesizeEnvironments([{ ...environments.dev, ...settings }])["observability-dev"] as TerraformJson;
}

const metricAlarms = "aws_cloudwatch_metric_alarm";

/** What a metric is told in a minute, counted from 0; nothing where it is undefined. */
export type Told = (minute: number) => number | undefined;

const begin = Date.UTC(2026, 10, 20, 12);
const minuteMs = 60_000;

/**
 * The minutes at whose end an alarm rings.
 * @param told by the ids of the alarm's expression; those that are left out are told nothing
 */
export function ringing(
  json: TerraformJson,
  alarmName: string,
  { minutes, told }: { readonly minutes: number; readonly told: Readonly<Record<string, Told>> },
): readonly number[] {
  const alarm = alarmNamed(json, alarmName);
  const time = { nowMs: begin };
  const metrics = createMetrics({ now: () => time.nowMs });
  const rung: number[] = [];
  let isRinging = false;
  for (let minute = 0; minute < minutes; minute += 1) {
    time.nowMs = begin + minute * minuteMs;
    for (const [id, valueAt] of Object.entries(told)) {
      const metric = alarm.queries.find((query) => query.id === id)?.metric;
      if (metric === undefined) throw new Error(`${alarmName} doesn't look at "${id}".`);
      const value = valueAt(minute);
      if (value !== undefined) metrics.of(metric.id).record(value, time.nowMs);
    }
    const { value } = evaluateAlarm(alarm, metrics, time.nowMs + minuteMs, 1);
    if (value !== "keep") isRinging = value === "ALARM";
    if (isRinging) rung.push(minute);
  }
  return rung;
}

function alarmNamed(json: TerraformJson, alarmName: string) {
  const found = resourcesOf(json, metricAlarms).flatMap((resource) =>
    resource.config.alarm_name === alarmName
      ? [{ ...resource, attributes: { arn: `arn:of:${alarmName}` } } as unknown as ResolvedResource]
      : [],
  );
  const [alarm] = alarmsOf({ ofType: (type) => (type === metricAlarms ? found : []) });
  if (alarm?.kind !== "metric") throw new Error(`There is no alarm ${alarmName}.`);
  return alarm;
}
