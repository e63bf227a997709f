/** A pipeline so small that its month can be reckoned by hand. */
import { prices } from "../../../config/prices.ts";
import { defaultShape } from "../../../tools/cost/default-shape.ts";
import { Exact } from "../../../tools/cost/exact.ts";
import type { Infrastructure } from "../../../tools/cost/infrastructure.ts";
import type { Situation } from "../../../tools/cost/month.ts";
import {
  eventKinds,
  type RecordedArchive,
  type RecordedCall,
  type RecordedKind,
  type Recording,
} from "../../../tools/cost/recording.ts";
import type { Shape } from "../../../tools/cost/shape.ts";

export function aCall(by: string, call: string, on: string, figures: Partial<RecordedCall> = {}): RecordedCall {
  return { by, call, on, count: 10, entries: 10, bytes: 0, readUnits: 0, writeUnits: 0, ...figures };
}

/** Ten posts that do nothing. */
export function aKind(more: Partial<RecordedKind> = {}): RecordedKind {
  const nothing = { reviews: 0, bodyBytes: 4_000, keptBodyBytes: 0, calls: [], logs: {}, transitions: {}, stored: {} };
  return { posts: 10, ...nothing, ...more };
}

export function aRecording(kinds: Partial<Recording["kinds"]> = {}): Recording {
  const silent = Object.fromEntries(eventKinds.map((kind) => [kind, aKind()])) as Recording["kinds"];
  return { writtenBy: "a test", archive: anArchive(), kinds: { ...silent, reviewed: aKind({ reviews: 5 }), ...kinds } };
}

/** Ten events of a day that are archived for nothing. */
export function anArchive(more: Partial<RecordedArchive> = {}): RecordedArchive {
  return {
    days: 1,
    facts: 10,
    calls: [],
    logs: {},
    transitions: {},
    objectBytes: 0,
    eventIdBytes: 0,
    largeBodyBytes: 0,
    ...more,
  };
}

export const nothingDeployed: Infrastructure = {
  functions: [],
  consumers: [],
  tables: [],
  machines: [],
  logGroups: [],
  buckets: [],
  subscriptions: [],
  webFirewalls: [],
  alarmMetrics: 0,
  compositeAlarms: 0,
  metricFilters: 0,
  measuredMethods: 0,
  dashboards: 0,
  secrets: 0,
  keys: 0,
  isBusEncrypted: false,
  repositories: 0,
};

/** Only low payments, and nothing that repeats or goes wrong. */
export const onlyLow: Shape = {
  ...defaultShape,
  tiers: { low: 1, medium: 0, high: 0, unroutable: 0, unrouted: 0 },
  duplicatesPerEvent: 0,
  sameFactsPerEvent: 0,
  refusedPerEvent: 0,
  claimCheckedShare: 0,
  coldStarts: { share: 0, initMs: 0 },
};

export function aSituation(more: Partial<Situation> = {}): Situation {
  const priceList = prices["us-east-1"];
  if (priceList === undefined) throw new Error("There are no prices.");
  return {
    infrastructure: nothingDeployed,
    shape: onlyLow,
    recording: aRecording(),
    prices: priceList,
    events: Exact.of(1_000_000),
    ...more,
  };
}
