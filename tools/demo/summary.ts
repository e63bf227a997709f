/** The outcome in numbers, for programs (`--json`) and for people. */
import { decisions as decisionWords, tiers as tierWords } from "../../config/events.ts";
import { usedOnlyOnAws } from "../../config/permissions.ts";
import type { FaultReport, UsageReport } from "../../local/process.ts";
import type { Evidence } from "./evidence.ts";
import type { Judgement } from "./judge.ts";
import type { Invariant } from "./judging/invariant.ts";
import { grantsListedAs, grantText, unprovenGrants } from "./permissions.ts";
import type { SentWebhook } from "./send.ts";

export interface DemoResult {
  /** Webhooks that were planned; each was posted until there was an answer to keep. */
  readonly sent: number;
  /** Events that were accepted. */
  readonly accepted: number;
  /** Accepted posts of an event beyond its first. */
  readonly duplicates: number;
  /** HTTP status → webhooks. */
  readonly refused: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly doubled: number;
  readonly tiers: Readonly<Record<string, number>>;
  readonly decisions: Readonly<Record<string, number>>;
  /** Distinct events that people were alerted of. */
  readonly alerts: number;
  /** Alerts beyond the first of an event: SNS and its callers deliver at least once. */
  readonly repeatedAlerts: number;
  readonly invariants: readonly Invariant[];
  /** The whole demo, milliseconds. */
  readonly ms: number;
  readonly sendingMs: number;
  readonly resent: number;
  readonly faults: FaultReport;
  readonly unused: UsageReport["unused"];
}

export function resultOf(outcome: {
  readonly sent: readonly SentWebhook[];
  readonly evidence: Evidence;
  readonly judgement: Judgement;
  readonly permissions: UsageReport;
  readonly faults: FaultReport;
  readonly sendingMs: number;
  readonly ms: number;
}): DemoResult {
  const { sent, evidence, judgement } = outcome;
  const taken = sent.filter(({ status }) => status === 200);
  const accepted = new Set(taken.map(({ planned }) => planned.event)).size;
  const refused = countBy(
    sent.filter(({ status }) => status !== 200).map(({ status }) => String(status)),
    [],
  );
  const alerts = new Set(evidence.alerts.map(({ eventId }) => eventId)).size;
  return {
    sent: sent.length,
    accepted,
    duplicates: taken.length - accepted,
    refused,
    lost: judgement.lost,
    doubled: judgement.doubled,
    tiers: countBy(
      evidence.facts.filter(({ sameFactAs }) => sameFactAs === undefined).map(({ tier }) => tier),
      tierWords,
    ),
    decisions: countBy(
      evidence.decisions.map(({ decision }) => decision),
      decisionWords,
    ),
    alerts,
    repeatedAlerts: evidence.alerts.length - alerts,
    invariants: judgement.invariants,
    ms: Math.round(outcome.ms),
    sendingMs: Math.round(outcome.sendingMs),
    resent: sent.reduce((sum, { attempts }) => sum + attempts - 1, 0),
    faults: outcome.faults,
    unused: outcome.permissions.unused,
  };
}

function countBy(values: readonly string[], known: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(known.map((name) => [name, 0]));
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

export function summary(
  result: DemoResult,
  options: { readonly speed: number; readonly permissions: boolean },
): string {
  const list = (counts: object) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  const rate = Math.round(result.sent / (result.sendingMs / 1_000));
  const failed = result.invariants.filter(({ ok }) => !ok).length;
  return [
    "",
    `  Sent        ${result.sent} webhooks, ${rate} a second${result.resent === 0 ? "" : `; ${result.resent} were sent again after a 5xx`}`,
    `  Accepted    ${result.accepted} events, ${result.duplicates} duplicates`,
    `  Refused     ${list(result.refused)}`,
    `  Tiers       ${list(result.tiers)}`,
    `  Decisions   ${list(result.decisions)}`,
    `  Alerts      ${result.alerts}${result.repeatedAlerts === 0 ? "" : `, and ${result.repeatedAlerts} repeats`}`,
    `  Faults      ${list(result.faults)}`,
    `  Lost        ${result.lost}`,
    `  Doubled     ${result.doubled}`,
    "",
    ...result.invariants.map(({ name, ok, detail }) => `  ${ok ? "✔" : "✘"} ${name}: ${detail}`),
    "",
    ...(options.permissions ? unusedPermissions(result) : []),
    failed === 0
      ? `Every invariant holds. ${(result.ms / 1_000).toFixed(1)} s, waits shortened ${options.speed} times.`
      : `${failed} of ${result.invariants.length} invariants do not hold.`,
  ].join("\n");
}

/** With the reason that config/permissions.ts gives for each. */
function unusedPermissions({ unused }: DemoResult): string[] {
  if (unused.length === 0) return ["Every permission of every role and service was used.", ""];
  const listed = usedOnlyOnAws.map((entry) => ({ why: entry.why, grants: grantsListedAs(entry, unused) }));
  const reasons = listed.filter(({ grants }) => grants.length > 0);
  const unproven = unprovenGrants(unused, usedOnlyOnAws);
  return [
    "Permissions that this run did not use:",
    ...reasons.flatMap(({ why, grants }) => [`  ${why}`, ...grants.map((grant) => `    ${grantText(grant)}`)]),
    ...(unproven.length === 0 ? [] : ["  Not listed in config/permissions.ts:"]),
    ...unproven.map((grant) => `    ${grantText(grant)}`),
    "",
  ];
}
