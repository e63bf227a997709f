/** Takes a proven object's rows onto the workbench, and proves each row by itself. */
import type { ArchiveObject } from "../../../config/archive.ts";
import { dayStartMs } from "../days.ts";
import { type Findings, spelledOut } from "../findings.ts";
import type { ObjectPlace } from "../keys.ts";
import { problemText } from "../problem-text.ts";
import { badBodies } from "./bodies.ts";
import type { RowDatabase } from "./database.ts";
import { brokenRows } from "./row-rules.ts";
import { schemaProblems } from "./schema.ts";

export interface ObjectToLoad {
  readonly object: ArchiveObject;
  readonly place: ObjectPlace;
  readonly file: string;
  /** Numbers that stand for the manifest and the object on the workbench. */
  readonly manifestNumber: number;
  readonly objectNumber: number;
}

/** Whether all of its rows were read and count. Never throws for what is wrong with the file. */
export async function loadObject(
  { object, place, file, manifestNumber, objectNumber }: ObjectToLoad,
  database: RowDatabase,
  findings: Findings,
): Promise<boolean> {
  const { key, kind } = object;
  const at = { day: place.day, object: key };
  try {
    const problems = await schemaProblems(database, kind, file);
    if (problems.length > 0) {
      findings.off("object-schema", `${key} isn't as archived objects are: ${problems.join("; ")}`, at);
      return false;
    }
    const hourStartMs = (dayStartMs(place.day) ?? 0) + Number(place.hour) * 60 * 60 * 1000;
    const broken = await brokenRows(database, { kind, path: file, hourStartMs }, spelledOut);
    for (const { code, row, eventId, says } of broken) {
      findings.off(code, `${key}, row ${row} (${eventId}) ${says}`, { ...at, row });
    }
    if (kind === "raw") {
      for (const { row, eventId, says } of await badBodies(database, file, spelledOut)) {
        findings.off("body-differs", `${key}, row ${row} (${eventId}) ${says}`, { ...at, row });
      }
    }
    const values = { file, manifestNumber, objectNumber, hour: place.hour };
    await database.run(kind === "transactions" ? loadFacts : loadRaw, values);
    await checkCounts(object, objectNumber, { database, findings, day: place.day });
    return true;
  } catch (error) {
    findings.off("object-unreadable", `${key} can't be read as Parquet: ${problemText(error)}`, at);
    return false;
  }
}

const numbered = '$manifestNumber, $objectNumber, $hour, file_row_number + 1 AS "row"';
const fromFile = "FROM read_parquet($file, hive_partitioning = false, file_row_number = true)";

const loadFacts = `INSERT INTO day_facts SELECT ${numbered}, entry, event_id, transaction_id, provider, type,
  amount_minor, currency, same_fact_as, decision, epoch_ms(received_at), raw_sha256, tier,
  customer_id ${fromFile}`;

const loadRaw = `INSERT INTO day_raw SELECT ${numbered}, event_id, sha256, body IS NOT NULL ${fromFile}`;

/** Rows, first and last times, as the manifest says of the object. */
async function checkCounts(
  object: ArchiveObject,
  objectNumber: number,
  { database, findings, day }: { readonly database: RowDatabase; readonly findings: Findings; readonly day: string },
): Promise<void> {
  const { key, kind } = object;
  const at = { day, object: key };
  const times =
    kind === "raw" ? "" : ", CAST(min(received_ms) AS DOUBLE) AS first, CAST(max(received_ms) AS DOUBLE) AS last";
  const [counted] = await database.rows(
    `SELECT CAST(count(*) AS DOUBLE) AS "rows"${times} FROM day_${kind === "raw" ? "raw" : "facts"} WHERE object = $objectNumber`,
    { objectNumber },
  );
  if (counted?.rows !== object.rows) {
    findings.off("object-rows", `${key} has ${counted?.rows} rows; its manifest says ${object.rows}`, at);
  }
  if (kind === "raw") return;
  const actual = `${isoOf(counted?.first)} to ${isoOf(counted?.last)}`;
  const said = `${object.firstReceivedAt ?? "none"} to ${object.lastReceivedAt ?? "none"}`;
  if (actual !== said) {
    findings.off("object-times", `${key} was received from ${actual}; its manifest says ${said}`, at);
  }
}

/** "none" for no time at all. */
export function isoOf(ms: unknown): string {
  return typeof ms === "number" && Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : "none";
}
