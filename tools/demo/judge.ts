/**
 * Compares what was planned with what is there. Pure: the plan, the answers and the evidence in, verdicts out. What has
 * to hold is in judging/, a file for each noun; a new invariant is one more entry in one of its tables.
 */
import { answerChecks } from "./judging/answers.ts";
import { archiveChecks } from "./judging/archive.ts";
import { counterChecks, surplusOf } from "./judging/counters.ts";
import { decisionChecks, undecided } from "./judging/decisions.ts";
import { deliveryChecks } from "./judging/deliveries.ts";
import { type Case, type Findings, findingsOf } from "./judging/findings.ts";
import { type Check, type Invariant, repeated, verdictOf } from "./judging/invariant.ts";
import { leftoverChecks, unkept } from "./judging/leftovers.ts";
import { moneyChecks } from "./judging/money.ts";
import { reconciliationChecks } from "./judging/reconciliation.ts";
import { recordChecks, unrecorded } from "./judging/records.ts";
import { grantCheck, scheduledFaultCheck, surroundingsChecks } from "./judging/surroundings.ts";
import { sweepChecks } from "./judging/sweeps.ts";
import { transactionChecks } from "./judging/transactions.ts";

export interface Judgement {
  readonly invariants: readonly Invariant[];
  /** Planned events that were answered 200, and have no record or not the decision that they are due. */
  readonly lost: number;
  /** Records, decisions and counts beyond one each. */
  readonly doubled: number;
}

/** In the order in which they are told. */
const checks: readonly Check[] = [
  ...answerChecks,
  ...recordChecks,
  ...moneyChecks,
  ...decisionChecks,
  ...counterChecks,
  ...transactionChecks,
  ...deliveryChecks,
  ...leftoverChecks,
  ...reconciliationChecks,
  ...sweepChecks,
  ...archiveChecks,
  ...surroundingsChecks,
];

export function judge(subject: Case): Judgement {
  const findings = findingsOf(subject);
  const due = [
    ...checks,
    ...(subject.grants === undefined ? [] : [grantCheck]),
    ...(subject.scheduledFaults === undefined ? [] : [scheduledFaultCheck]),
  ];
  return {
    lost: lostIn(findings),
    doubled: doubledIn(findings),
    invariants: due.map((check) => verdictOf(check, findings)),
  };
}

function lostIn(findings: Findings): number {
  // An event without a record may lack its decision, too.
  return new Set([...unrecorded(findings), ...undecided(findings)]).size + unkept(findings).length;
}

function doubledIn(findings: Findings): number {
  const { facts, raws, decisions } = findings.evidence;
  const ledger = [facts, raws, decisions].flatMap((entries) => repeated(entries.map(({ eventId }) => eventId)));
  return ledger.length + surplusOf(findings);
}
