/** The demo as a user runs it, in its short form. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");
const demo = (...args: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "tools/demo.ts", ...args], { cwd: root, encoding: "utf8" });

describe("npm run demo", () => {
  it("proves every invariant, says so and exits 0", () => {
    const file = join(mkdtempSync(join(tmpdir(), "demo-")), "result.json");
    const { status, stdout, stderr } = demo("--count", "150", "--seed", "4", "--no-build", "--json", file);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("Every invariant holds.");
    const result = JSON.parse(readFileSync(file, "utf8"));
    expect(result).toMatchObject({ sent: 150, lost: 0, doubled: 0 });
    expect(Object.keys(result.tiers).sort()).toEqual(["high", "low", "medium", "unroutable", "unrouted"]);
    expect(Object.keys(result.decisions).sort()).toEqual(["APPROVE", "BLOCK", "REVIEW"]);
    expect(result.invariants.every(({ ok }: { ok: boolean }) => ok)).toBe(true);
    expect(result.invariants.map(({ name }: { name: string }) => name)).toContain(
      "every permission was used, or is listed with its reason",
    );
    expect(result.accepted + result.duplicates + Object.values<number>(result.refused).reduce((a, b) => a + b, 0)).toBe(
      150,
    );
  }, 180_000);

  it.each([
    [["--count", "none"], /whole number/],
    [["--count", "10"], /whole number from \d+/],
    [["--count", "150", "--faults", "crash=0.1"], /--faults needs a --count of 200 or more/],
    [["--json", "/nonexistent/result.json", "--no-build"], /nonexistent.*folder doesn't exist/],
    [["--faults", "throttle=2,nap=1", "--no-build"], /a share lies between 0 and 1.*"nap"|"nap".*a share/s],
  ])(
    "refuses %j clearly",
    (args, message) => {
      const { status, stderr } = demo(...args);
      expect(status).toBe(2);
      expect(stderr).toMatch(message);
    },
    30_000,
  );
});
