/**
 * A peer: DuckDB's own COPY of the same rows from its own database. Arguments: the database, how many threads, the codec
 * (at our level, if it has levels).
 */
import { statSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { rowGroupRows } from "../../config/archive.ts";
import { createMeter, type Written } from "./rows.ts";

const [database = "rows.duckdb", threads = "1", codec = "zstd"] = process.argv.slice(2);
const compression = codec === "zstd" ? "COMPRESSION zstd, COMPRESSION_LEVEL 1" : `COMPRESSION ${codec}`;
const instance = await DuckDBInstance.create(database, { access_mode: "READ_ONLY", threads });
const connection = await instance.connect();
const meter = createMeter();
await meter.time(() =>
  connection.run(
    `COPY (SELECT * FROM rows) TO 'rows.parquet' (FORMAT parquet, ${compression}, ROW_GROUP_SIZE ${rowGroupRows})`,
  ),
);
const counted = await connection.runAndReadAll("SELECT count(*) FROM 'rows.parquet'");
const rows = Number(counted.getRowsJson()[0]?.[0]);
const written: Written = { ...meter.effort(), rows, bytes: statSync("rows.parquet").size };
console.log(JSON.stringify(written));
