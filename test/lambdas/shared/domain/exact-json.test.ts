import fc from "fast-check";
import {
  decimalText,
  field,
  fieldAt,
  NumberText,
  parseExactJson,
  parseToWriteAgain,
} from "../../../../lambdas/shared/domain/exact-json.ts";

const parse = (text: string) => parseExactJson(Buffer.from(text));
const valueIn = (text: string) => {
  const result = parse(text);
  if (result.kind === "invalid") throw new Error(result.message);
  return result.value;
};

describe("exact JSON", () => {
  it("is JSON.parse for ordinary documents", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const longNumbers = /\d{16}|\d\.\d{15}|e[+-]?\d{3}/.test(text);
        fc.pre(!longNumbers && !/\d[\d.]{15,}/.test(text));
        expect(valueIn(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("agrees with JSON.parse on what is JSON", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => text.slice(1)),
          fc.json(),
        ),
        (text) => {
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          expect(parse(text.toWellFormed()).kind === "parsed").toBe(isJson);
        },
      ),
    );
  });

  it("rule 10: keeps the text of numbers that a float can't hold", () => {
    expect(valueIn('{"amount":9007199254740993}')).toEqual({ amount: new NumberText("9007199254740993") });
    expect(valueIn("[1234567890123.4567]")).toEqual([new NumberText("1234567890123.4567")]);
    expect(valueIn("[1e400,1e-400]")).toEqual([new NumberText("1e400"), new NumberText("1e-400")]);
    expect(valueIn("[-0.1234567890123456789]")).toEqual([new NumberText("-0.1234567890123456789")]);
  });

  it("rule 10: the decimal text of any number is the number that was written", () => {
    const written = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(written, ([negative, digits, scale]) => {
        const padded = digits.toString().padStart(scale + 1, "0");
        const text = `${negative ? "-" : ""}${padded.slice(0, padded.length - scale)}${scale > 0 ? `.${padded.slice(-scale)}` : ""}`;
        const read = decimalText(fieldAt(valueIn(`{"a":{"b":${text}}}`), "a", "b")) ?? "";
        expect(asRational(read)).toBe(asRational(text));
      }),
    );
  });

  it("isn't misled by digits, brackets and quotes inside strings", () => {
    const value = { id: "12345678901234567890", deep: "[".repeat(1_000), quoted: '\\"[[[\\', amount: 5 };
    expect(valueIn(JSON.stringify(value))).toEqual(value);
  });

  it("knows where a string with backslashes ends", () => {
    const long = new NumberText("9007199254740993");
    expect(valueIn('["\\\\",9007199254740993]')).toEqual(["\\", long]);
    expect(valueIn('["\\\\\\"",9007199254740993]')).toEqual(['\\"', long]);
  });

  it("rule 4: refuses what would exhaust the stack of whoever walks it", () => {
    expect(parse("[".repeat(65) + "]".repeat(65))).toMatchObject({ kind: "invalid", code: "json_too_deep" });
    expect(parse("[".repeat(64) + "]".repeat(64)).kind).toBe("parsed");
    expect(parse('{"a":'.repeat(100_000)).kind).toBe("invalid");
  });

  it("rule 4: is linear in the size of hostile text", () => {
    const hostile = [
      '"'.repeat(1 << 20),
      `"${"\\".repeat(1 << 20)}"`,
      `"${'\\"'.repeat(1 << 19)}"`,
      "1".repeat(1 << 20),
      "-".repeat(1 << 20),
    ];
    const startedMs = performance.now();
    for (const text of hostile) parse(text);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it("rule 4: refuses bytes that aren't UTF-8", () => {
    expect(parseExactJson(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ kind: "invalid", code: "json_malformed" });
    expect(parseExactJson(new Uint8Array())).toMatchObject({ kind: "invalid", code: "json_malformed" });
  });

  it("takes the last of duplicate keys, and __proto__ as a key like any other", () => {
    expect(valueIn('{"a":1,"a":2}')).toEqual({ a: 2 });
    const value = valueIn('{"__proto__":{"id":"forged"}}');
    expect(field(value, "id")).toBeUndefined();
    expect(fieldAt(value, "__proto__", "id")).toBe("forged");
    expect({}).not.toHaveProperty("id");
  });

  it("reads own fields only", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"])
      expect(field({}, name)).toBeUndefined();
    for (const value of [null, undefined, 5, "text"]) expect(field(value, "length")).toBeUndefined();
  });
});

/** `units/10^scale` in lowest terms; the text may have an exponent. */
function asRational(text: string): string {
  const [mantissa = "", exponent = "0"] = text.split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  let units = BigInt(whole.replace("-", "") + fraction);
  let scale = fraction.length - Number(exponent);
  for (; units !== 0n && units % 10n === 0n; scale--) units /= 10n;
  return units === 0n ? "0" : `${text.startsWith("-") ? "-" : ""}${units}/${scale}`;
}

describe("JSON that is to be written again", () => {
  it.each(["9007199254740993", "-0.12345678901234567", "1e400", "1234567890123456", "1.5", "9007199254740993e2"])(
    "keeps the digits of %s",
    (number) => {
      const text = `{"a":[${number}],"b":"${number}"}`;
      expect(JSON.stringify(parseToWriteAgain(text))).toBe(text);
    },
  );

  it("has numbers where a float holds them, and none where it doesn't", () => {
    expect(parseToWriteAgain("[1234567890123456,12.5]")).toEqual([1_234_567_890_123_456, 12.5]);
    expect(typeof (parseToWriteAgain("[9007199254740993]") as unknown[])[0]).toBe("object");
  });

  it("throws for what is no JSON", () => {
    expect(() => parseToWriteAgain("{")).toThrow(SyntaxError);
  });
});
