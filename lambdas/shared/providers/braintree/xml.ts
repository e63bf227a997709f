/**
 * The XML of Braintree's gateway: elements, text, and attributes that say what a value is. It has a reader of our own
 * (docs/adr/0022-braintrees-xml-is-read-here.md), and what that can't do nobody can ask of it: there is no document type,
 * so no entity that grows and no file to fetch.
 */
import type { ParsedBody } from "../../domain/exact-json.ts";

/** Deeper nesting than any notification's; as in exact-json.ts, it bounds whatever walks the value later. */
const maxDepth = 64;

const name = "[A-Za-z_][\\w.-]*";
const openTag = new RegExp(`<(${name})((?:\\s+${name}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, "y");
const closeTag = new RegExp(`</(${name})\\s*>`, "y");
const declaration = /^<\?xml\s[^<>]*\?>/;
const sectionStart = "<![CDATA[";
const reference = /&([^;]{0,10};)?/g;
const entities: ReadonlyMap<string, string> = new Map([
  ["lt;", "<"],
  ["gt;", ">"],
  ["amp;", "&"],
  ["quot;", '"'],
  ["apos;", "'"],
]);

interface Element {
  readonly name: string;
  readonly attributes: string;
  readonly children: (readonly [string, unknown])[];
  text: string;
}

/**
 * Reads a document to the value of its root's element, `{ <root>: value }`. An element with elements in it is an object
 * by their names, one of `type="array"` a list, one of `nil="true"` null, any other one its text: numbers keep their
 * digits. Whatever isn't plain XML (a document type, other entities than the five, processing instructions) is a value,
 * not a throw.
 */
export function readXml(document: string): ParsedBody {
  const root: Element = { name: "", attributes: "", children: [], text: "" };
  const open = [root];
  const text = document.replace(declaration, "");
  for (let at = 0; at < text.length; ) {
    const element = open[open.length - 1] ?? root;
    if (text[at] !== "<") {
      const end = indexOrEnd(text, "<", at);
      const characters = unescaped(text.slice(at, end));
      if (characters === undefined) return malformed("has a reference to an entity that XML doesn't have itself");
      element.text += characters;
      at = end;
    } else if (text.startsWith("</", at)) {
      const closed = match(closeTag, text, at);
      if (closed === undefined || closed[1] !== element.name || element === root) return malformed("closes no element");
      open.pop();
      open[open.length - 1]?.children.push([element.name, contentOf(element)]);
      at = closeTag.lastIndex;
    } else if (text.startsWith("<!--", at)) {
      at = indexOrEnd(text, "-->", at) + 3;
    } else if (text.startsWith(sectionStart, at)) {
      const end = indexOrEnd(text, "]]>", at);
      element.text += text.slice(at + sectionStart.length, end);
      at = end + 3;
    } else {
      const opened = match(openTag, text, at);
      if (opened === undefined) return malformed("has something in angle brackets that is no element");
      const [, tag = "", attributes = "", slash] = opened;
      const next: Element = { name: tag, attributes, children: [], text: "" };
      if (slash === "/") element.children.push([tag, contentOf(next)]);
      else open.push(next);
      if (open.length > maxDepth) return tooDeep;
      at = openTag.lastIndex;
    }
  }
  if (open.length > 1) return malformed("ends within an element");
  if (root.children.length !== 1 || root.text.trim() !== "") return malformed("is not one element");
  return { kind: "parsed", value: contentOf(root) };
}

const typeArray = /\stype\s*=\s*["']array["']/;
const isNil = /\snil\s*=\s*["']true["']/;

function contentOf({ attributes, children, text }: Element): unknown {
  if (attributes !== "" && isNil.test(attributes)) return null;
  if (attributes !== "" && typeArray.test(attributes)) return children.map(([, value]) => value);
  return children.length === 0 ? text : objectOf(children);
}

/** Names are own keys, whatever they are. One that repeats holds a list, of which nobody makes an amount. */
function objectOf(children: Element["children"]): unknown {
  const value = Object.fromEntries(children);
  if (Object.keys(value).length === children.length) return value;
  const lists = Map.groupBy(children, ([childName]) => childName);
  return Object.fromEntries(
    [...lists].map(([childName, list]) => [childName, list.length === 1 ? list[0]?.[1] : list.map(([, one]) => one)]),
  );
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function indexOrEnd(text: string, part: string, from: number): number {
  const index = text.indexOf(part, from);
  return index === -1 ? text.length : index;
}

/** Undefined where an ampersand begins nothing that we know. */
function unescaped(text: string): string | undefined {
  if (!text.includes("&")) return text;
  let isKnown = true;
  const characters = text.replace(reference, (_, body: string | undefined) => {
    const character = entities.get(body ?? "") ?? characterOf(body ?? "");
    isKnown &&= character !== undefined;
    return character ?? "";
  });
  return isKnown ? characters : undefined;
}

/** "#65;" and "#x41;" are "A". */
function characterOf(body: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}));$/.exec(body) ?? [];
  if (hex === undefined && decimal === undefined) return undefined;
  const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isCharacter = codePoint > 0 && codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
  return isCharacter ? String.fromCodePoint(codePoint) : undefined;
}

const tooDeep: ParsedBody = {
  kind: "invalid",
  code: "xml_too_deep",
  message: `The notification is nested deeper than ${maxDepth} levels.`,
};

function malformed(why: string): ParsedBody {
  return { kind: "invalid", code: "xml_malformed", message: `The notification's XML ${why}.` };
}
