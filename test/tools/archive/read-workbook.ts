import { crc32, inflateRawSync } from "node:zlib";

/** Sheets of a workbook by name: rows of cells, each with its kind ("text …", "number …") or empty. Checks the ZIP, too. */
export function readWorkbook(file: Buffer): ReadonlyMap<string, readonly (readonly string[])[]> {
  const parts = unzipped(file);
  const workbook = parts.get("xl/workbook.xml") ?? "";
  return new Map(
    [...workbook.matchAll(/<sheet name="([^"]+)" sheetId="(\d+)"/g)].map(([, name = "", number]) => [
      name,
      rowsOf(parts.get(`xl/worksheets/sheet${number}.xml`) ?? ""),
    ]),
  );
}

function rowsOf(xml: string): readonly (readonly string[])[] {
  return [...xml.matchAll(/<row>(.*?)<\/row>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<c\/>|<c [^>]*>(.*?)<\/c>/gs)].map(([, cell = ""]) => {
      const text = /<t [^>]*>(.*)<\/t>/s.exec(cell)?.[1];
      const number = /<v>(.*)<\/v>/.exec(cell)?.[1];
      if (text !== undefined) return `text ${text}`;
      return number === undefined ? "" : `number ${number}`;
    }),
  );
}

/** By the central directory at the end, as a reader goes. */
export function unzipped(file: Buffer): ReadonlyMap<string, string> {
  const end = file.lastIndexOf(Buffer.from("PK\x05\x06"));
  const parts = new Map<string, string>();
  let at = file.readUInt32LE(end + 16);
  for (let entry = 0; entry < file.readUInt16LE(end + 10); entry += 1) {
    const [crc, packedBytes, bytes] = [16, 20, 24].map((field) => file.readUInt32LE(at + field)) as [
      number,
      number,
      number,
    ];
    const nameBytes = file.readUInt16LE(at + 28);
    const local = file.readUInt32LE(at + 42);
    const name = file.toString("utf8", at + 46, at + 46 + nameBytes);
    const begin = local + 30 + file.readUInt16LE(local + 26);
    const content = inflateRawSync(file.subarray(begin, begin + packedBytes));
    if (content.length !== bytes || crc32(content) !== crc) throw new Error(`${name} is damaged`);
    parts.set(name, content.toString());
    at += 46 + nameBytes;
  }
  return parts;
}
