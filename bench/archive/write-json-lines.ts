/** A peer: the same rows as JSON lines through gzip, the usual way out of a database. Argument: how many rows. */
import { once } from "node:events";
import { createWriteStream, statSync } from "node:fs";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { createMeter, recordsOf, rowOf, type Written } from "./rows.ts";

const rows = Number(process.argv[2] ?? 0);
const path = "rows.jsonl.gz";
/** Rows of one write to gzip. */
const rowsAtOnce = 100;
const gzip = createGzip();
const file = gzip.pipe(createWriteStream(path));
const meter = createMeter();
// Amounts keep their digits as text: a JSON number would be read as a float.
const plain = (_name: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
for (const records of recordsOf({ from: 0, to: rows }, rows)) {
  await meter.time(async () => {
    for (let at = 0; at < records.length; at += rowsAtOnce) {
      const lines = records.slice(at, at + rowsAtOnce).map((record) => `${JSON.stringify(rowOf(record), plain)}\n`);
      if (!gzip.write(lines.join(""))) await once(gzip, "drain");
    }
  });
}
await meter.time(async () => {
  gzip.end();
  await finished(file);
});
const written: Written = { ...meter.effort(), rows, bytes: statSync(path).size };
console.log(JSON.stringify(written));
