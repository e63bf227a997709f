/** The report for people. */
import { type Price, pricesCheckedOn } from "../../config/prices.ts";
import { timeText } from "../../lambdas/shared/report/time.ts";
import { tableLines, wrapped } from "../commands/text/table.ts";
import type { CostLine } from "./cost.ts";
import { Exact } from "./exact.ts";
import { perMillion, pricesKnownFrom, type Report } from "./report.ts";

interface Page {
  /** Columns of the terminal. */
  readonly width: number;
  /** The command that recorded the calls. */
  readonly recordedBy: string;
}

export function reportText(report: Report, page: Page): string {
  return [
    paragraph(introduction(report, page), page),
    paragraph(assumptions(report), page),
    costTable(report).join("\n"),
    savingLines(report, page).join("\n"),
    ...remarks(report).map((remark) => paragraph(remark, page)),
  ].join("\n\n");
}

function introduction({ stacks, situation, cost }: Report, { recordedBy }: Page): string {
  const { environment, region, synthesizedAt } = stacks;
  return [
    `${environment} in ${region} costs ${dollars(cost.usd)} USD a month for ${counted(situation.events.toFixed(0), "events")},`,
    `${dollars(perMillion(cost.usd, situation))} USD a million.`,
    `An estimate before free tiers, discounts and taxes, from the stacks of ${timeText(synthesizedAt.toISOString())},`,
    `the calls that "${recordedBy}" counted, and the prices checked on ${pricesCheckedOn}.`,
  ].join(" ");
}

function assumptions({ situation: { shape } }: Report): string {
  const percent = (share: number) => `${Exact.of(share).times(100).toFixed(1).replace(/\.0$/, "")} %`;
  const tiers = Object.entries(shape.tiers).map(([tier, share]) => `${tier} ${percent(share)}`);
  const { reviewedShareOfHigh, duplicatesPerEvent, refusedPerEvent, claimCheckedShare, bodyBytes, keptDays } = shape;
  return [
    `Assumed of the events: ${tiers.join(", ")}; ${percent(reviewedShareOfHigh)} of the high ones reviewed,`,
    `${percent(claimCheckedShare)} too large for a message, bodies of ${bodyBytes === undefined ? "the recorded size" : counted(String(bodyBytes), "bytes")};`,
    `on top ${percent(duplicatesPerEvent)} duplicates and ${percent(refusedPerEvent)} refused posts;`,
    `transactions of ${counted(String(keptDays.transactions), "days")}. Say otherwise with --shape.`,
  ].join(" ");
}

/** A row per item below the row of its service, and the total. */
function costTable({ cost, situation }: Report): readonly string[] {
  const money = (usd: Exact) => [dollars(usd), dollars(perMillion(usd, situation))];
  const services = [...new Set(cost.lines.map(({ service }) => service))];
  const rows = services.flatMap((service) => {
    const lines = cost.lines.filter((line) => line.service === service);
    return [
      [service, "", "", ...money(Exact.sum(lines.map(({ usd }) => usd)))],
      ...lines.map((line) => [`  ${line.what}`, ...priced(line, situation.prices[line.price]), ...money(line.usd)]),
    ];
  });
  return tableLines(
    [
      { title: "SERVICE" },
      { title: "QUANTITY", align: "right" },
      { title: "UNIT PRICE" },
      { title: "USD A MONTH", align: "right" },
      { title: "USD A MILLION", align: "right" },
    ],
    [...rows, ["TOTAL", "", "", ...money(cost.usd)]],
  );
}

/** The first step's price stands for all: only the JSON has the later ones. */
function priced({ quantity }: CostLine, { unit, per, steps }: Price): [quantity: string, price: string] {
  const units = per === 1 ? singular(unit) : counted(String(per), unit);
  // Averages of a month have parts; a request or a message hasn't.
  const shown = magnitude(unit.startsWith("GB") ? quantity : quantity.ceil());
  const { usd, upTo } = steps[0];
  const from = upTo !== undefined && Exact.of(upTo).isBelow(quantity) ? "at first " : "";
  return [`${shown} ${shown === "1" ? singular(unit) : unit}`, `${from}${usd} per ${units}`];
}

/** "publishes" as "publish", "GB-months" as "GB-month", "GB" as it is. */
function singular(unit: string): string {
  return unit.replace(/(?<=sh)es$|s$/, "");
}

/** "1 event", "2,500 events". */
function counted(whole: string, unit: string): string {
  return `${grouped(whole)} ${whole === "1" ? singular(unit) : unit}`;
}

const listedSavings = 10;

function savingLines(report: Report, { width }: Page): readonly string[] {
  const savings = report.savings.filter(({ usd }) => dollars(usd) !== "0.00").slice(0, listedSavings);
  if (savings.length === 0) return ["Nothing that is known here would lower it."];
  const amounts = savings.map(({ usd }) => dollars(usd));
  const column = Math.max(...amounts.map((amount) => amount.length));
  const lines = savings.flatMap(({ what, butThen }, at) => {
    const [first = "", ...rest] = wrapped(`${what}; but then ${butThen}`, { indent: " ".repeat(column + 4), width });
    return [`  ${(amounts[at] ?? "").padStart(column)}  ${first.trimStart()}`, ...rest];
  });
  return ["What would lower it most, each by itself, in USD a month:", ...lines];
}

function remarks(report: Report): readonly string[] {
  const { notPriced, slowerUsd } = report;
  const missing = [...notPriced].map(([type, count]) => `${type} (${count})`);
  const unconfirmed = pricesKnownFrom(report, "unconfirmed");
  return [
    missing.length === 0
      ? "Every resource of the stacks is priced, or free by itself."
      : `Not priced: ${missing.join(", ")}. Add them to tools/cost/resource-types.ts.`,
    `How long functions and workflows run is assumed, too. Twice as long would cost ${dollars(slowerUsd)} USD more.`,
    `On AWS's own pages: ${pricesKnownFrom(report, "aws").join(", ")}. ${
      unconfirmed.length === 0 ? "" : `Found nowhere, as commonly known: ${unconfirmed.join(", ")}. `
    }The other prices were found on pages of others. No live page was asked.`,
    "Not counted: failures and retries, people who read logs and tables, what a VPC's endpoints or gateways transfer, support.",
  ];
}

function paragraph(text: string, { width }: Page): string {
  return wrapped(text, { indent: "", width })
    .map((line) => line.trimStart())
    .join("\n");
}

function dollars(usd: Exact): string {
  return grouped(usd.toFixed(2));
}

/** Three significant digits, since the quantities are estimates: "10.3 million", "332,000", "5.76". */
export function magnitude(quantity: Exact): string {
  const { power, word } = scales.find((scale) => !quantity.isBelow(Exact.of(`1e${scale.power}`))) ?? {
    power: 0,
    word: "",
  };
  const scaled = quantity.over(Exact.of(`1e${power}`));
  const digits = scaled.isBelow(Exact.of(1)) ? 0 : scaled.toFixed(6).indexOf(".");
  if (digits > 3) return `${grouped(`${scaled.over(10 ** (digits - 3)).toFixed(0)}${"0".repeat(digits - 3)}`)}${word}`;
  const decimal = scaled.toFixed(3 - digits);
  return `${decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal}${word}`;
}

const scales = [
  { power: 9, word: " billion" },
  { power: 6, word: " million" },
];

/** "1234567.89" as "1,234,567.89". */
function grouped(decimal: string): string {
  const [whole = "", fraction] = decimal.split(".");
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}
