/** Seals what the archiver wrote as a day, with a key of this run, so that the real audit can be measured on it. */
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ArchiveObject, archiveKeys, type Manifest } from "../../config/archive.ts";
import { manifestBytes } from "../../lambdas/shared/domain/archive/manifest-text.ts";
import { createSumTally } from "../../lambdas/shared/domain/archive/sums.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";
import { benchDay, recordAt } from "./records.ts";
import { hourRanges } from "./rows.ts";

const arn = "arn:aws:kms:us-east-1:000000000000:key/bench";

/** @returns path of the file of trusted keys */
export function sealBenchDay(folder: string, rows: number): string {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = publicKey.export({ format: "der", type: "spki" });
  const publicKeySha256 = sha256Hex(der);
  const tally = createSumTally();
  for (let index = 0; index < rows; index += 1) {
    const { currency = "", type, provider, amountMinor = 0n } = recordAt(index, rows).record.fact;
    tally.add({ currency, type, provider, rows: 1, amountMinor });
  }
  const receivedAt = (index: number) => recordAt(index, rows).record.fact.receivedAt;
  const objects = hourRanges(rows).flatMap(({ hour, from, to }): ArchiveObject[] => {
    if (from === to) return [];
    const times = { firstReceivedAt: receivedAt(from), lastReceivedAt: receivedAt(to - 1) };
    const sealed = (kind: ArchiveObject["kind"]) => {
      const key = archiveKeys[kind](benchDay, hour, 0);
      const bytes = readFileSync(join(folder, key));
      return { key, kind, sha256: sha256Hex(bytes), sizeBytes: bytes.length, rows: to - from };
    };
    return [{ ...sealed("transactions"), ...times }, sealed("raw")];
  });
  const manifest: Manifest = {
    version: 1,
    kind: "day",
    day: benchDay,
    sequence: 1,
    sealedAt: "2026-10-07T03:00:00.000Z",
    environment: "dev",
    signingKey: { arn, publicKeySha256 },
    objects,
    facts: rows,
    lateDecisions: 0,
    sums: tally.sums(),
    firstReceivedAt: receivedAt(0),
    lastReceivedAt: receivedAt(rows - 1),
    undecided: 0,
    missingBodies: 0,
    exceptions: [],
    waiting: [],
    abandoned: [],
  };
  const bytes = manifestBytes(manifest);
  const key = archiveKeys.manifest(benchDay);
  const trust = join(folder, "trust.json");
  const pem = publicKey.export({ format: "pem", type: "spki" });
  put(join(folder, key), bytes);
  put(join(folder, archiveKeys.signature(key)), sign("sha256", bytes, privateKey));
  put(trust, JSON.stringify({ keys: [{ publicKeySha256, pem, arn, exportedAt: manifest.sealedAt }] }));
  return trust;
}

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
