/**
 * Excel workbooks (ECMA-376), as far as tables of texts, numbers and times go, written as the rows come. Numbers go in
 * as decimal text and are never floats on the way; one that Excel would round (it keeps 15 digits) goes in as text.
 */
import { createZip, type Write } from "./zip.ts";

export type Cell =
  | { readonly kind: "text"; readonly text: string }
  /** Plain decimal text; `decimals` are shown. */
  | { readonly kind: "number"; readonly text: string; readonly decimals: number }
  /** ISO 8601 in UTC, to the millisecond. */
  | { readonly kind: "time"; readonly iso: string };

type SheetRow = readonly Cell[];

export interface Sheet {
  /** At most 28 letters, as those that a long table goes on in get a number. */
  readonly name: string;
  readonly columns: readonly { readonly title: string; readonly width: number }[];
  rows(): AsyncIterable<SheetRow>;
}

/** Excel's own limit, with the titles. */
const maxSheetRows = 1_048_576;
const exactDigits = 15;
/** Styles: plain, titles, times, then numbers by their decimals. */
const style = { title: 1, time: 2, number: 3 } as const;
const maxDecimals = 4;

/** Rows beyond what a sheet takes go on in another, under the same titles. */
export async function writeWorkbook(
  sheets: readonly Sheet[],
  write: Write,
  rowsPerSheet = maxSheetRows,
): Promise<void> {
  const zip = createZip(write);
  const names: string[] = [];
  for (const sheet of sheets) {
    const rows = sheet.rows()[Symbol.asyncIterator]();
    let next = await rows.next();
    let part = 1;
    do {
      names.push(part === 1 ? sheet.name : `${sheet.name} ${part}`);
      await zip.add(`xl/worksheets/sheet${names.length}.xml`, sheetXml());
      part += 1;
    } while (next.done !== true);

    async function* sheetXml(): AsyncGenerator<string> {
      yield `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">`;
      yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>';
      yield sheet.columns
        .map(({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`)
        .join("");
      yield `</cols><sheetData><row>${sheet.columns.map(({ title }) => textXml(title, style.title)).join("")}</row>`;
      for (let row = 1; row < rowsPerSheet && next.done !== true; row += 1) {
        yield `<row>${next.value.map(cellXml).join("")}</row>`;
        next = await rows.next();
      }
      yield "</sheetData></worksheet>";
    }
  }
  for (const [name, xml] of Object.entries(packageParts(names))) await zip.add(name, once(`${declaration}${xml}`));
  await zip.finish();
}

function cellXml(cell: Cell): string {
  if (cell.kind === "text") return textXml(cell.text);
  if (cell.kind === "time") return `<c s="${style.time}"><v>${serialDay(cell.iso)}</v></c>`;
  const digits = cell.text.replace(/^-?0*\.?0*/, "").replace(".", "").length;
  if (digits > exactDigits) return textXml(cell.text);
  return `<c s="${style.number + Math.min(cell.decimals, maxDecimals)}"><v>${cell.text}</v></c>`;
}

/** An empty cell where there is no text. Inline texts are never formulas, whatever they begin with. */
function textXml(text: string, styled = 0): string {
  return text === ""
    ? "<c/>"
    : `<c t="inlineStr" s="${styled}"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

/** Days since 30 December 1899, which Excel counts times from. */
function serialDay(iso: string): string {
  return String(Date.parse(iso) / 86_400_000 + 25_569);
}

/** What XML has no way to say is shown as "?". */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what XML 1.0 leaves out.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "?")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll("\r", "&#13;")
  );
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packaging = "http://schemas.openxmlformats.org/package/2006";
const mime = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** What a workbook consists of besides its sheets. */
function packageParts(names: readonly string[]): Readonly<Record<string, string>> {
  const numbered = names.map((name, at) => ({ name, number: at + 1 }));
  const sheets = numbered.map(
    ({ name, number }) => `<sheet name="${escaped(name)}" sheetId="${number}" r:id="rId${number}"/>`,
  );
  const relations = numbered.map(({ number }) =>
    relation(`rId${number}`, "worksheet", `worksheets/sheet${number}.xml`),
  );
  const types = numbered.map(({ number }) => override(`/xl/worksheets/sheet${number}.xml`, "worksheet"));
  return {
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packaging}/relationships">${relations.join("")}${relation("styles", "styles", "styles.xml")}</Relationships>`,
    "xl/styles.xml": stylesXml(),
    "_rels/.rels": `<Relationships xmlns="${packaging}/relationships">${relation("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    "[Content_Types].xml": `<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override("/xl/workbook.xml", "sheet.main")}${override("/xl/styles.xml", "styles")}${types.join("")}</Types>`,
  };
}

function relation(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
}

function override(part: string, type: string): string {
  return `<Override PartName="${part}" ContentType="${mime}.${type}+xml"/>`;
}

function stylesXml(): string {
  const ownFormats = 164;
  const timeFormat = `<numFmt numFmtId="${ownFormats}" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/>`;
  const decimals = Array.from({ length: maxDecimals + 1 }, (_, count) => count);
  const numberFormats = decimals.map(
    (count) =>
      `<numFmt numFmtId="${ownFormats + 1 + count}" formatCode="#,##0${count === 0 ? "" : `.${"0".repeat(count)}`}"/>`,
  );
  const cellStyles = [
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
    ...[0, ...decimals.map((count) => 1 + count)].map(
      (format) =>
        `<xf numFmtId="${ownFormats + format}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
    ),
  ];
  const font = (inside: string) => `<font>${inside}<sz val="11"/><name val="Calibri"/></font>`;
  return [
    `<styleSheet xmlns="${main}"><numFmts count="${numberFormats.length + 1}">${timeFormat}${numberFormats.join("")}</numFmts>`,
    `<fonts count="2">${font("")}${font("<b/>")}</fonts>`,
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    `<cellXfs count="${cellStyles.length}">${cellStyles.join("")}</cellXfs></styleSheet>`,
  ].join("");
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
