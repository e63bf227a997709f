/** An audit as one HTML file: no scripts, nothing from elsewhere, readable without a network and on paper. */

import { daysThrough } from "../../../lambdas/shared/domain/archive/days.ts";
import { amountText } from "../../../lambdas/shared/report/amount.ts";
import { countText, groupedText } from "../../../lambdas/shared/report/counts.ts";
import { html, type Markup } from "../../../lambdas/shared/report/markup.ts";
import { style } from "../../../lambdas/shared/report/style.ts";
import { cell, table } from "../../../lambdas/shared/report/table.ts";
import { timeText } from "../../../lambdas/shared/report/time.ts";
import { sizeText } from "../../commands/text/size.ts";
import { findingCodes, warningCodes } from "../findings.ts";
import { headText } from "../head.ts";
import type { AuditReport } from "../report.ts";
import { chartOf } from "./chart.ts";
import { agreement } from "./table.ts";
import { currenciesOf, dayAmounts, totalsOf } from "./totals.ts";
import { chainText, exceptionCount, exceptionsText, outcomeWords, verdictText } from "./words.ts";

export function htmlReport(report: AuditReport): string {
  const { range, isProven, place, auditedAt } = report;
  const days = range === undefined ? "no days" : `${range.from} to ${range.to}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Archive audit, ${days}: ${isProven ? "proven" : "not proven"}</title>
<style>${style}</style>
</head>
<body><main>
<h1>Archive audit</h1>
<p class="soft">${days} · ${place} · audited ${timeText(auditedAt)}</p>
<p class="verdict ${isProven ? "good" : "bad"}">${verdictText(report)}</p>
${findingsPart(report)}
${warningsPart(report)}
${figuresPart(report)}
${sumsPart(report)}
${daysPart(report)}
${exceptionsPart(report)}
${keysPart(report)}
</main></body>
</html>
`;
  return page.markup;
}

function findingsPart({ findings }: AuditReport): Markup | undefined {
  if (findings.length === 0) return undefined;
  return html`<h2>What is off</h2>
${table(
  "Findings, by day",
  ["Day", "What", "Where", "Row"],
  findings.map(({ code, day, object, row, message }) => [
    cell(day ?? "", "w"),
    html`<td class="long">${message}<br><span class="soft"><code>${code}</code>: ${findingCodes[code]}</span></td>`,
    html`<td class="long"><code>${object ?? ""}</code></td>`,
    cell(row === undefined ? "" : String(row), "n"),
  ]),
  { numeric: [3], isLong: false },
)}`;
}

function warningsPart({ warnings }: AuditReport): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<h2>To know</h2>
<p class="soft">None of this speaks against the archive.</p>
${table(
  "Warnings, by day",
  ["Day", "What"],
  warnings.map(({ code, day, message }) => [
    cell(day ?? "", "w"),
    html`<td class="long">${message}<br><span class="soft"><code>${code}</code>: ${warningCodes[code]}</span></td>`,
  ]),
)}`;
}

function figuresPart(report: AuditReport): Markup {
  const { totals, environments, tables } = report;
  const reach = (since: string | undefined) =>
    since === undefined ? "it is empty" : `it reaches back to ${timeText(since)}`;
  const entries: readonly (readonly [string, string])[] = [
    ["Environment", environments.join(", ") || "none"],
    ["Days", countText(totals.days, "sealed day")],
    ["Events", `${countText(totals.facts, "event")}, ${countText(totals.lateDecisions, "late decision")}`],
    ["Chain", chainText(report)],
    ["Objects", `${countText(totals.objects, "object")}, ${sizeText(totals.bytes)}`],
    [
      "Proven by",
      `reading ${totals.read}, S3's checksum ${totals.byChecksum}; expired ${totals.expired}, not proven ${totals.unproven}`,
    ],
    ["Exceptions", exceptionsText(report)],
    ...(tables === undefined
      ? [["Tables", "not compared: only the archive was looked at"] as const]
      : [
          [
            "processed-webhooks",
            `${countText(tables.processedWebhooks.compared, "record")} compared; ${reach(tables.processedWebhooks.since)}`,
          ] as const,
          [
            "transactions",
            `${countText(tables.transactions.compared, "fact")} compared; ${reach(tables.transactions.since)}`,
          ] as const,
        ]),
  ];
  return html`<h2>What was audited</h2>
<dl>${entries.map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl>`;
}

