import { zstdCompressSync } from "node:zlib";
import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";
import { archivedRaw, archivedRows, placeOfRow } from "../../../tools/archive/archived-event.ts";
import { createDirectorySource } from "../../../tools/archive/directory-source.ts";
import { filesOf } from "../../../tools/archive/files.ts";
import { sealedDays } from "../../../tools/archive/sealed-days.ts";
import { aFactRow, createFixtureArchive, type FixtureArchive, type RawRow } from "./fixture.ts";

const body = Buffer.from(`{"id":"evt_1","text":"${"ä".repeat(500)}"}`);
let archive: FixtureArchive;

beforeEach(() => {
  archive = createFixtureArchive();
});
afterEach(() => archive.remove());

function aRawRow(row: RawRow): RawRow {
  return {
    event_id: "stripe:evt_1",
    received_at: "2026-10-05 03:00:00.125",
    headers: '{"stripe-signature":"t=1,v1=2"}',
    encoding: "identity",
    body: body.toString("base64"),
    size_bytes: String(body.length),
    sha256: sha256Hex(body),
    ...row,
  };
}

async function find(eventId: string) {
  const source = createDirectorySource(archive.directory);
  const manifests = await sealedDays(source, {});
  const rows = await archivedRows(await filesOf(source, manifests, { withRaw: false, tell() {} }), eventId);
  if (rows.fact === undefined) throw new Error("no fact");
  const place = placeOfRow(rows.fact, manifests);
  return { ...rows, place, raw: await archivedRaw(source, rows.fact, place) };
}

async function sealWith(row: RawRow): Promise<void> {
  const transactions = [aFactRow({ raw_sha256: sha256Hex(body) }), aFactRow({ event_id: "stripe:evt_0" })];
  await archive.seal({ day: "2026-10-05", transactions, raw: [aRawRow({ event_id: "stripe:evt_0" }), row] });
}

describe("an archived event", () => {
  it("is found with its exact bytes, its headers and its seal", async () => {
    await sealWith(aRawRow({ encoding: "zstd", body: zstdCompressSync(body).toString("base64") }));
    await archive.seal({
      day: "2026-10-05",
      addendum: 2,
      transactions: [aFactRow({ entry: "decision", decision: "BLOCK" })],
    });
    const { fact, lateDecisions, place, raw } = await find("stripe:evt_1");
    expect(fact).toMatchObject({ amount_minor: "1234", received_at: "2026-10-05T03:00:00.125Z", same_fact_as: null });
    expect(lateDecisions).toMatchObject([{ decision: "BLOCK", entry: "decision" }]);
    expect(place.sealedBy.key).toBe("manifests/dt=2026-10-05.json");
    expect(raw).toMatchObject({
      object: "raw/dt=2026-10-05/hour=03/part-000.parquet",
      receivedAt: "2026-10-05T03:00:00.125Z",
      headers: { "stripe-signature": "t=1,v1=2" },
      problems: [],
    });
    expect(body.equals(raw?.body ?? Buffer.of())).toBe(true);
  });

  it("whose bytes have changed says how", async () => {
    const changed = Buffer.from(`${body}!`);
    await sealWith(aRawRow({ body: changed.toString("base64") }));
    expect((await find("stripe:evt_1")).raw?.problems).toEqual([
      `${changed.length} bytes, and ${body.length} came in`,
      `SHA-256 ${sha256Hex(changed)}, and ${sha256Hex(body)} came in`,
    ]);
  });

  it("whose body was gone before the seal has its headers and hash", async () => {
    await sealWith(aRawRow({ body: null }));
    expect((await find("stripe:evt_1")).raw).toMatchObject({
      headers: { "stripe-signature": "t=1,v1=2" },
      sha256: sha256Hex(body),
      problems: ["the body was gone before its day was sealed"],
    });
  });

  it("whose bytes and their hash have changed doesn't fit its fact", async () => {
    const changed = Buffer.from("{}");
    await sealWith(aRawRow({ body: changed.toString("base64"), size_bytes: "2", sha256: sha256Hex(changed) }));
    expect((await find("stripe:evt_1")).raw?.problems).toEqual([
      `SHA-256 ${sha256Hex(changed)} beside them, and ${sha256Hex(body)} beside the fact`,
    ]);
  });

  it.each([
    ["is no zstd", { encoding: "zstd" }],
    [
      "would grow beyond any webhook",
      { encoding: "zstd", body: zstdCompressSync(Buffer.alloc(4e6)).toString("base64") },
    ],
    ["has no known encoding", { encoding: "br" }],
    ["has headers that are no JSON", { headers: "{" }],
  ])("whose body %s is told of with its object", async (_what, row) => {
    await sealWith(aRawRow(row));
    await expect(find("stripe:evt_1")).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringMatching(
        /^raw\/dt=2026-10-05\/hour=03\/part-000\.parquet isn't as the archive writes it: /,
      ),
    });
  });

  it("that isn't there is unknown", async () => {
    await sealWith(aRawRow({}));
    await expect(find("stripe:evt_x' or ''='")).rejects.toMatchObject({ code: "unknown-event" });
  });
});
