/** Each way of tampering with a sealed archive is found, and named. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { archiveKeys, type Manifest } from "../../../config/archive.ts";
import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";
import {
  type ArchiveFixture,
  createArchive,
  createSigner,
  hashOf,
  putList,
  putObject,
  rawRow,
  transactionRow,
} from "../../support/archive-fixture.ts";
import { memorySource } from "../../support/archive-memory-source.ts";
import { aFact, auditOf, codesOf, firstDay, longBody, secondDay, thirdDay, threeDays, trustIn } from "./run-audit.ts";

const facts12 = archiveKeys.transactions(thirdDay, "12", 0);
const raw12 = archiveKeys.raw(thirdDay, "12", 0);
const manifest1 = archiveKeys.manifest(firstDay);
const manifest2 = archiveKeys.manifest(secondDay);
const manifest3 = archiveKeys.manifest(thirdDay);
const addendum4 = archiveKeys.manifest(firstDay, 4);

function flip(archive: ArchiveFixture, key: string, at = 100): void {
  const bytes = Buffer.from(archive.files.get(key) ?? "");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  archive.files.set(key, bytes);
}

function move(archive: ArchiveFixture, from: string, to: string): void {
  archive.files.set(to, archive.files.get(from) ?? Buffer.alloc(0));
  archive.files.delete(from);
}

/** Writes another object in place of one, and has the manifest say so, properly signed: an inside job. */
function replace(
  archive: ArchiveFixture,
  manifestKey: string,
  key: string,
  rows: readonly Readonly<Record<string, unknown>>[],
) {
  const object = putObject(archive.files, key, key.startsWith("raw/") ? "raw" : "transactions", rows);
  archive.edit(manifestKey, (manifest) => ({
    ...manifest,
    objects: manifest.objects.map((one) => (one.key === key ? { ...one, ...object } : one)),
  }));
  archive.resign(manifestKey);
}

type Tampering = readonly [name: string, tamper: (archive: ArchiveFixture) => void, ...found: readonly Found[]];
type Found = readonly [code: string, object: string];

