import { amountText } from "../../lambdas/shared/report/amount.ts";
import { durationText, secondsSince, timeText } from "../../lambdas/shared/report/time.ts";
import type { ClaimRecord, DecisionRecord, FactRecord, RawRecord, ReviewRecord } from "../aws/records.ts";
import { decisionText } from "./review-text.ts";
import type { EventReport, TransactionReport } from "./show-report.ts";
import { listLines, printable, tableLines, wrapped } from "./text/table.ts";
import { givenUpText } from "./undecided/list.ts";

interface Page {
  readonly nowMs: number;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The report for people. Every section says in words what is not there (yet). */
export function reportText(report: EventReport, page: Page): string {
  const { eventId, event, workflow, review, fact, raw, decision, undecided, transaction } = report;
  const sections = [
    [
      printable(eventId),
      ...indented(
        listLines([
          ...factEntries(fact),
          ["Recorded", claimText(event) ?? "no: there is no record of its deduplication"],
          ...(event?.replays ?? []).map(({ at, by, why }) => ["Replayed", `${timeText(at)} by ${by}: ${why}`] as const),
          ["Workflow", claimText(workflow)],
          ["Review", review && reviewText(review, page.nowMs)],
          ["Decision", decision === undefined ? "none yet" : decisionText(decision)],
          ["Given up", undecided?.givenUp && givenUpText(undecided.givenUp)],
          ["Body", raw && rawText(raw)],
        ]),
      ),
    ],
    decision === undefined ? [] : scoreLines(decision, page.width),
    transaction === undefined ? [] : transactionLines(transaction),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function factEntries(fact: FactRecord | undefined): readonly (readonly [string, string | undefined])[] {
  if (fact === undefined) return [["Fact", "none in the ledger yet"]];
  const { type, providerType, amountMinor, currency, occurredAt, receivedAt } = fact;
  return [
    ["Type", `${type} (${fact.provider}: ${providerType})`],
    ["Amount", amountText(amountMinor, currency) + routingText(fact)],
    ["Tier", fact.tier],
    ["Customer", fact.customerId],
    ["Occurred", timeText(occurredAt)],
    ["Received", `${timeText(receivedAt)} by ${fact.source}`],
    ["Same as", fact.sameFactAs && `${fact.sameFactAs}: the same fact under another id, not counted twice`],
    ["Correlation", fact.correlationId],
    ["Archive", fact.archivePartition],
  ];
}

function routingText({ routingAmountUsd, fxDate, amountProblem }: FactRecord): string {
  if (routingAmountUsd !== undefined) return `, routed as ${routingAmountUsd} USD by the rates of ${fxDate}`;
  return amountProblem === undefined ? "" : `, not routed: ${amountProblem}`;
}

function claimText(claim: ClaimRecord | undefined): string | undefined {
  if (claim === undefined) return undefined;
  const { status, result, error, processingStartedAt, processingCompletedAt, retryCount } = claim;
  const at = processingCompletedAt ?? processingStartedAt;
  const what = error ?? result;
  const retries = retryCount === 0 ? "" : `, attempt ${retryCount + 1}`;
  return `${status}${what === undefined ? "" : `: ${what}`}${at === undefined ? "" : `, at ${timeText(at)}`}${retries}`;
}

function reviewText({ openedAt, closedAt, escalations }: Omit<ReviewRecord, "taskToken">, nowMs: number): string {
  const escalated = escalations === 0 ? "" : `, escalated ${escalations}×`;
  return closedAt === undefined
    ? `open since ${timeText(openedAt)} (${durationText(secondsSince(openedAt, nowMs))})${escalated}`
    : `opened ${timeText(openedAt)}, closed ${timeText(closedAt)}${escalated}`;
}

function rawText({ sizeBytes, sha256, encoding, bucket, key }: RawRecord): string {
  const place = bucket === undefined ? "in the ledger" : `in s3://${bucket}/${key}`;
  return `${sizeBytes} bytes, SHA-256 ${sha256}, ${encoding}, ${place}`;
}

function scoreLines({ score, modelVersion, reasons }: DecisionRecord, width: number): readonly string[] {
  const none = reasons.length === 0 ? ["  nothing speaks against it"] : [];
  const given = reasons.flatMap(({ weight, detail, code }) =>
    wrapped(`${weight.toFixed(2)} ${detail} (${code})`, { indent: "  ", width }),
  );
  return [`Score ${score.toFixed(2)} by ${printable(modelVersion)}`, ...none, ...given];
}

function transactionLines({ transactionId, state, facts }: TransactionReport): readonly string[] {
  const { status, amountMinor, currency, refundedMinor } = state;
  const amount = amountMinor === undefined ? "" : `, ${amountText(amountMinor, currency)}`;
  const refunded = refundedMinor === "0" ? "" : `, refunded ${amountText(refundedMinor, refundCurrency(state, facts))}`;
  const rows = facts.map((fact) => [
    timeText(fact.occurredAt),
    fact.type,
    amountText(fact.amountMinor, fact.currency),
    fact.eventId,
  ]);
  const columns = [
    { title: "OCCURRED" },
    { title: "TYPE" },
    { title: "AMOUNT", align: "right" },
    { title: "EVENT" },
  ] as const;
  return [
    `Transaction ${printable(transactionId)}: ${status}${amount}${refunded}`,
    ...indented(tableLines(columns, rows)),
  ];
}

/** A refund that is heard of before its payment has the only currency that is known. */
function refundCurrency({ currency }: TransactionReport["state"], facts: readonly FactRecord[]): string | undefined {
  return currency ?? facts.find(({ type }) => type === "refund.created")?.currency;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
