/** Proves stored bodies: unpacked, each has the size and the SHA-256 that its row says. */
import { createHash } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { DuckDBBlobValue } from "@duckdb/node-api";
import * as v from "valibot";
import { limits } from "../../../config/limits.ts";
import type { RowDatabase } from "./database.ts";

const headersSchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string()));

export interface BadBody {
  readonly row: number;
  readonly eventId: string;
  /** End of a sentence that starts with the row. */
  readonly says: string;
}

/** JSON objects of texts, as they are written unless a text has an escape: what meets this needn't be parsed. */
const plainText = String.raw`"[^"\\\x00-\x1f]*"`;
const plainHeaders = String.raw`\{(${plainText}:${plainText}(,${plainText}:${plainText})*)?\}`;

/**
 * Reads a raw file's rows one after the other. DuckDB itself hashes what isn't packed, so that only packed bodies, and
 * rows that something is or may be wrong with, become objects here.
 */
export async function badBodies(database: RowDatabase, path: string, most: number): Promise<readonly BadBody[]> {
  const bad: BadBody[] = [];
  const result = await database.connection.stream(
    `SELECT CAST(file_row_number + 1 AS INTEGER), event_id, headers, encoding, body, CAST(size_bytes AS DOUBLE), sha256
     FROM read_parquet($path, hive_partitioning = false, file_row_number = true)
     WHERE (encoding = 'identity' AND octet_length(body) = size_bytes AND sha256(body) = sha256
       AND regexp_full_match(headers, $plainHeaders)) IS NOT TRUE`,
    { path, plainHeaders },
  );
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0 || bad.length >= most) return bad;
    for (const [row, eventId, headers, encoding, body, sizeBytes, sha256] of chunk.getRows()) {
      const says =
        headersProblem(headers) ??
        bodyProblem(body instanceof DuckDBBlobValue ? body.bytes : undefined, { encoding, sizeBytes, sha256 });
      if (says !== undefined && bad.length < most) bad.push({ row: Number(row), eventId: String(eventId), says });
    }
  }
}

function headersProblem(headers: unknown): string | undefined {
  const result = v.safeParse(headersSchema, headers);
  return result.success ? undefined : "has headers that aren't a JSON object of texts";
}

function bodyProblem(
  stored: Uint8Array | undefined,
  said: { readonly encoding: unknown; readonly sizeBytes: unknown; readonly sha256: unknown },
): string | undefined {
  // Rows without a body are counted against their manifest; another encoding is said as a value that none can have.
  if (stored === undefined || (said.encoding !== "identity" && said.encoding !== "zstd")) return undefined;
  let body = stored;
  if (said.encoding === "zstd") {
    try {
      // No accepted body is larger, and a few bytes can be made to unpack to gigabytes.
      body = zstdDecompressSync(stored, { maxOutputLength: limits.webhookBodyBytes });
    } catch {
      return `has a body that can't be unpacked as zstd to at most ${limits.webhookBodyBytes} bytes`;
    }
  }
  const sha256 = createHash("sha256").update(body).digest("hex");
  if (sha256 !== said.sha256) return `has a body with the SHA-256 ${sha256}, and says it is ${said.sha256}`;
  return body.length === said.sizeBytes ? undefined : `has a body of ${body.length} bytes, and says ${said.sizeBytes}`;
}
