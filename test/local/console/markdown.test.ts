import fc from "fast-check";
import { readMarkdown } from "../../../local/console/markdown.ts";

describe("blocks", () => {
  it("are headings, paragraphs, lists, code, tables and rules", () => {
    const kinds = readMarkdown(
      [
        "# One",
        "two",
        "three",
        "",
        "- a",
        "  more of a",
        "- b",
        "",
        "1. c",
        "",
        "```",
        "# d",
        "```",
        "| e |",
        "|---|",
        "| f |",
        "---",
      ].join("\n"),
    );
    const text = (value: string) => [{ kind: "text", text: value }];
    expect(kinds).toEqual([
      { kind: "heading", level: 1, children: text("One") },
      { kind: "paragraph", children: text("two three") },
      { kind: "list", isOrdered: false, items: [text("a more of a"), text("b")] },
      { kind: "list", isOrdered: true, items: [text("c")] },
      { kind: "code", text: "# d" },
      { kind: "table", head: [text("e")], rows: [[text("f")]] },
      { kind: "rule" },
    ]);
  });

  it("end, whatever the text", () => {
    const lines = fc.array(
      fc.constantFrom("", "# a", "- a", "  b", "1. a", "```", "| a | b |", "|--|", "---", "a *b* `c`"),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          lines.map((all) => all.join("\n")),
          fc.string(),
        ),
        (text) => {
          expect(Array.isArray(readMarkdown(text))).toBe(true);
        },
      ),
    );
  });
});

/** The pieces of a text that is one paragraph. */
function inlineOf(text: string) {
  const [block] = readMarkdown(text);
  return block?.kind === "paragraph" ? block.children : block;
}

describe("within a line", () => {
  it("are code, strong and emphasized words, and links", () => {
    expect(inlineOf("`a*b*` **c `d`** _e_ [f](https://g.example) snake_case_word 2 * 3 * 4")).toEqual([
      { kind: "code", text: "a*b*" },
      { kind: "text", text: " " },
      {
        kind: "strong",
        children: [
          { kind: "text", text: "c " },
          { kind: "code", text: "d" },
        ],
      },
      { kind: "text", text: " " },
      { kind: "emphasis", children: [{ kind: "text", text: "e" }] },
      { kind: "text", text: " " },
      { kind: "link", href: "https://g.example", children: [{ kind: "text", text: "f" }] },
      { kind: "text", text: " snake_case_word 2 * 3 * 4" },
    ]);
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "vbscript:x", "JavaScript:x"])("%s is no link", (href) => {
    expect(JSON.stringify(inlineOf(`[x](${href})`))).not.toContain('"link"');
  });

  it("HTML stays text", () => {
    expect(inlineOf("<script>x</script>")).toEqual([{ kind: "text", text: "<script>x</script>" }]);
  });
});