const tamperings: readonly Tampering[] = [
  ["a flipped byte in a transactions object", (a) => flip(a, facts12), ["object-hash", facts12]],
  ["a flipped byte in a raw object", (a) => flip(a, raw12), ["object-hash", raw12]],
  ["a flipped byte in a manifest", (a) => flip(a, manifest3, 0), ["manifest-unreadable", manifest3]],
  ["a flipped byte in a signature", (a) => flip(a, `${manifest3}.sig`, 20), ["signature-invalid", manifest3]],
  ["a deleted transactions object", (a) => a.files.delete(facts12), ["object-missing", facts12]],
  ["a deleted raw object", (a) => a.files.delete(raw12), ["object-missing", raw12]],
  ["a deleted signature", (a) => a.files.delete(`${manifest3}.sig`), ["signature-missing", manifest3]],
  [
    "a truncated object",
    (a) => a.files.set(facts12, (a.files.get(facts12) ?? Buffer.alloc(0)).slice(0, 500)),
    ["object-size", facts12],
  ],
  ["an empty object", (a) => a.files.set(facts12, Buffer.alloc(0)), ["object-size", facts12]],
  [
    "an object beside the others",
    (a) => a.files.set(archiveKeys.raw(thirdDay, "13", 0), Buffer.from("x")),
    ["object-extra", archiveKeys.raw(thirdDay, "13", 0)],
  ],
  [
    "a stray file",
    (a) => a.files.set("transactions/notes.txt", Buffer.from("x")),
    ["object-extra", "transactions/notes.txt"],
  ],
  [
    "a stray file among manifests",
    (a) => a.files.set("manifests/notes.txt", Buffer.from("x")),
    ["object-extra", "manifests/notes.txt"],
  ],
  [
    "a moved object",
    (a) => move(a, facts12, archiveKeys.transactions(thirdDay, "13", 0)),
    ["object-extra", archiveKeys.transactions(thirdDay, "13", 0)],
    ["object-missing", facts12],
  ],
  [
    "an edited manifest",
    (a) => a.edit(manifest3, (m) => ({ ...m, facts: 3 })),
    ["signature-invalid", manifest3],
    ["count-differs", manifest3],
    ["chain-broken", addendum4],
  ],
  [
    "a changed sum",
    (a) => a.edit(addendum4, (m) => ({ ...m, sums: m.sums.map((sum) => ({ ...sum, amountMinor: "1251" })) })),
    ["signature-invalid", addendum4],
    ["sum-differs", addendum4],
  ],
  [
    "an edited manifest that the key's owner signed again",
    (a) => {
      a.edit(manifest3, (m) => ({ ...m, waiting: [] }));
      a.resign(manifest3);
    },
    ["chain-broken", addendum4],
  ],
  [
    "a manifest whose signature is another key's",
    (a) => a.resign(addendum4, createSigner("two")),
    ["signature-invalid", addendum4],
  ],
  [
    "a manifest edited and signed with a key of somebody's own",
    (a) => {
      const thief = createSigner("two");
      const { arn, publicKeySha256 } = thief;
      a.edit(addendum4, (m) => ({ ...m, signingKey: { arn, publicKeySha256 } }));
      a.resign(addendum4, thief);
    },
    ["key-unknown", addendum4],
  ],
  [
    "the trusted key under another name",
    (a) => {
      a.edit(addendum4, (m) => ({ ...m, signingKey: { ...m.signingKey, arn: "arn:aws:kms:us-east-1:1:key/x" } }));
      a.resign(addendum4);
    },
    ["key-mismatch", addendum4],
  ],
  [
    "a manifest of another environment",
    (a) => {
      a.edit(addendum4, (m) => ({ ...m, environment: "staging" }));
      a.resign(addendum4);
    },
    ["environment-mismatch", addendum4],
  ],
  [
    "a manifest of another shape",
    (a) => a.edit(addendum4, (m) => ({ ...m, objects: "none" }) as unknown as Manifest),
    ["manifest-invalid", addendum4],
  ],
  [
    "a manifest that isn't JSON",
    (a) => a.files.set(addendum4, Buffer.from("hello")),
    ["manifest-unreadable", addendum4],
  ],
  ["an empty manifest", (a) => a.files.set(addendum4, Buffer.alloc(0)), ["manifest-unreadable", addendum4]],
  [
    "a manifest in another day's place",
    (a) => {
      move(a, manifest3, archiveKeys.manifest("2026-11-04"));
      move(a, `${manifest3}.sig`, `${archiveKeys.manifest("2026-11-04")}.sig`);
    },
    ["manifest-misplaced", archiveKeys.manifest("2026-11-04")],
    ["chain-broken", addendum4],
  ],
  [
    "a manifest twice",
    (a) => {
      a.files.set(archiveKeys.manifest("2026-11-04"), a.files.get(manifest3) ?? Buffer.alloc(0));
      a.files.set(`${archiveKeys.manifest("2026-11-04")}.sig`, a.files.get(`${manifest3}.sig`) ?? Buffer.alloc(0));
    },
    ["manifest-misplaced", archiveKeys.manifest("2026-11-04")],
    ["chain-fork", manifest3],
  ],
  [
    "a manifest cut out of the chain",
    (a) => {
      a.files.delete(manifest2);
      a.files.delete(`${manifest2}.sig`);
    },
    ["chain-gap", manifest3],
    ["day-missing", ""],
  ],
  [
    "the chain's first manifest cut off",
    (a) => {
      a.files.delete(manifest1);
      a.files.delete(`${manifest1}.sig`);
    },
    ["chain-start", manifest2],
    ["object-extra", archiveKeys.transactions(firstDay, "00", 0)],
  ],
  [
    "the chain's newest manifest cut off",
    (a) => {
      a.files.delete(addendum4);
      a.files.delete(`${addendum4}.sig`);
    },
    // Only what it had sealed tells of it.
    ["object-extra", archiveKeys.transactions(firstDay, "00", 0, 4)],
  ],
  ["a signature without its manifest", (a) => a.files.delete(addendum4), ["object-extra", `${addendum4}.sig`]],
  [
    "a chain in another order",
    (a) => {
      a.edit(manifest2, (m) => ({ ...m, sequence: 3 }));
      a.edit(manifest3, (m) => ({ ...m, sequence: 2 }));
      a.resign(manifest2);
      a.resign(manifest3);
    },
    ["chain-broken", manifest3],
    ["chain-order", manifest2],
  ],
  [
    "a second first manifest",
    (a) => {
      a.edit(manifest2, ({ previous: _, ...m }) => ({ ...m, sequence: 1 }));
      a.resign(manifest2);
    },
    ["chain-fork", manifest1],
  ],
  [
    "swapped objects",
    (a) => {
      const [one, two] = [archiveKeys.transactions(firstDay, "00", 0), archiveKeys.transactions(firstDay, "23", 0)];
      const bytes = a.files.get(one) ?? Buffer.alloc(0);
      a.files.set(one, a.files.get(two) ?? Buffer.alloc(0));
      a.files.set(two, bytes);
    },
    ["object-size", archiveKeys.transactions(firstDay, "00", 0)],
    ["object-size", archiveKeys.transactions(firstDay, "23", 0)],
  ],
  [
    "a removed row, its object's hash and rows made to fit",
    (a) =>
      replace(a, manifest3, facts12, [
        transactionRow("fact", aFact("stripe:evt_5", "2026-11-03T12:00:00.000Z", { body: longBody })),
      ]),
    ["count-differs", manifest3],
    ["object-times", facts12],
    ["raw-orphan", raw12],
  ],
  [
    "a removed raw row",
    (a) =>
      replace(a, manifest3, raw12, [rawRow(aFact("stripe:evt_5", "2026-11-03T12:00:00.000Z", { body: longBody }))]),
    ["raw-missing", facts12],
  ],
  [
    "a raw row twice",
    (a) => {
      const row = (id: string, body?: string) =>
        rawRow(aFact(id, "2026-11-03T12:00:00.000Z", body === undefined ? {} : { body }));
      replace(a, manifest3, raw12, [row("stripe:evt_5", longBody), row("stripe:evt_6"), row("stripe:evt_6")]);
    },
    ["raw-twice", raw12],
  ],
  [
    "an exchanged body",
    (a) => {
      const row = (id: string, body: string) => rawRow(aFact(id, "2026-11-03T12:00:00.000Z", { body }));
      replace(a, manifest3, raw12, [
        row("stripe:evt_5", "other"),
        row("stripe:evt_6", `{"id":"stripe:evt_6","object":"event","live":true,"data":{}}`),
      ]);
    },
    ["raw-differs", facts12],
  ],
];