function sumsPart(report: AuditReport): Markup {
  const totals = totalsOf(report);
  if (totals.length === 0) return html`<h2>Sums</h2><p>No event of these days has an amount.</p>`;
  return html`<h2>Sums</h2>
<p class="soft">Of facts with an amount, exact. An event that repeats another under a second id is not in them. A sum agrees when its manifest is signed
and the rows, read and added up again, come to it; unread are rows in colder storage.</p>
${table(
  "All days, per currency, type and provider",
  ["Type", "Provider", "Sum", "Events", "Agrees"],
  totals.map(({ currency, type, provider = "", rows, amountMinor, agrees }) => [
    cell(type, "w"),
    cell(provider, "w"),
    cell(amountText(amountMinor, currency), "n"),
    cell(groupedText(rows), "n"),
    agreement(agrees),
  ]),
  { numeric: [2, 3] },
)}
${currenciesOf(report).map((currency) => currencyPart(report, currency))}`;
}

function currencyPart({ sums, days: [first, ...others] }: AuditReport, currency: string): Markup {
  const amounts = dayAmounts(sums, currency);
  // Whatever days were asked for: nothing was sealed before the first of these, nor after the last.
  const days = first === undefined ? [] : daysThrough(first.day, (others.at(-1) ?? first).day);
  const { svg, legend } = chartOf(currency, days, amounts);
  return html`<section>
<h3>${currency} per day</h3>
<div class="beside"><div>
${svg}
<ul class="legend">${legend.map(({ type, colour }) => html`<li><span style="background:${colour}"></span>${type}</li>`)}</ul>
</div>
${table(
  `Daily sums in ${currency}`,
  ["Day", "Type", "Sum", "Events", "Agrees"],
  amounts.map(({ day, type, rows, amountMinor, agrees }) => [
    cell(day, "w"),
    cell(type, "w"),
    cell(amountText(amountMinor, currency), "n"),
    cell(groupedText(rows), "n"),
    agreement(agrees),
  ]),
  { numeric: [2, 3] },
)}</div>
</section>`;
}

function daysPart({ days }: AuditReport): Markup | undefined {
  if (days.length === 0) return undefined;
  return html`<h2>Days</h2>
${table(
  "Sealed days",
  ["Day", "Sealed", "Addenda", "Objects", "Size", "Events", "Late decisions", "Exceptions", "Findings"],
  days.map((day) => [
    cell(day.day, "w"),
    cell(day.sealedAt === undefined ? "no" : timeText(day.sealedAt), "w"),
    cell(String(day.addenda), "n"),
    cell(String(day.objects), "n"),
    cell(sizeText(day.bytes), "n"),
    cell(groupedText(day.facts), "n"),
    cell(String(day.lateDecisions), "n"),
    cell(String(day.exceptions), "n"),
    html`<td class="n ${day.findings > 0 ? "bad" : ""}">${day.findings}</td>`,
  ]),
  { numeric: [2, 3, 4, 5, 6, 7, 8] },
)}`;
}

function exceptionsPart({ exceptions, outcomes }: AuditReport): Markup | undefined {
  if (exceptions.length === 0) return undefined;
  const left = exceptionCount({ outcomes }) - exceptions.length;
  const rest = left > 0 ? ` Beside these, there are ${groupedText(left)} more, which this page has no room for.` : "";
  return html`<h2>Exceptions</h2>
<p class="soft">Accepted, and not finished when a day was sealed.${rest}</p>
${table(
  "What became of them",
  ["Day", "Event", "Received", "At the seal", "Now", "Outcome"],
  exceptions.map(({ day, eventId, receivedAt, statusThen, statusNow, outcome }) => [
    cell(day, "w"),
    html`<td class="long"><code>${eventId}</code></td>`,
    cell(timeText(receivedAt), "w"),
    cell(statusThen, "w"),
    cell(statusNow ?? "", "w"),
    cell(outcomeWords[outcome], ""),
  ]),
)}`;
}

function keysPart({ keys, chain }: AuditReport): Markup {
  const head =
    chain.head === undefined
      ? undefined
      : html`<p>The newest manifest is number ${chain.head.sequence}, <code>${chain.head.key}</code>, with the SHA-256
<code>${chain.head.sha256}</code>. Keep this line: an archive that was cut off before here can't have it any more, which a later
audit finds with <code>--head ${headText(chain.head)}</code>.</p>`;
  return html`<h2>Proof</h2>
${keys.map(({ arn, publicKeySha256, manifests }) => html`<p>${countText(manifests, "manifest")} signed with <code>${arn}</code>, public key SHA-256 <code>${publicKeySha256}</code>.</p>`)}
${head}
<p>Without this tool, a manifest is proven with the key's PEM from the trust file:</p>
<pre>openssl dgst -sha256 -verify key.pem -signature manifests/dt=DAY.json.sig manifests/dt=DAY.json</pre>`;
}
