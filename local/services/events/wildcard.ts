/**
 * Compiles an event pattern's wildcard: `*` stands for any characters or none, `\*` and `\\` for themselves.
 * Matching looks for the texts between the stars from left to right, so its time grows with the value's length only.
 * @returns the test, or why the pattern is refused
 */
export function compileWildcard(pattern: string): ((value: string) => boolean) | string {
  const texts = [""];
  for (let position = 0; position < pattern.length; position++) {
    let character = pattern.charAt(position);
    if (character === "*") {
      if (pattern[position + 1] === "*") return `Consecutive wildcard characters at pos ${position}`;
      texts.push("");
      continue;
    }
    if (character === "\\") {
      character = pattern.charAt(position + 1);
      if (character !== "*" && character !== "\\") return `Invalid escape character at pos ${position}`;
      position++;
    }
    texts.push(texts.pop() + character);
  }
  const first = texts.shift() ?? "";
  const last = texts.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first)) return false;
    let position = first.length;
    for (const text of texts) {
      const found = value.indexOf(text, position);
      if (found < 0) return false;
      position = found + text.length;
    }
    return value.length - position >= last.length && value.endsWith(last);
  };
}
