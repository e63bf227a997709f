/** Reconciliation: what the provider lost or misstated is found, and nothing else; what was lost is booked all the same. */
import type { Discrepancy, ReconciliationReport } from "../../../config/reconciliation.ts";
import type { ReconciliationSeen } from "../reconciliation.ts";
import { type Check, missing, repeated } from "./invariant.ts";

/** Of the events that the stand-in makes, those whose loss can't wait. */
const criticalTypes: ReadonlySet<string> = new Set(["payment_intent.succeeded", "charge.succeeded"]);
/** Tiers whose events are decided. */
const decidedTiers: ReadonlySet<string> = new Set(["high", "medium", "low"]);

export const reconciliationChecks: readonly Check[] = [
  {
    name: "reconciliation finds what the provider lost or misstated, and nothing else",
    look: (findings) => {
      const { first, account, endings, lost, misstated } = findings.reconciliation;
      const unchecked = first.unchecked.filter((one) => one.account !== account);
      return {
        seen: { "events checked": first.totalEventsChecked, lost: lost.length, misstated: misstated.length },
        note: `${first.moneyMovementsChecked} movements of money and ${first.factsChecked} facts checked`,
        problems: [
          ...endings.filter((ending) => ending !== "SUCCEEDED").map((ending) => `a run ended ${ending}`),
          ...unchecked.map(({ part, code, detail }) => `unchecked ${part}: ${code}, ${detail}`),
          ...misjudged(findings.reconciliation.first, {
            lost: lost.filter((one) => one.account !== account),
            misstated,
          }),
        ],
      };
    },
  },
  {
    name: "what the provider lost is booked once and decided all the same",
    look: ({ reconciliation: { lost, first, second, eventIds }, ofStandIn }) => {
      const { facts, decisions, claims } = ofStandIn;
      const ids = facts.map(({ eventId }) => eventId);
      const due = facts.filter(({ tier }) => decidedTiers.has(tier)).map(({ eventId }) => eventId);
      const decided = decisions.map(({ eventId }) => eventId);
      const source = new Map(facts.map((fact) => [fact.eventId, fact.source]));
      const wasLost = new Set(lost.map(({ eventId }) => eventId));
      const found = [...first.discrepancies, ...second.discrepancies];
      const open = found.filter(({ eventId = "", status }) => wasLost.has(eventId) && status === "OPEN");
      const repaired = first.successfulRetries + second.successfulRetries;
      return {
        seen: { events: eventIds.size, repaired, decisions: decided.length },
        problems: [
          ...missing(eventIds, ids).map((eventId) => `${eventId} isn't booked`),
          ...repeated(ids).map((eventId) => `${eventId} is booked twice`),
          ...missing(due, decided).map((eventId) => `${eventId} isn't decided`),
          ...repeated(decided).map((eventId) => `${eventId} is decided twice`),
          ...[...eventIds].filter((id) => claims.get(id) !== "COMPLETED").map((id) => `${id} isn't completed`),
          ...[...eventIds]
            .filter((id) => (source.get(id) === "reconciliation") !== wasLost.has(id))
            .map((id) => `${id} came in as ${source.get(id)}`),
          ...open.map(({ eventId }) => `${eventId} isn't told as repaired`),
        ],
      };
    },
  },
  {
    name: "a second night finds nothing new where the first one looked, and carries what is open",
    look: ({ reconciliation: { account, second, misstated } }) => {
      const carried = second.carried.filter(({ status }) => status === "OPEN").map(({ eventId = "" }) => eventId);
      const expected = misstated.map(({ eventId }) => eventId);
      const found = second.discrepancies.filter((one) => one.account !== account);
      return {
        seen: { "events checked": second.totalEventsChecked, carried: carried.length },
        problems: [
          ...found.map(({ kind, eventId, transactionId }) => `${kind} of ${eventId ?? transactionId}`),
          ...second.unchecked.map(({ part, code }) => `unchecked ${part}: ${code}`),
          ...missing(expected, carried).map((eventId) => `${eventId} isn't carried`),
          ...missing(carried, expected).map((eventId) => `${eventId} is carried without a cause`),
        ],
      };
    },
  },
  {
    name: "an account that can't be read rings in the first night, and is checked and repaired in the second",
    look: ({ reconciliation: { account, lost, first, second }, evidence: { reconciliationAlerts } }) => {
      const parts = first.unchecked.filter((one) => one.account === account).map(({ part }) => part);
      const alerts = reconciliationAlerts.filter((text) => text.includes(first.runId));
      const ofAccount = lost.filter((one) => one.account === account);
      const found = second.discrepancies.filter((one) => one.account === account);
      const judged = { ...second, discrepancies: found };
      return {
        seen: { "parts unchecked": parts.length, alerts: alerts.length, "events lost": ofAccount.length },
        problems: [
          ...missing(["events", "money"], parts).map((part) => `its ${part} aren't told as unchecked`),
          ...(alerts.some((text) => text.includes(`UNCHECKED  stripe  ${account}`)) ? [] : ["no alert names it"]),
          ...first.discrepancies
            .filter((one) => one.account === account)
            .map(({ kind }) => `${kind} is told of it, though nobody could look`),
          ...misjudged(judged, { lost: ofAccount, misstated: [] }),
        ],
      };
    },
  },
];

/** What was lost and isn't told as missed, what was misstated and isn't told with both amounts, and all else that is told. */
function misjudged(
  { discrepancies }: Pick<ReconciliationReport, "discrepancies">,
  { lost, misstated }: Pick<ReconciliationSeen, "lost" | "misstated">,
): string[] {
  const told = new Map<string, Discrepancy>(
    discrepancies.map((one) => [one.eventId ?? one.transactionId ?? one.id, one]),
  );
  const due = new Set([...lost, ...misstated].map(({ eventId }) => eventId));
  return [
    ...lost.flatMap(({ eventId, type }) => {
      const kind = criticalTypes.has(type) ? "missed-critical-event" : "missed-event";
      return told.get(eventId)?.kind === kind ? [] : [`${eventId} is ${told.get(eventId)?.kind ?? "not told"}`];
    }),
    ...misstated.flatMap(({ eventId, misstated: amounts }) => {
      const one = told.get(eventId);
      const isTold =
        one?.kind === "amount-mismatch" &&
        one.severity === "CRITICAL" &&
        one.ours?.amountMinor === amounts?.stated &&
        one.theirs?.amountMinor === amounts?.actual;
      return isTold ? [] : [`${eventId} isn't told as ${amounts?.stated} instead of ${amounts?.actual}`];
    }),
    ...[...told].filter(([subject]) => !due.has(subject)).map(([subject, { kind }]) => `${subject} is told as ${kind}`),
    ...(discrepancies.length === told.size ? [] : ["an event is told of twice"]),
  ];
}
