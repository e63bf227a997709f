/** Daily sums of one currency as an SVG: bars per type for up to a month, lines beyond. The table beside it says the same. */
import { amountText } from "../../../lambdas/shared/report/amount.ts";
import { html, type Markup } from "../../../lambdas/shared/report/markup.ts";
import type { DayAmount } from "./totals.ts";

/** Okabe and Ito's colours, which people who can't tell red from green can tell apart. */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#b8a800", "#000000", "#777777"];

const size = { width: 640, height: 280, left: 12, right: 12, top: 28, bottom: 54 } as const;
const barDays = 31;

export interface Chart {
  readonly svg: Markup;
  /** Types with their colours, in order. */
  readonly legend: readonly { readonly type: string; readonly colour: string }[];
}

/** `days` are all days of the range: a day without money leaves a gap. */
export function chartOf(currency: string, days: readonly string[], amounts: readonly DayAmount[]): Chart {
  const types = [...new Set(amounts.map(({ type }) => type))].sort();
  const legend = types.map((type, at) => ({ type, colour: colours[at % colours.length] ?? "" }));
  const values = amounts.map(({ amountMinor }) => BigInt(amountMinor));
  const top = values.reduce((most, value) => (value > most ? value : most), 0n);
  const bottom = values.reduce((least, value) => (value < least ? value : least), 0n);
  const frame: Frame = { days, types, y: scale(bottom, top) };
  const marks = legend.map(({ type, colour }) => {
    const ofType = amounts.filter((amount) => amount.type === type);
    return days.length <= barDays ? bars(ofType, colour, frame) : line(ofType, colour, frame);
  });
  const label = `Daily sums in ${currency} from ${days[0]} to ${days.at(-1)}, from ${amountText(String(bottom), currency)} to ${amountText(String(top), currency)}`;
  const svg = html`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">
<line x1="${size.left}" x2="${size.width - size.right}" y1="${frame.y(0n)}" y2="${frame.y(0n)}" class="axis"/>
${top > 0n ? gridLine(top, currency, frame, -7) : ""}${bottom < 0n ? gridLine(bottom, currency, frame, 20) : ""}
${marks}
<text x="${size.left}" y="${size.height - 6}">${days[0]}</text>
${days.length > 1 ? html`<text x="${size.width - size.right}" y="${size.height - 6}" text-anchor="end">${days.at(-1)}</text>` : ""}
</svg>`;
  return { svg, legend };
}

interface Frame {
  readonly days: readonly string[];
  readonly types: readonly string[];
  /** Pixels from the top of an amount. */
  y(amount: bigint): number;
}

/** Exact until the last step: amounts become thousandths of the range before they become pixels. */
function scale(bottom: bigint, top: bigint): (amount: bigint) => number {
  const range = top - bottom || 1n;
  const height = size.height - size.top - size.bottom;
  return (amount) => rounded(size.top + (height * Number(((top - amount) * 100_000n) / range)) / 100_000);
}

function gridLine(amount: bigint, currency: string, { y }: Frame, offset: number): Markup {
  const at = y(amount);
  return html`<line x1="${size.left}" x2="${size.width - size.right}" y1="${at}" y2="${at}" class="grid"/>
<text x="${size.left}" y="${at + offset}">${amountText(String(amount), currency)}</text>`;
}

function bars(amounts: readonly DayAmount[], colour: string, { days, types, y }: Frame): readonly Markup[] {
  const slot = (size.width - size.left - size.right) / days.length;
  const width = Math.min(40, (slot * 0.8) / types.length);
  return amounts.map(({ day, type, amountMinor, currency }) => {
    const place = types.indexOf(type) - types.length / 2;
    const x = size.left + slot * (days.indexOf(day) + 0.5) + place * width;
    const [from, to] = [y(0n), y(BigInt(amountMinor))];
    // Never lower than a pixel, so that a small sum beside a large one is still to be seen.
    const height = Math.max(1, Math.abs(to - from));
    const from0 = BigInt(amountMinor) < 0n ? from : from - height;
    return html`<rect x="${rounded(x)}" y="${rounded(from0)}" width="${rounded(width * 0.92)}" height="${rounded(height)}" fill="${colour}"><title>${day}, ${type}: ${amountText(amountMinor, currency)}</title></rect>
`;
  });
}

function line(amounts: readonly DayAmount[], colour: string, { days, y }: Frame): Markup {
  const slot = (size.width - size.left - size.right) / days.length;
  const byDay = new Map(amounts.map(({ day, amountMinor }) => [day, BigInt(amountMinor)]));
  const points = days.map((day, at) => `${rounded(size.left + slot * (at + 0.5))},${y(byDay.get(day) ?? 0n)}`);
  return html`<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="1.6"/>
`;
}

function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
