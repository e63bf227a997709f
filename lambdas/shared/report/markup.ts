/** HTML and SVG as text in which nothing from outside can become an element: every value is escaped by itself. */

export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | readonly Part[] | undefined;

/** A piece of HTML; what is put into it is escaped unless it is such a piece itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, at) => text + textOf(parts[at])).join("") };
}

function textOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return "markup" in part ? part.markup : part.map(textOf).join("");
}

/** Control and formatting characters show as "?": no id may turn around the text beside it. */
function escaped(text: string): string {
  return text
    .replace(/\p{C}/gu, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
