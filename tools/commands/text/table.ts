/** Tables and paragraphs for a terminal. */

export interface Column {
  readonly title: string;
  readonly align?: "right";
}

/** Aligned rows under their titles, two spaces apart. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => widthOf(row[at] ?? ""))));
  return cells.map((row) =>
    columns
      .map(({ align }, at) => {
        const cell = row[at] ?? "";
        const gap = " ".repeat((widths[at] ?? 0) - widthOf(cell));
        return align === "right" ? gap + cell : cell + gap;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** Labels and what they say, one below the other. Entries without a text are left out. */
export function listLines(entries: readonly (readonly [label: string, text: string | undefined])[]): readonly string[] {
  const given = entries.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
  const width = Math.max(0, ...given.map(([label]) => widthOf(label)));
  return given.map(([label, text]) => `${label}${" ".repeat(width - widthOf(label))}  ${printable(text)}`);
}

/** Text broken between words to a width. Every line gets the indent; those after the first are set in by two more. */
export function wrapped(text: string, options: { readonly indent: string; readonly width: number }): readonly string[] {
  const lines: string[] = [];
  let line = options.indent;
  for (const word of printable(text).split(" ")) {
    const isFirst = line.trim() === "";
    if (!isFirst && widthOf(line) + 1 + widthOf(word) > options.width) {
      lines.push(line);
      line = `${options.indent}  ${word}`;
    } else {
      line += isFirst ? word : ` ${word}`;
    }
  }
  return [...lines, line];
}

/** Text from outside without what a terminal would obey: control and formatting characters show as "?". */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, "?");
}

function widthOf(text: string): number {
  return [...text].length;
}
