/** Providers that the command has made, in a copy of this repository: they compile, follow the style and pass every test. */
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../../..");
/** What is made by building, or too large to copy. */
const left = new Set(["node_modules", "cdktf.out", "dist", ".local", ".git"]);
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "new-provider-"));
  for (const name of readdirSync(root)) {
    if (!left.has(name)) cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

/** A program in the copy; `out` is all that it says. */
function run(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out })));
}

const cli = (...args: readonly string[]) => run("--import", "tsx", "tools/cli.ts", "new-provider", ...args);

describe("cli new-provider", () => {
  it("changes nothing in a dry run", async () => {
    const before = readFileSync(join(copy, "config/providers.ts"), "utf8");
    const { code, out } = await cli("acme-pay", "--dry-run");
    expect(code).toBe(0);
    expect(out).toContain("lambdas/shared/providers/acme-pay/verify.ts: would be made\n");
    expect(out).toContain("config/providers.ts: would be changed\n");
    expect(readFileSync(join(copy, "config/providers.ts"), "utf8")).toBe(before);
    expect(existsSync(join(copy, "lambdas/shared/providers/acme-pay"))).toBe(false);
  }, 60_000);

  it.each([
    [["Acme"], /is no name/],
    [["acme--pay"], /is no name/],
    [["../acme"], /is no name/],
    [["stripe"], /There is a provider stripe already/],
    [["acme", "--scheme", "rsa"], /Allowed choices are hmac-header, timestamped-header/],
    [["acme", "--header", "a b"], /--header is the name of an HTTP header/],
    [["acme", "--documentation", "http://acme.example"], /begins with https/],
  ])(
    "ends with 2 on %j",
    async (args, words) => {
      expect(await cli(...args)).toEqual({ code: 2, out: expect.stringMatching(words) });
    },
    60_000,
  );

  it("makes providers that are green everywhere, and says what is left to do, the tests too", async () => {
    const made = [
      await cli("acme-pay", "--scheme", "hmac-header", "--documentation", "https://docs.acme.example/webhooks"),
      await cli("zeta", "--scheme", "timestamped-header", "--amounts", "major"),
    ];
    for (const { code, out } of made) {
      expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("What is left to do:\n  - ") });
      expect(out).not.toContain("Biome");
    }
    writeFileSync(join(copy, "no-setup.cjs"), "module.exports = () => {};\n");
    const own = "test/lambdas/shared/providers/(acme-pay|zeta|index)";
    const [types, lint, tests] = await Promise.all([
      run("node_modules/typescript/bin/tsc", "--noEmit"),
      run(
        "node_modules/@biomejs/biome/bin/biome",
        "check",
        "--error-on-warnings",
        "config",
        "lambdas",
        "tools",
        "test",
      ),
      run(
        "node_modules/jest/bin/jest.js",
        ...["--globalSetup", join(copy, "no-setup.cjs"), "--runInBand", "--ci"],
        ...[own, "test/lambdas/webhook-dedup/one-", "test/tools/commands/webhooks"],
      ),
    ]);
    expect(types).toEqual({ code: 0, out: "" });
    expect(lint).toEqual({ code: 0, out: expect.stringContaining("No fixes applied") });
    expect(tests).toEqual({ code: 0, out: expect.stringMatching(/^Tests: +16 todo, \d+ passed, \d+ total$/m) });
    expect(await cli("zeta")).toMatchObject({ code: 2 });
  }, 300_000);
});
