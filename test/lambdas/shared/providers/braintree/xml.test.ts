import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { readXml } from "../../../../../lambdas/shared/providers/braintree/xml.ts";

const resultOf = (document: string) => {
  const read = readXml(document);
  return read.kind === "parsed" ? read.value : read.code;
};

describe("readXml", () => {
  it("reads text, objects, lists and what is nil, and keeps numbers as they are written", () => {
    const document = `<?xml version="1.0"?><a><n type="integer">007</n><amount>10.10</amount><empty/><void nil="true"/>
      <list type="array"><item>1</item><item>2</item></list><none type='array'/><b><c> d </c></b><!-- <d>not</d> --></a>`;
    expect(resultOf(document)).toEqual({
      a: { n: "007", amount: "10.10", empty: "", void: null, list: ["1", "2"], none: [], b: { c: " d " } },
    });
  });

  it("reads a section of characters as they stand", () => {
    expect(resultOf("<a>1<![CDATA[<b>&amp;]]>2</a>")).toEqual({ a: "1<b>&amp;2" });
  });

  it("reads the five entities and references to characters", () => {
    expect(resultOf("<a>&lt;b&gt; &amp;amp; &quot;c&quot; &apos;d&apos; &#65;&#x2603;&#x1F600;</a>")).toEqual({
      a: `<b> &amp; "c" 'd' A☃😀`,
    });
  });

  it("rule 10: makes a list of elements that repeat, so that no amount is taken from one of two", () => {
    expect(resultOf("<a><amount>1</amount><amount>2</amount><b>3</b></a>")).toEqual({
      a: { amount: ["1", "2"], b: "3" },
    });
  });

  it("keeps names of prototype members as own keys", () => {
    const value = resultOf("<a><__proto__><polluted>1</polluted></__proto__><constructor>2</constructor></a>") as {
      a: object;
    };
    expect(Object.keys(value.a)).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    ["a document type", "<!DOCTYPE a><a>1</a>"],
    ["an entity of its own", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ["a file as an entity", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    [
      "a billion laughs",
      '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;"><!ENTITY n "&m;&m;&m;&m;&m;&m;&m;">]><a>&n;</a>',
    ],
    ["an entity that nobody has declared", "<a>&nbsp;</a>"],
    ["an ampersand alone", "<a>fish & chips</a>"],
    ["a character that is none", "<a>&#xD800;</a>"],
    ["a character beyond Unicode", "<a>&#x110000;</a>"],
    ["a character that is nothing", "<a>&#0;</a>"],
    ["a processing instruction", "<a><?php system('id') ?></a>"],
    ["a stylesheet", '<?xml-stylesheet href="x"?><a/>'],
    ["half a section of characters", "<a><![CDATA[<b></a>"],
    ["a prefix", "<x:a/>"],
    ["an element that isn't closed", "<a><b></a>"],
    ["an end without a beginning", "</a>"],
    ["two roots", "<a/><b/>"],
    ["text beside the root", "<a/>b"],
    ["an attribute without quotes", "<a b=c/>"],
    ["half a tag", "<a><b"],
    ["half a comment", "<a><!-- "],
    ["nothing", ""],
  ])("refuses %s", (_, document) => {
    expect(resultOf(document)).toBe("xml_malformed");
  });

  it("refuses what is nested deeper than 64 levels, and reads what isn't", () => {
    const nested = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth);
    expect(resultOf(nested(63))).toMatchObject({ a: { a: {} } });
    expect(resultOf(nested(64))).toBe("xml_too_deep");
    expect(resultOf("<a>".repeat(300_000))).toBe("xml_too_deep");
  });

  it.each([
    ["text", `<a>${"x".repeat(1_000_000)}</a>`],
    ["elements of one name", `<a>${"<b/>".repeat(250_000)}</a>`],
    ["references", `<a>${"&lt;".repeat(250_000)}</a>`],
    ["ampersands", `<a>${"&".repeat(1_000_000)}</a>`],
    ["opening brackets", `<a>${"<".repeat(1_000_000)}`],
    ["blanks in a tag", `<a${" ".repeat(1_000_000)}b>`],
    ["attributes", `<a${' b="c"'.repeat(150_000)}>`],
    ["an attribute's name", `<a ${"b".repeat(1_000_000)}>`],
    ["comments", `<a>${"<!---->".repeat(140_000)}`],
  ])("takes a mebibyte of %s in linear time", (_, document) => {
    const started = process.cpuUsage();
    readXml(document);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(2_000);
  });

  it("never throws, whatever the text is", () => {
    const pieces = fc.constantFrom(
      "<a>",
      "</a>",
      "<b ",
      "/>",
      ">",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<!DOCTYPE",
      "<?",
      "&",
      "&#",
      ";",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: "binary" }))), (parts) => {
        expect(readXml(parts.join("")).kind).toMatch(/parsed|invalid/);
      }),
    );
  });

  it("reads documents as a parser of all of XML does", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const text = fc.string({ unit: fc.constantFrom("a", "0", ".", "<", "&", '"', "'", "é", "☃") });
    const tree = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, text, fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 4 })),
    })).value;
    const escaped = (value: string) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
    const write = (value: unknown): string =>
      typeof value === "string"
        ? escaped(value)
        : Object.entries(value as object)
            .map(([key, child]) => `<${key}>${write(child)}</${key}>`)
            .join("\n  ");
    const oracle = new XMLParser({ parseTagValue: false, trimValues: false, ignoreDeclaration: true });
    const withoutBlanks = (value: unknown): unknown => {
      if (typeof value !== "object" || value === null) return value;
      const entries = Object.entries(value).filter(([key]) => key !== "#text");
      return Object.fromEntries(entries.map(([key, child]) => [key, withoutBlanks(child)]));
    };
    fc.assert(
      fc.property(tree, (value) => {
        const document = `<?xml version="1.0" encoding="UTF-8"?>\n<root>${write(value)}</root>`;
        expect(resultOf(document)).toEqual(withoutBlanks(oracle.parse(document)));
        expect(resultOf(document)).toEqual({ root: value });
      }),
    );
  });
});
