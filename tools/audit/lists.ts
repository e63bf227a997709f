/**
 * Unfinished events that manifests tell of, taken onto the workbench. Those that were too many for a manifest are in lists
 * of their own: each is proven by its SHA-256, and held alone.
 */
import { gunzipSync } from "node:zlib";
import * as v from "valibot";
import { type Exception, exceptionSchema, type ListObject } from "../../config/archive.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";
import type { Findings } from "./findings.ts";
import type { LoadedManifest } from "./manifests.ts";
import { problemText } from "./problem-text.ts";
import type { RowDatabase } from "./rows/database.ts";
import type { ArchiveSource } from "./source/source.ts";

export interface ExceptionsTaker {
  readonly source: Pick<ArchiveSource, "read">;
  readonly findings: Findings;
  readonly database: RowDatabase;
}

/** Far more than a list ever has, and no more than an audit can hold. */
const largestListBytes = 256 * 1024 * 1024;

/** Takes what wasn't finished of the manifest's own day. Whether all of it could be read. */
export async function takeExceptions({ manifest }: LoadedManifest, taker: ExceptionsTaker): Promise<boolean> {
  const { day, exceptions, exceptionLists = [] } = manifest;
  const take = (some: readonly Exception[]) => append(taker.database, "exceptions", [day], some);
  await take(exceptions);
  let isWhole = true;
  for (const list of exceptionLists) {
    const entries = await entriesOf(list, day, taker);
    if (entries === undefined) isWhole = false;
    else await take(entries);
  }
  return isWhole;
}

/** Proves the lists of what wasn't finished of earlier days, and takes all of it when it is what is known last. */
export async function takeEarlierExceptions(
  { manifest }: LoadedManifest,
  isLast: boolean,
  taker: ExceptionsTaker,
): Promise<void> {
  const { day, earlierExceptions = [], earlierExceptionLists = [] } = manifest;
  const take = (some: readonly Exception[]) => append(taker.database, "still_open", [], some);
  if (isLast) await take(earlierExceptions);
  for (const list of earlierExceptionLists) {
    const entries = await entriesOf(list, day, taker);
    if (isLast && entries !== undefined) await take(entries);
  }
}

/** Entries of one list; absent, with a finding, when it isn't what its manifest says. */
async function entriesOf(
  { key, sha256, entries: count }: ListObject,
  day: string,
  { source, findings }: ExceptionsTaker,
): Promise<readonly Exception[] | undefined> {
  const at = { day, object: key };
  try {
    const bytes = await source.read(key);
    const actual = sha256Hex(bytes);
    if (actual !== sha256) {
      findings.off("object-hash", `${key} was changed: its SHA-256 is ${actual}, its manifest says ${sha256}`, at);
      return undefined;
    }
    const lines = gunzipSync(bytes, { maxOutputLength: largestListBytes }).toString().split("\n");
    const entries = lines.filter((line) => line !== "").map((line) => v.parse(exceptionSchema, JSON.parse(line)));
    if (entries.length === count) return entries;
    findings.off("object-rows", `${key} has ${entries.length} entries; its manifest says ${count}`, at);
  } catch (error) {
    findings.off("object-unreadable", `${key} can't be read: ${problemText(error)}`, at);
  }
  return undefined;
}

async function append(
  { connection }: RowDatabase,
  table: "exceptions" | "still_open",
  before: readonly string[],
  entries: readonly Exception[],
): Promise<void> {
  if (entries.length === 0) return;
  const appender = await connection.createAppender(table);
  for (const { eventId, status, receivedAt } of entries) {
    for (const value of [...before, eventId, status, receivedAt]) appender.appendVarchar(value);
    appender.endRow();
  }
  appender.closeSync();
}