describe("tampering", () => {
  it.each(tamperings.map(([name, tamper, ...found]) => ({ name, tamper, found })))(
    "$name is found and named",
    async ({ tamper, found }) => {
      const archive = threeDays();
      tamper(archive);
      const { findings, isProven } = await auditOf(archive);
      expect(isProven).toBe(false);
      const named = findings.map(({ code, object = "" }) => `${code} ${object}`);
      for (const [code, object] of found) expect(named).toContain(`${code} ${object}`);
      for (const { message, object } of findings) {
        if (object !== undefined) expect(message).toContain(object.replace(/\.sig$/, ""));
      }
    },
  );

  it("any flipped byte, in whatever object of the archive, is found", async () => {
    const archive = threeDays();
    const places = [...archive.files].flatMap(([key, { length }]) => ({ key, length }));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (place, at, bits) => {
          const files = new Map(archive.files);
          const bytes = Buffer.from(files.get(place.key) ?? "");
          bytes[at % place.length] = (bytes[at % place.length] ?? 0) ^ bits;
          files.set(place.key, bytes);
          const { findings } = await auditOf({ ...archive, files });
          const at2 = place.key.replace(/\.sig$/, "");
          expect(findings.map(({ object }) => object)).toContain(at2);
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  }, 120_000);

  it("spells out a few of many, and counts the rest", async () => {
    const archive = threeDays();
    for (let part = 10; part < 50; part += 1)
      archive.files.set(archiveKeys.raw(thirdDay, "13", part), Buffer.from("x"));
    const { findings } = await auditOf(archive);
    expect(findings).toHaveLength(26);
    expect(findings.at(-1)).toEqual({
      code: "object-extra",
      day: thirdDay,
      message: "and 15 more of this kind",
      more: 15,
    });
  });

  it("names an object that nobody may read, and goes on with the rest", async () => {
    const archive = threeDays();
    flip(archive, raw12);
    const source = memorySource(archive.files, { refuses: (key) => key === facts12 });
    expect((await auditOf(archive, { source })).findings).toMatchObject([
      { code: "object-unreadable", object: facts12, message: expect.stringContaining("no permission") },
      { code: "object-hash", object: raw12 },
    ]);
  });

  it("refuses an archive of another environment or account as a whole", async () => {
    const other = await auditOf(threeDays(), { expected: { environment: "prod" } });
    expect(codesOf(other)).toEqual(["environment-mismatch"]);
    expect(other.findings).toHaveLength(4);
    expect(codesOf(await auditOf(threeDays(), { expected: { account: "111111111111" } }))).toEqual([
      "environment-mismatch",
    ]);
  });

  it("trusts several keys, as after a rotation", async () => {
    const [old, young] = [createSigner("old"), createSigner("young")];
    const archive = createArchive(old);
    archive.sealDay(firstDay, []);
    const key = archive.sealDay(secondDay, []);
    const { arn, publicKeySha256 } = young;
    archive.edit(key, (m) => ({ ...m, signingKey: { arn, publicKeySha256 } }));
    archive.resign(key, young);
    const report = await auditOf(archive, { trust: trustIn(old, young), nowMs: Date.parse("2026-11-04T12:00:00Z") });
    expect(report.findings).toEqual([]);
    expect(report.keys).toHaveLength(2);
  });
});

describe("an archive that was sealed wrongly", () => {
  const at = "2026-11-01T10:00:00.000Z";
  const key = archiveKeys.transactions(firstDay, "10", 0);
  const raw = archiveKeys.raw(firstDay, "10", 0);
  const plain = { encoding: "identity" } as const;

  it.each(["{}", '{"a":"é \\" \\u00e9"}', '{ "a" : "b" }', '{"a":"b","c":"{}"}'])(
    "takes headers as %s",
    async (headers) => {
      const archive = createArchive();
      archive.sealDay(firstDay, [aFact("stripe:evt_1", at, { ...plain, wrongRaw: { headers } })]);
      const { findings } = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
      expect(findings).toEqual([]);
    },
  );

  it.each([
    [
      "outside of its hour",
      { wrong: { received_at: BigInt(Date.parse("2026-11-01T11:00:00.000Z")) } },
      "row-outside-hour",
      key,
    ],
    ["of another provider", { wrong: { provider: "github" } }, "row-invalid", key],
    ["of an unknown type", { wrong: { type: "payment.imagined" } }, "row-invalid", key],
    ["without a transaction", { wrong: { transaction_id: null } }, "row-invalid", key],
    ["with an amount of 31 digits", { wrong: { amount_minor: 10n ** 30n } }, "row-invalid", key],
    ["with another amount", { wrong: { amount_minor: 1251n } }, "sum-differs", archiveKeys.manifest(firstDay)],
    ["with a body of another hash", { wrongRaw: { sha256: "0".repeat(64) } }, "body-differs", raw],
    ["with a body that isn't zstd", { wrongRaw: { body: new Uint8Array([1, 2, 3]) } }, "body-differs", raw],
    ["with a body of another size", { wrongRaw: { size_bytes: 3n } }, "body-differs", raw],
    ["with headers that aren't JSON", { wrongRaw: { headers: "{" } }, "body-differs", raw],
    ["with headers that are no texts", { wrongRaw: { headers: '{"a":1}' } }, "body-differs", raw],
    ["with a plain body of another hash", { ...plain, wrongRaw: { sha256: "0".repeat(64) } }, "body-differs", raw],
    ["with another plain body", { ...plain, wrongRaw: { body: new Uint8Array([1]) } }, "body-differs", raw],
    ["with a plain body of another size", { ...plain, wrongRaw: { size_bytes: 3n } }, "body-differs", raw],
    ["with a comma too many", { ...plain, wrongRaw: { headers: '{"a":"b",}' } }, "body-differs", raw],
    ["with more than an object", { ...plain, wrongRaw: { headers: '{"a":"b"}{}' } }, "body-differs", raw],
    ["with a line end in a header", { ...plain, wrongRaw: { headers: '{"a":"b\n"}' } }, "body-differs", raw],
    ["with a header that is no text", { ...plain, wrongRaw: { headers: '{"a":"b","c":null}' } }, "body-differs", raw],
    ["with an escape that is none", { ...plain, wrongRaw: { headers: '{"a":"\\x"}' } }, "body-differs", raw],
    ["with two raw rows", { rawRows: 2 }, "raw-twice", raw],
  ])("names a row %s", async (_, traits, code, object) => {
    const archive = createArchive();
    archive.sealDay(firstDay, [aFact("stripe:evt_1", at), aFact("stripe:evt_2", at, traits)]);
    const { findings } = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
    expect(findings.map((one) => `${one.code} ${one.object}`)).toContain(`${code} ${object}`);
    const finding = findings.find((one) => one.code === code);
    if (code !== "sum-differs") expect(finding).toMatchObject({ row: 2, day: firstDay });
  });

  it("names an event that is sealed on two days, in both places", async () => {
    const archive = createArchive();
    archive.sealDay(firstDay, [aFact("stripe:evt_1", at)]);
    archive.sealDay(secondDay, [aFact("stripe:evt_1", "2026-11-02T10:00:00.000Z")]);
    const { findings } = await auditOf(archive, { nowMs: Date.parse("2026-11-04T12:00:00.000Z") });
    const second = archiveKeys.transactions(secondDay, "10", 0);
    expect(findings).toEqual([
      {
        code: "event-twice",
        day: secondDay,
        object: second,
        row: 1,
        message: `stripe:evt_1 is archived 2 times: row 1 of ${key} and row 1 of ${second}`,
      },
    ]);
  });

  it.each([
    ["of no fact", aFact("stripe:evt_9", at, { decision: "BLOCK" })],
    ["of a fact that was decided already", aFact("stripe:evt_1", at, { decision: "BLOCK" })],
  ])("names a late decision %s", async (_, decision) => {
    const archive = createArchive();
    archive.sealDay(firstDay, [aFact("stripe:evt_1", at, { decision: "APPROVE" })]);
    archive.sealAddendum(firstDay, { decisions: [decision] });
    const { findings } = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
    expect(findings).toMatchObject([
      { code: "decision-orphan", object: archiveKeys.transactions(firstDay, "10", 0, 2), row: 1 },
    ]);
  });

  it.each([
    ["undecided facts", { undecided: 1 }, "says 1 facts that waited for a decision; its rows have 2"],
    ["bodies that were gone", { missingBodies: 0 }, "says 0 raw rows without a body; its rows have 1"],
  ])("names a manifest that counts %s wrongly", async (_, wrong, message) => {
    const archive = createArchive();
    const gone = aFact("stripe:evt_3", at, { decision: "BLOCK", wrongRaw: { body: null } });
    const facts = [aFact("stripe:evt_1", at), aFact("stripe:evt_2", at), gone];
    const object = archive.sealDay(firstDay, facts, wrong);
    const { findings } = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
    expect(findings).toMatchObject([{ code: "count-differs", object, message: expect.stringContaining(message) }]);
  });

  it.each([
    ["exceptionLists", "was changed", Buffer.from("other"), "object-hash"],
    ["exceptionLists", "is gone", undefined, "object-unreadable"],
    ["earlierExceptionLists", "was changed", Buffer.from("other"), "object-hash"],
    ["earlierExceptionLists", "is gone", undefined, "object-unreadable"],
  ])("names a list in %s that %s", async (named, _, content, code) => {
    const archive = createArchive();
    const list = putList(archive.files, [{ eventId: "stripe:evt_9", status: "FAILED", receivedAt: at }]);
    const { key } = list;
    archive.sealDay(firstDay, [aFact("stripe:evt_1", at)], { [named]: [list] });
    const nowMs = Date.parse("2026-11-03T12:00:00.000Z");
    expect((await auditOf(archive, { nowMs })).findings).toEqual([]);
    if (content === undefined) archive.files.delete(key);
    else archive.files.set(key, content);
    expect((await auditOf(archive, { nowMs })).findings).toMatchObject([{ code, object: key, day: firstDay }]);
  });

  it.each([
    ["isn't gzip'd", Buffer.from("other"), "object-unreadable"],
    ["isn't JSON", gzipSync("other\n"), "object-unreadable"],
    ["has no exceptions in it", gzipSync("{}\n"), "object-unreadable"],
    ["has fewer than its manifest says", gzipSync(""), "object-rows"],
  ])("names a list of exceptions that %s, though its hash is right", async (_, bytes, code) => {
    const archive = createArchive();
    const sha256 = sha256Hex(bytes);
    const list = { key: archiveKeys.list(sha256), sha256, sizeBytes: bytes.length, entries: 1 };
    archive.files.set(list.key, bytes);
    archive.sealDay(firstDay, [], { exceptionLists: [list] });
    const { findings } = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
    expect(findings).toMatchObject([{ code, object: list.key, day: firstDay }]);
  });

  it("warns of bodies that were gone before their day was sealed, and takes their rows for proven", async () => {
    const archive = createArchive();
    const object = archive.sealDay(firstDay, [aFact("stripe:evt_1", at, { wrongRaw: { body: null } })]);
    const { findings, warnings } = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
    expect(findings).toEqual([]);
    expect(warnings).toMatchObject([{ code: "body-missing", object }]);
  });

  it.each([
    ["isn't Parquet", Buffer.from("x".repeat(1000)), "object-unreadable"],
    ["is empty", Buffer.alloc(0), "object-unreadable"],
    ["has other columns", "raw columns", "object-schema"],
  ])("names an object that %s, though its hash is the manifest's", async (_, content, code) => {
    const archive = createArchive();
    const manifestKey = archive.sealDay(firstDay, [aFact("stripe:evt_1", at)]);
    const bytes = typeof content === "string" ? (archive.files.get(raw) ?? Buffer.alloc(0)) : content;
    archive.files.set(key, bytes);
    archive.edit(manifestKey, (manifest) => ({
      ...manifest,
      objects: manifest.objects.map((one) =>
        one.key === key ? { ...one, sha256: hashOf(bytes), sizeBytes: bytes.length } : one,
      ),
    }));
    archive.resign(manifestKey);
    const { findings } = await auditOf(archive, { nowMs: Date.parse("2026-11-03T12:00:00.000Z") });
    expect(findings).toMatchObject([{ code, object: key, day: firstDay }]);
  });

  it("knows what crashed attempts left behind, and looks at it too", async () => {
    const archive = createArchive();
    const left = archiveKeys.transactions(firstDay, "10", 1);
    const bytes = Buffer.from("left behind");
    archive.files.set(left, bytes);
    archive.sealDay(firstDay, [aFact("stripe:evt_1", at)], {
      abandoned: [{ key: left, sha256: hashOf(bytes), sizeBytes: bytes.length }],
    });
    const nowMs = Date.parse("2026-11-03T12:00:00.000Z");
    expect((await auditOf(archive, { nowMs })).findings).toEqual([]);
    flip(archive, left, 3);
    expect((await auditOf(archive, { nowMs })).findings).toMatchObject([{ code: "object-hash", object: left }]);
    archive.files.delete(left);
    expect((await auditOf(archive, { nowMs })).warnings).toMatchObject([{ code: "abandoned-missing", object: left }]);
  });
});
