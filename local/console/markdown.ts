/**
 * The part of Markdown that dashboards and the runbook use, read into a tree. What it doesn't know stays text, and
 * nothing of it becomes HTML by itself, so that a dashboard can't bring a script along.
 */

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "emphasis"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "list"; readonly isOrdered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "table"; readonly head: readonly (readonly Inline[])[]; readonly rows: readonly TableRow[] }
  | { readonly kind: "rule" };

type TableRow = readonly (readonly Inline[])[];

/** How the lines of one block begin, and how they are read. The first that matches takes the line. */
interface BlockRule {
  readonly begins: RegExp;
  /** Takes its lines away. */
  read(lines: string[]): Block | undefined;
}

const fence = /^\s*```/;
const heading = /^(#{1,6})\s+(.*?)\s*#*$/;
const item = /^\s*(?:[-*]|(\d+)[.)])\s+(.*)$/;
const tableRow = /^\s*\|(.*)\|\s*$/;

const rules: readonly BlockRule[] = [
  { begins: /^\s*$/, read: (lines) => void lines.shift() },
  { begins: fence, read: readCode },
  {
    begins: heading,
    read(lines) {
      const [, marks = "#", text = ""] = heading.exec(lines.shift() ?? "") ?? [];
      return { kind: "heading", level: marks.length, children: readInline(text) };
    },
  },
  {
    begins: /^\s*([-*_])(\s*\1){2,}\s*$/,
    read(lines) {
      lines.shift();
      return { kind: "rule" };
    },
  },
  { begins: item, read: readList },
  { begins: tableRow, read: readTable },
];

/** @returns the blocks in their order */
export function readMarkdown(markdown: string): readonly Block[] {
  const lines = markdown.split(/\r?\n/);
  const blocks: Block[] = [];
  for (let line = lines[0]; line !== undefined; line = lines[0]) {
    const block = ruleOf(line)?.read(lines) ?? (ruleOf(line) === undefined ? readParagraph(lines) : undefined);
    if (block !== undefined) blocks.push(block);
  }
  return blocks;
}

function ruleOf(line: string): BlockRule | undefined {
  return rules.find(({ begins }) => begins.test(line));
}

function readParagraph(lines: string[]): Block {
  const text = [lines.shift() ?? ""];
  while (lines[0] !== undefined && ruleOf(lines[0]) === undefined) text.push(lines.shift() ?? "");
  return { kind: "paragraph", children: readInline(text.map((line) => line.trim()).join(" ")) };
}

function readCode(lines: string[]): Block {
  lines.shift();
  const end = lines.findIndex((line) => fence.test(line));
  const text = lines.splice(0, end === -1 ? lines.length : end);
  lines.shift();
  return { kind: "code", text: text.join("\n") };
}

function readList(lines: string[]): Block {
  const isOrdered = item.exec(lines[0] ?? "")?.[1] !== undefined;
  const items: string[] = [];
  for (let line = lines[0]; line !== undefined && line.trim() !== ""; line = lines[0]) {
    const begun = item.exec(line);
    // A line that is indented belongs to the item above it.
    if (begun === null && (items.length === 0 || !/^\s/.test(line))) break;
    lines.shift();
    if (begun === null) items.push(`${items.pop() ?? ""} ${line.trim()}`);
    else items.push(begun[2] ?? "");
  }
  return { kind: "list", isOrdered, items: items.map(readInline) };
}

function readTable(lines: string[]): Block {
  const rows: string[][] = [];
  for (let row = tableRow.exec(lines[0] ?? ""); row !== null; row = tableRow.exec(lines[0] ?? "")) {
    lines.shift();
    rows.push((row[1] ?? "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|")));
  }
  const isRuled = rows[1]?.every((cell) => /^:?-+:?$/.test(cell)) ?? false;
  const [head, ...body] = rows.filter((_, at) => !(isRuled && at === 1)).map((cells) => cells.map(readInline));
  return { kind: "table", head: head ?? [], rows: body };
}

const inlineRules =
  /`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|\[([^\]]+)\]\(([^)\s]+)\)|(?<![\w*])\*(?!\s)([^*]+)(?<!\s)\*(?!\w)|(?<!\w)_([^_]+)_(?!\w)/;

function readInline(text: string): readonly Inline[] {
  const found = inlineRules.exec(text);
  if (found === null) return text === "" ? [] : [{ kind: "text", text }];
  const [all, code, stars, bars, label, href, star, bar] = found;
  const before = text.slice(0, found.index);
  return [
    ...(before === "" ? [] : [{ kind: "text", text: before } as const]),
    inlineOf({ all, code, strong: stars ?? bars, label, href, emphasis: star ?? bar }),
    ...readInline(text.slice(found.index + all.length)),
  ];
}

function inlineOf(found: {
  readonly all: string;
  readonly code: string | undefined;
  readonly strong: string | undefined;
  readonly label: string | undefined;
  readonly href: string | undefined;
  readonly emphasis: string | undefined;
}): Inline {
  if (found.code !== undefined) return { kind: "code", text: found.code };
  if (found.strong !== undefined) return { kind: "strong", children: readInline(found.strong) };
  if (found.label === undefined || found.href === undefined) {
    return { kind: "emphasis", children: readInline(found.emphasis ?? "") };
  }
  // `javascript:` and its like are text.
  if (!isSafeHref(found.href)) return { kind: "text", text: found.all };
  return { kind: "link", href: found.href, children: readInline(found.label) };
}

function isSafeHref(href: string): boolean {
  return /^https?:\/\//i.test(href) || !/^[a-z][a-z0-9+.-]*:/i.test(href);
}

/** A heading's text without marks, as its anchor is made from. */
function plainText(children: readonly Inline[]): string {
  return children.map((one) => ("text" in one ? one.text : plainText(one.children))).join("");
}

/** GitHub's anchor of a line that is a heading. */
export function anchorOfHeading(line: string): string {
  return anchorOf(readInline(heading.exec(line)?.[2] ?? ""));
}

/** GitHub's anchor of a heading. */
export function anchorOf(children: readonly Inline[]): string {
  return plainText(children)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}
