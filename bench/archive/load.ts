/**
 * Puts what the archiver wrote into a DuckDB database for the peer, and says how many rows it found, so that nobody
 * measures the writing of nonsense. Arguments: the archive's folder, the database's path.
 */
import { DuckDBInstance } from "@duckdb/node-api";

const [folder = ".", path = "rows.duckdb"] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(path)).connect();
await connection.run(
  `CREATE TABLE rows AS SELECT * EXCLUDE (dt, hour)
   FROM read_parquet('${folder}/transactions/*/*/*.parquet', hive_partitioning = true)`,
);
const counted = await connection.runAndReadAll("SELECT count(*) FROM rows WHERE amount_minor IS NOT NULL");
await connection.run("CHECKPOINT");
connection.closeSync();
console.log(JSON.stringify({ rows: Number(counted.getRowsJson()[0]?.[0]) }));
