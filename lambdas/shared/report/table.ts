/** Tables of HTML reports. */
import { html, type Markup } from "./markup.ts";

/** `n` is aligned to the right and never broken, `w` never broken. */
export function cell(text: string, kind: "" | "n" | "w"): Markup {
  return html`<td class="${kind}">${text}</td>`;
}

/** `numeric` are the places of columns that are aligned to the right; on a screen, a long table scrolls by itself. */
export function table(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly Markup[])[],
  { numeric = [], isLong = true }: { readonly numeric?: readonly number[]; readonly isLong?: boolean } = {},
): Markup {
  return html`<div class="scroll${isLong ? "" : " whole"}" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${titles.map((title, at) => html`<th scope="col" class="${numeric.includes(at) ? "n" : ""}">${title}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells}</tr>\n`)}</tbody></table></div>`;
}
