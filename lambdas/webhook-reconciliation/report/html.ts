/** A run's report as one HTML file: no scripts, nothing from elsewhere, readable without a network and on paper. */
import type { Discrepancy, ReconciliationReport, Severity } from "../../../config/reconciliation.ts";
import { amountText } from "../../shared/report/amount.ts";
import { countText, groupedText } from "../../shared/report/counts.ts";
import { html, type Markup } from "../../shared/report/markup.ts";
import { darkStyle, style } from "../../shared/report/style.ts";
import { cell, table } from "../../shared/report/table.ts";
import { durationText, secondsSince, timeText } from "../../shared/report/time.ts";
import { ageing, ageTitles } from "./ageing.ts";
import { actionText, kindWords, uncheckedText, verdictOf } from "./words.ts";

export function htmlReport(report: ReconciliationReport): string {
  const { environment, runId, finishedAt } = report;
  const { kind, text } = verdictOf(report);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Reconciliation ${environment}, ${runId}</title>
<style>${style}${darkStyle}</style>
</head>
<body><main>
<h1>Reconciliation</h1>
<p class="soft">${environment} · run ${runId} · finished ${timeText(finishedAt)}</p>
<p class="verdict ${kind}">${text}</p>
${uncheckedPart(report)}
${moneyPart(report)}
${foundPart(report)}
${carriedPart(report)}
${ageingPart(report)}
${figuresPart(report)}
${windowsPart(report)}
</main></body>
</html>
`;
  return page.markup;
}

function uncheckedPart({ unchecked, leftOut }: ReconciliationReport): Markup | undefined {
  if (unchecked.length === 0) return undefined;
  return html`<h2>Not checked</h2>
<p class="soft">None of this counts as in order. The next run looks at it again, as far as the provider lets it.</p>
${table(
  "What could not be checked",
  ["Provider", "What", "Window", "Why"],
  unchecked.map((one) => [
    cell(one.provider, "w"),
    html`<td class="long">${uncheckedText(one)}${codeLines([one.account, one.eventId])}</td>`,
    html`<td>${one.from === undefined ? "" : timeText(one.from)}${one.to === undefined ? "" : ` to ${timeText(one.to)}`}</td>`,
    html`<td class="long">${one.detail}<br><span class="soft"><code>${one.code}</code></span></td>`,
  ]),
  { isLong: unchecked.length > 20, stacks: true },
)}${restLine(leftOut.unchecked)}`;
}

function moneyPart({ totals }: ReconciliationReport): Markup {
  if (totals.length === 0) return html`<h2>Money</h2><p>No event of these windows has an amount.</p>`;
  const rows = totals.flatMap(({ provider, currency, theirPayments, ourPayments, theirRefunds, ourRefunds }) => [
    { provider, currency, what: "payments", theirs: theirPayments, ours: ourPayments },
    { provider, currency, what: "refunds", theirs: theirRefunds, ours: ourRefunds },
  ]);
  return html`<h2>Money</h2>
<p class="soft">Of the events that the provider lists, exact: what it says was paid and refunded, and what our books had of the same
events when they were compared. What was sent through again since is in the provider's sums alone.</p>
${table(
  "Sums per currency",
  ["Provider", "What", "Provider says", "Our books", "Difference"],
  rows.map(({ provider, currency, what, theirs, ours }) => {
    const difference = BigInt(theirs) - BigInt(ours);
    return [
      cell(provider, "w"),
      cell(`${currency} ${what}`, "w"),
      cell(amountText(theirs, currency), "n"),
      cell(amountText(ours, currency), "n"),
      html`<td class="n ${difference === 0n ? "good" : "bad"}">${difference === 0n ? "none" : amountText(difference.toString(), currency)}</td>`,
    ];
  }),
  { numeric: [2, 3, 4], isLong: rows.length > 20, stacks: true },
)}`;
}

function foundPart({ discrepancies, leftOut }: ReconciliationReport): Markup {
  if (discrepancies.length === 0) return html`<h2>Found by this run</h2><p>Nothing new.</p>`;
  return html`<h2>Found by this run</h2>
${table(
  "Discrepancies, the worst first",
  ["Severity", "What", "Provider says", "We have", "What was done"],
  discrepancies.map((one) => [severityCell(one.severity), whatCell(one), ...sideCells(one), doneCell(one)]),
  { isLong: discrepancies.length > 20, stacks: true },
)}${restLine(leftOut.discrepancies)}`;
}

function carriedPart({ carried, leftOut, finishedAt }: ReconciliationReport): Markup | undefined {
  if (carried.length === 0) return undefined;
  const nowMs = Date.parse(finishedAt);
  return html`<h2>Open since earlier runs</h2>
<p class="soft">They are carried from day to day until they are repaired, or until a person resolves them.</p>
${table(
  "Carried discrepancies, the worst first",
  ["Severity", "What", "Age", "Provider says", "We have", "What was done"],
  carried.map((one) => [
    severityCell(one.severity),
    whatCell(one),
    cell(durationText(secondsSince(one.firstSeenAt, nowMs)), "w"),
    ...sideCells(one),
    doneCell(one),
  ]),
  { isLong: carried.length > 20, stacks: true },
)}${restLine(leftOut.carried)}`;
}

function ageingPart({ discrepancies, carried, finishedAt }: ReconciliationReport): Markup {
  const rows = ageing([...discrepancies, ...carried], finishedAt);
  return html`<h2>Age of what is open</h2>
${table(
  "Open discrepancies by severity and age",
  ["Severity", ...ageTitles, "All"],
  rows.map(({ severity, counts }) => [
    severityCell(severity),
    ...counts.map((count) => cell(groupedText(count), "n")),
    cell(groupedText(counts.reduce((sum, count) => sum + count, 0)), "n"),
  ]),
  { numeric: [1, 2, 3, 4, 5], isLong: false, stacks: true },
)}`;
}

function figuresPart(report: ReconciliationReport): Markup {
  const { durationMs, startedAt, retriedEvents, successfulRetries } = report;
  const entries: readonly (readonly [string, string])[] = [
    ["Begun", `${timeText(startedAt)}, took ${durationText(Math.round(durationMs / 1000))}`],
    ["Events", `${countText(report.totalEventsChecked, "event")} of the provider's lists`],
    ["Money", `${countText(report.moneyMovementsChecked, "movement")} of the provider's books`],
    ["Our facts", `${countText(report.factsChecked, "fact")} held against the lists`],
    ["Missed", countText(report.missedEvents, "event")],
    ["Failed", countText(report.failedEvents, "event")],
    [
      "Sent through again",
      `${countText(retriedEvents, "event")}, ${groupedText(successfulRetries)} of them recorded by now`,
    ],
  ];
  return html`<h2>What was compared</h2>
<dl>${entries.map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl>`;
}

