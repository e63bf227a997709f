import { csvRow, csvValue } from "../../../../tools/commands/text/csv.ts";

describe("csvValue", () => {
  it.each([
    ["=1+1", false, "'=1+1"],
    ["-1", true, "-1"],
    ["a\tb\nc", false, "a\tb\nc"],
    ["a\u001b[2Jb\u0000\u009bc", false, "a?[2Jb??c"],
  ])("makes %j harmless", (text, isNumber, value) => {
    expect(csvValue(text, isNumber)).toBe(value);
  });
});

describe("csvRow", () => {
  it("quotes what has commas, quotes or line ends", () => {
    expect(csvRow(["a,b", 'say "x"', "1\n2", "plain"])).toBe('"a,b","say ""x""","1\n2",plain');
  });
});
