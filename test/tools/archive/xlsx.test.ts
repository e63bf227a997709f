import { type Cell, type Sheet, writeWorkbook } from "../../../tools/archive/xlsx.ts";
import { readWorkbook, unzipped } from "./read-workbook.ts";

async function workbook(sheets: readonly Sheet[], rowsPerSheet?: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  await writeWorkbook(sheets, async (bytes) => void chunks.push(bytes.slice()), rowsPerSheet);
  return Buffer.concat(chunks);
}

function sheetOf(name: string, rows: readonly (readonly Cell[])[]): Sheet {
  const columns = [{ title: "first & last", width: 10 }];
  return {
    name,
    columns,
    async *rows() {
      yield* rows;
    },
  };
}

const text = (value: string): Cell => ({ kind: "text", text: value });

describe("writeWorkbook", () => {
  it("goes on in another sheet, under the same titles", async () => {
    const rows = ["a", "b", "c", "d", "e"].map((letter) => [text(letter)]);
    const sheets = readWorkbook(await workbook([sheetOf("Long", rows), sheetOf("Empty", [])], 3));
    const title = ["text first &amp; last"];
    expect(Object.fromEntries(sheets)).toEqual({
      Long: [title, ["text a"], ["text b"]],
      "Long 2": [title, ["text c"], ["text d"]],
      "Long 3": [title, ["text e"]],
      Empty: [title],
    });
  });

  it("keeps XML well-formed, whatever a text holds", async () => {
    const sheets = readWorkbook(await workbook([sheetOf("Odd", [[text('<b>&"\u0000\ud800\n ]]>')], [text("")]])]));
    expect(sheets.get("Odd")?.slice(1)).toEqual([['text &lt;b&gt;&amp;"?\ufffd\n ]]&gt;'], [""]]);
  });

  it.each([
    ["999999999999999", "number"],
    ["-0.0001", "number"],
    ["0.00", "number"],
    ["1000000000000000", "text"],
    ["12345678901234.56", "text"],
  ])("writes %s as a %s", async (amount, kind) => {
    const sheets = readWorkbook(await workbook([sheetOf("One", [[{ kind: "number", text: amount, decimals: 2 }]])]));
    expect(sheets.get("One")?.[1]).toEqual([`${kind} ${amount}`]);
  });

  it("names every part that it has", async () => {
    const parts = unzipped(await workbook([sheetOf("One", [])]));
    expect([...parts.keys()].toSorted()).toEqual([
      "[Content_Types].xml",
      "_rels/.rels",
      "xl/_rels/workbook.xml.rels",
      "xl/styles.xml",
      "xl/workbook.xml",
      "xl/worksheets/sheet1.xml",
    ]);
    for (const part of ["/xl/workbook.xml", "/xl/styles.xml", "/xl/worksheets/sheet1.xml"]) {
      expect(parts.get("[Content_Types].xml")).toContain(`PartName="${part}"`);
    }
  });
});