function windowsPart({ windows }: ReconciliationReport): Markup | undefined {
  if (windows.length === 0) return undefined;
  return html`<h2>Windows</h2>
${table(
  "Accounts and their windows, by the provider's clock",
  ["Provider", "Account", "From", "To"],
  windows.map(({ provider, account, from, to }) => [
    cell(provider, "w"),
    html`<td class="long">${account === undefined ? "the key's own" : html`<code>${account}</code>`}</td>`,
    cell(timeText(from), "w"),
    cell(timeText(to), "w"),
  ]),
  { isLong: windows.length > 20, stacks: true },
)}`;
}

function severityCell(severity: Severity): Markup {
  return html`<td class="w ${{ CRITICAL: "bad", HIGH: "warn", MEDIUM: "soft" }[severity]}">${severity}</td>`;
}

function whatCell({
  kind,
  id,
  account,
  eventId,
  transactionId,
  movementId,
  providerType,
  occurredAt,
}: Discrepancy): Markup {
  const about = [providerType, occurredAt === undefined ? undefined : timeText(occurredAt)].flatMap((one) => one ?? []);
  return html`<td class="long">${kindWords[kind]}${about.length === 0 ? "" : html`<br><span class="soft">${about.join(", ")}</span>`}${codeLines([eventId, transactionId, movementId, account])}<br><span class="soft">${kind}, <code>${id}</code></span></td>`;
}

function sideCells({ theirs, ours }: Discrepancy): readonly Markup[] {
  return [theirs, ours].map((side) => {
    if (side === undefined) return cell("nothing", "");
    const { amountMinor, currency, status } = side;
    const amount = amountMinor === undefined ? undefined : amountText(amountMinor, currency ?? "?");
    return html`<td>${amount ?? ""}${amount !== undefined && status !== undefined ? html`<br>` : ""}<span class="soft">${status ?? ""}</span></td>`;
  });
}

function doneCell(discrepancy: Discrepancy): Markup {
  const isClosed = discrepancy.status !== "OPEN";
  return html`<td class="${isClosed ? "good" : "bad"}">${actionText(discrepancy)}</td>`;
}

function codeLines(ids: readonly (string | undefined)[]): Markup {
  return html`${ids.map((id) => (id === undefined ? "" : html`<br><code>${id}</code>`))}`;
}

function restLine(leftOut: number): Markup | undefined {
  return leftOut === 0
    ? undefined
    : html`<p class="soft">And ${groupedText(leftOut)} more, which this page has no room for.</p>`;
}
