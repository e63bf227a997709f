/** The command as a process, on downloads that need no system. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveKeys } from "../../../config/archive.ts";
import { trustFileOf, writeArchive } from "../../support/archive-fixture.ts";
import { runCommandLineSync } from "../../support/command-line.ts";
import { firstDay, thirdDay, threeDays } from "../audit/run-audit.ts";

let folder: string;
let download: string;
let trust: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-command-"));
  download = join(folder, "download");
  trust = join(folder, "trust.json");
  const archive = threeDays();
  writeArchive(archive.files, download);
  writeFileSync(trust, trustFileOf(archive.signer));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cli = (...args: readonly string[]) => runCommandLineSync(["audit", ...args]);

describe("cli audit", () => {
  it("proves a download, and ends with 0", () => {
    const { code, out, err } = cli("--trust", trust, "--dir", download);
    expect(out).toContain("\nPROVEN: complete and unchanged since it was sealed, and the sums agree.");
    expect(out).toContain("1,152,921,504,606,846.976 KWD");
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  it("names a deleted object, and ends with 1", () => {
    const key = archiveKeys.raw(thirdDay, "12", 0);
    rmSync(join(download, key));
    const { code, out, err } = cli("--trust", trust, "--dir", download);
    expect(out.replace(/\s+/g, " ")).toContain(`${key} is missing`);
    expect({ code, err }).toEqual({ code: 1, err: "The archive isn't proven: see above.\n" });
  });

  it("gives programs the whole report, also when something is off", () => {
    rmSync(join(download, archiveKeys.manifest(firstDay)));
    const { code, out, err } = cli("--trust", trust, "--dir", download, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ version: 1, isProven: false, chain: { manifests: 3 } });
    expect(err).toMatch(/^NOT PROVEN: \d+ findings\.$/m);
  });

  it("writes every report that was asked for, by its name's ending", () => {
    const reports = ["html", "csv", "json"].map((form) => join(folder, "reports", `audit.${form}`));
    const { code, err } = cli("--trust", trust, "--dir", download, ...reports.flatMap((file) => ["--report", file]));
    expect(code).toBe(0);
    expect(readdirSync(join(folder, "reports")).sort()).toEqual([
      "audit.csv",
      "audit.findings.csv",
      "audit.html",
      "audit.json",
    ]);
    expect(err).toContain("audit.findings.csv.");
    expect(readFileSync(join(folder, "reports/audit.csv"), "utf8")).toContain("1152921504606846976");
    expect(JSON.parse(readFileSync(join(folder, "reports/audit.json"), "utf8"))).toMatchObject({ isProven: true });
  });

  it("takes a range of days", () => {
    const { out } = cli("--trust", trust, "--dir", download, "--from", thirdDay, "--to", thirdDay, "--json");
    expect(JSON.parse(out)).toMatchObject({ range: { from: thirdDay, to: thirdDay }, totals: { days: 1, facts: 2 } });
  });

  it("takes the head that it printed, and finds it gone from an archive that was cut off", () => {
    const head = /^Head +(4:[0-9a-f]{64});/m.exec(cli("--trust", trust, "--dir", download).out)?.[1] ?? "";
    expect(cli("--trust", trust, "--dir", download, "--head", head).code).toBe(0);
    rmSync(join(download, archiveKeys.manifest(firstDay, 4)));
    expect(cli("--trust", trust, "--dir", download, "--head", head).out).toContain("head-missing");
  });

  it("holds a download against the environment that it should be of", () => {
    expect(cli("--trust", trust, "--dir", download, "--env", "dev").code).toBe(0);
    const { code, out } = cli("--trust", trust, "--dir", download, "--env", "prod");
    expect(code).toBe(1);
    expect(out).toContain("environment-mismatch");
  });

  it.each([
    ["without a trust file", () => ["--dir", download], "--trust"],
    [
      "with a trust file that isn't there",
      () => ["--dir", download, "--trust", "nowhere.json"],
      "There is no file nowhere.json",
    ],
    ["with a folder for a trust file", () => ["--dir", download, "--trust", folder], "can't be read: it is a folder"],
    ["with a head that is none", () => ["--trust", trust, "--dir", download, "--head", "4"], "as a report prints it"],
    ["with a trust file that is none", () => ["--dir", download, "--trust", archivedManifest()], "is none: keys"],
    ["with a folder that isn't there", () => ["--trust", trust, "--dir", "nowhere"], "There is no folder nowhere."],
    ["with two places", () => ["--trust", trust, "--dir", download, "--local"], "not both"],
    ["without a place", () => ["--trust", trust], "Say which system"],
    ["with a day that is none", () => ["--trust", trust, "--dir", download, "--from", "2026-02-30"], "Give a day"],
    [
      "with days the wrong way round",
      () => ["--trust", trust, "--dir", download, "--from", thirdDay, "--to", firstDay],
      "lies after",
    ],
    [
      "with a report of another kind",
      () => ["--trust", trust, "--dir", download, "--report", "a.pdf"],
      ".html, .json, .csv",
    ],
  ])("is refused %s, with 2", (_, args, says) => {
    const { code, err } = cli(...args());
    expect(err).toContain(says);
    expect(code).toBe(2);
  });

  it("says what each code means in its help", () => {
    const { out, code } = cli("--help");
    expect(out).toContain("event-not-archived");
    expect(out).toMatch(/seal-overdue +the last sealed day is older than it should be/);
    expect(code).toBe(0);
  });
});

/** Keys from the archive itself are never taken. */
function archivedManifest(): string {
  return join(download, archiveKeys.manifest(firstDay));
}
