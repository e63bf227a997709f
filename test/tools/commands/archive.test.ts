/** The archive's commands as processes, on a download. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";
import { signers } from "../../../lambdas/shared/providers/sign.ts";
import { runCommandLineSync } from "../../support/command-line.ts";
import { aFactRow, createFixtureArchive, type FixtureArchive } from "../archive/fixture.ts";

const body = Buffer.from('{"id":"evt_1"}');
const secretValue = { secrets: ["whsec_then"] };
const { headers } = signers.stripe({
  body,
  secretValue,
  nowMs: Date.parse("2026-10-05T03:00:00.125Z"),
  deliveryId: "evt_1",
  topic: "",
});
let archive: FixtureArchive;
let folder: string;

beforeAll(async () => {
  archive = createFixtureArchive();
  folder = mkdtempSync(join(tmpdir(), "archive-command-"));
  await archive.seal({
    day: "2026-10-05",
    transactions: [aFactRow({ raw_sha256: sha256Hex(body) }), aFactRow({ event_id: "=evt_2", amount_minor: "-1" })],
    raw: [
      {
        event_id: "stripe:evt_1",
        received_at: "2026-10-05 03:00:00.125",
        headers: JSON.stringify(headers),
        encoding: "identity",
        body: body.toString("base64"),
        size_bytes: String(body.length),
        sha256: sha256Hex(body),
      },
    ],
  });
});

afterAll(() => {
  archive.remove();
  rmSync(folder, { recursive: true, force: true });
});

const cli = (...args: readonly string[]) => runCommandLineSync(["archive", ...args, "--dir", archive.directory]);

describe("cli archive query", () => {
  const sql = "select event_id, sum(amount) as amount from transactions group by all order by 1";

  it("prints a table, CSV without formulas, or JSON with every digit", () => {
    const table = cli("query", sql);
    expect(table).toMatchObject({ code: 0, err: "" });
    expect(table.out).toBe("event_id       amount\n=evt_2        -0.0100\nstripe:evt_1  12.3400\n\n2 rows.\n");
    expect(cli("query", sql, "--format", "csv").out).toBe("event_id,amount\n'=evt_2,-0.0100\nstripe:evt_1,12.3400\n");
    expect(JSON.parse(cli("query", sql, "--json").out)).toEqual([
      { event_id: "=evt_2", amount: "-0.0100" },
      { event_id: "stripe:evt_1", amount: "12.3400" },
    ]);
  });

  it("shows no more rows than anybody reads, and waits for no others", () => {
    const shown = cli("query", "from range(100000000000)");
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(/\n +999\n\nThe first 1000 rows; --format csv has all\.\n$/);
    expect(cli("query", "from range(1000)").out).toMatch(/\n1000 rows\.\n$/);
  });

  it("ends with 1 and the reason for SQL that fails, and with 2 for wrong use", () => {
    const wrong = cli("query", "select nope from transactions", "--json");
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.out)).toMatchObject({ error: { code: "sql" } });
    expect(wrong.err).toContain('Referenced column "nope" not found');
    expect(cli("query", sql, "--from", "2026-02-30")).toMatchObject({ code: 2, out: "" });
    expect(cli("query", sql, "--local")).toMatchObject({ code: 2, out: "" });
  });
});

describe("cli archive show", () => {
  it("says that a signature verifies, writes the exact bytes, and ends with 1 when it doesn't verify", () => {
    const file = join(folder, "body");
    const shown = cli("show", "stripe:evt_1", "--secret", "whsec_then", "--raw", file);
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(/^signature +valid, under --secret$/m);
    expect(readFileSync(file).equals(body)).toBe(true);
    const other = cli("show", "stripe:evt_1", "--secret", "whsec_other", "--json");
    expect(other.code).toBe(1);
    expect(other.err).toContain("stripe:evt_1: its signature does not verify.");
    const unchecked = cli("show", "stripe:evt_1");
    expect(unchecked.code).toBe(1);
    expect(unchecked.err).toContain("stripe:evt_1: its signature was not checked. No secret of stripe can be had");
  });
});

describe("cli archive export", () => {
  it("writes a month, and says which days aren't in it", () => {
    const out = join(folder, "october.csv");
    const exported = cli("export", "--month", "2026-10", "--out", out);
    expect(exported).toMatchObject({ code: 0, err: "" });
    expect(exported.out).toContain(`2026-10: 2 facts in ${out} and ${join(folder, "october.totals.csv")};`);
    expect(exported.out).toContain("Not sealed, and so not in it: 2026-10-01 to 2026-10-04, 2026-10-06 to 2026-10-31.");
    expect(cli("export", "--month", "2026-10", "--out", out).code).toBe(1);
  });
});
