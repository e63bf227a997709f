/** Edits of source text that leave everything else as it is. They find a literal by its name, whatever its layout. */

const pairs: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };

/** The text with another element at the end of the list or record that a constant is. Undefined where there is none. */
export function appended(text: string, constant: string, element: string): string | undefined {
  const start = literalStart(text, constant);
  if (start === undefined) return undefined;
  const end = literalEnd(text, start);
  if (end === undefined) return undefined;
  const { close, lastCode } = end;
  const hasComma = lastCode === start || text[lastCode] === ",";
  const before = hasComma ? text.slice(0, close) : `${text.slice(0, lastCode + 1)},${text.slice(lastCode + 1, close)}`;
  return `${before}${element},\n${text.slice(close)}`;
}

/** The text with another import after its last one; the formatter sorts them. Undefined where there is none. */
export function withImport(text: string, line: string): string | undefined {
  const last = [...text.matchAll(/^import [^;]*;$/gm)].at(-1);
  if (last === undefined) return undefined;
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}\n${line}${text.slice(end)}`;
}

/** Where the literal begins that a constant is made from. Two constants of one name are none. */
function literalStart(text: string, constant: string): number | undefined {
  const found = [...text.matchAll(new RegExp(`\\bconst ${constant}\\b[^=]*=\\s*(?=[[{])`, "g"))];
  const [only] = found;
  return found.length === 1 && only !== undefined ? only.index + only[0].length : undefined;
}

/** The bracket that closes the one at `start`, and the last character before it that isn't blank or comment. */
function literalEnd(text: string, start: number): { readonly close: number; readonly lastCode: number } | undefined {
  const open: string[] = [];
  let lastCode = start;
  for (let at = start; at < text.length; at++) {
    const skipped = skip(text, at);
    if (skipped.kind === "comment") {
      at = skipped.last;
      continue;
    }
    at = skipped.last;
    const character = text[at] ?? "";
    const closing = skipped.kind === "text" ? undefined : pairs[character];
    if (closing !== undefined) open.push(closing);
    else if (skipped.kind === "code" && character === open.at(-1)) {
      open.pop();
      if (open.length === 0) return { close: at, lastCode };
    }
    if (/\S/.test(character)) lastCode = at;
  }
  return undefined;
}

interface Skipped {
  readonly kind: "code" | "comment" | "text";
  /** Place of its last character. */
  readonly last: number;
}

/** What begins at a place: a comment, a text in quotes, or a character of code. */
function skip(text: string, at: number): Skipped {
  const rest = text.slice(at, at + 2);
  if (rest === "//") return { kind: "comment", last: endOf(text, "\n", at) };
  if (rest === "/*") return { kind: "comment", last: endOf(text, "*/", at + 2) + 1 };
  const quote = text[at] ?? "";
  if (!"\"'`".includes(quote)) return { kind: "code", last: at };
  for (let place = at + 1; place < text.length; place++) {
    if (text[place] === "\\") place++;
    else if (text[place] === quote) return { kind: "text", last: place };
  }
  return { kind: "text", last: text.length };
}

function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found === -1 ? text.length : found;
}
