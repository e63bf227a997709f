/** Alarms as the console shows them: what the server sends and the pages read. Types only. */
import type { AlarmState, MetricWidget, TimeRange } from "../dashboards/view.ts";

export interface AlarmLine {
  readonly name: string;
  readonly kind: "metric" | "composite";
  readonly state: AlarmState;
  /** ISO 8601: since when it is in its state. */
  readonly since?: string;
  /** Why it is in its state, in CloudWatch's words. */
  readonly reason: string;
  /** What a customer notices; the whole description where it isn't written as ours are. */
  readonly impact: string;
  /** Names of the alarms that a composite alarm rings for. */
  readonly parts: readonly string[];
}

export interface AlarmList {
  readonly alarms: readonly AlarmLine[];
}

export interface AlarmChange {
  /** ISO 8601. */
  readonly at: string;
  readonly summary: string;
  readonly reason: string;
}

export interface AlarmDetails extends AlarmLine {
  /** What to do first, in this order. */
  readonly firstSteps: readonly string[];
  /** When it rings, in words. */
  readonly condition: string;
  /** Topics that it tells; none for a part that only a composite alarm speaks for. */
  readonly topics: readonly string[];
  readonly partOf: readonly string[];
  /** While that alarm rings, this one keeps quiet. */
  readonly quietWhile?: string;
  readonly history: readonly AlarmChange[];
  readonly runbook?: { readonly link: string; readonly markdown?: string };
  /** What a metric alarm watches. */
  readonly watched?: { readonly range: TimeRange; readonly widget: MetricWidget };
}
