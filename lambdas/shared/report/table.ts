/** Tables of HTML reports. */
import { html, type Markup } from "./markup.ts";

/** `n` is aligned to the right and never broken, `w` never broken. */
export function cell(text: string, kind: "" | "n" | "w"): Markup {
  return html`<td class="${kind}">${text}</td>`;
}

/**
 * `numeric` are the places of columns that are aligned to the right; on a screen, a long table scrolls by itself. One that
 * `stacks` has its cells below each other where the screen is narrow, each with its column's title. Cells are `<td>`.
 */
export function table(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly Markup[])[],
  options: { readonly numeric?: readonly number[]; readonly isLong?: boolean; readonly stacks?: boolean } = {},
): Markup {
  const { numeric = [], isLong = true, stacks = false } = options;
  const kind = `scroll${isLong ? "" : " whole"}${stacks ? " stacks" : ""}`;
  const cellsOf = (cells: readonly Markup[]) =>
    stacks ? cells.map((one, at) => titled(one, titles[at] ?? "")) : cells;
  return html`<div class="${kind}" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${titles.map((title, at) => html`<th scope="col" class="${numeric.includes(at) ? "n" : ""}">${title}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cellsOf(cells)}</tr>\n`)}</tbody></table></div>`;
}

/** The cell with the title that the style sheet shows beside it. */
function titled({ markup }: Markup, title: string): Markup {
  return { markup: markup.replace(/^<td/, () => html`<td data-title="${title}"`.markup) };
}
