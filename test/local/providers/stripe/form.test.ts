import fc from "fast-check";
import { parseForm } from "../../../../local/providers/stripe/form.ts";

describe("parseForm", () => {
  it.each([
    ["a=1&b=two+words%26", { a: "1", b: "two words&" }],
    ["expand[]=a&expand[]=b", { expand: ["a", "b"] }],
    ["expand[0]=a&expand[1]=b", { expand: ["a", "b"] }],
    ["created[gte]=1&created[lt]=2", { created: { gte: "1", lt: "2" } }],
    ["metadata[0]=a&metadata[x]=b", { metadata: { 0: "a", x: "b" } }],
    ["a[b][c][0]=d", { a: { b: { c: ["d"] } } }],
    ["a[b=c", { "a[b": "c" }],
    ["a=1&a[b]=2", { a: { b: "2" } }],
    ["", {}],
  ])("reads %s", (text, form) => {
    expect(parseForm(text)).toEqual(form);
  });

  it("reads what the SDK writes, whatever the names", () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !/[[\]]/.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(name, name, fc.string({ unit: "binary" }), (outer, inner, value) => {
        const text = new URLSearchParams([[`${outer}[x][${inner}]`, value]]).toString();
        const form = parseForm(text) as Record<string, { x: Record<string, string> }>;
        const read = inner === "0" ? form[outer]?.x : Object.values(form[outer]?.x ?? {});
        expect(Object.keys(form)).toEqual([outer]);
        expect(read).toEqual([value]);
      }),
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(parseForm("__proto__[polluted]=1"))).toEqual(["__proto__"]);
  });
});
