import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { itemBytes } from "../../../tools/demo/stored-sizes.ts";

describe("an item's size", () => {
  it.each<[string, AttributeValue, number]>([
    ["text in UTF-8", { S: "äb" }, 3],
    ["a number by its digits", { N: "-123.45" }, 4],
    ["bytes", { B: new Uint8Array(7) }, 7],
    ["a boolean", { BOOL: true }, 1],
    ["null", { NULL: true }, 1],
    ["a list: 3, and 1 for each element", { L: [{ S: "ab" }, { S: "c" }] }, 3 + 3 + 2],
    ["a map: 3, and 1 for each entry", { M: { ab: { S: "c" } } }, 3 + 3 + 1],
    ["a set", { SS: ["ab", "c"] }, 3],
  ])("counts %s", (_what, value, expected) => {
    expect(itemBytes({ xy: value })).toBe(2 + expected);
  });

  it("is the sum of names and values", () => {
    expect(itemBytes({ a: { S: "12" }, bc: { N: "7" } })).toBe(1 + 2 + 2 + 2);
  });
});
