/** The command as a process: it needs no system to act on. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { everyStack as stacks } from "../../rules/stacks.ts";
import { runCommandLineSync } from "../../support/command-line.ts";

const root = join(__dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "cost-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: unknown): string {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}
for (const [name, json] of Object.entries(stacks)) written(`stacks/${name}/cdk.tf.json`, json);
const provider = (region: string) => ({ provider: { aws: [{ region }] } });
written("elsewhere/data-prod/cdk.tf.json", provider("eu-north-1"));

const run = (args: readonly string[], cwd = root) => runCommandLineSync(["cost", ...args], { cwd });
const cost = (...args: readonly string[]) => run(["--stacks", join(folder, "stacks"), ...args]);
const prod = ["--env", "prod", "--events-per-month", "10e6"];

describe("cli cost", () => {
  it("prints a table of what a month costs, and exits 0", () => {
    const { code, out, err } = cost(...prod);
    expect(code).toBe(0);
    expect(err).toMatch(/^Pricing the stacks in \S+\/stacks, which were synthesized \d+ s(econds)? ago\.\n$/);
    expect(out).toMatch(/^prod in us-east-1 costs [\d,]+\.\d\d USD a month for 10,000,000 events/);
    expect(out).toMatch(/^TOTAL +[\d,]+\.\d\d +[\d,]+\.\d\d$/m);
    expect(out).toContain("What would lower it most");
    expect(out).toContain("Every resource of the stacks is priced, or free by itself.");
  });

  it("prints JSON alone with --json, with the shape that it was told", () => {
    const shape = written("shape.json", { tiers: { low: 0.8, medium: 0.16 }, eventsPerBatch: 4 });
    const { code, out } = cost(...prod, "--shape", shape, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      environment: "prod",
      eventsPerMonth: "10000000",
      shape: { tiers: { low: 0.8, medium: 0.16 }, eventsPerBatch: 4 },
      notPriced: {},
    });
  });

  it.each<[string, readonly string[], RegExp]>([
    ["no environment", ["--events-per-month", "1"], /--env/],
    ["no number of events", ["--env", "prod"], /--events-per-month/],
    ["no events", ["--env", "prod", "--events-per-month", "0"], /whole number/],
    ["half an event", ["--env", "prod", "--events-per-month", "0.5"], /whole number/],
    ["words for a number", ["--env", "prod", "--events-per-month", "many"], /whole number/],
    ["a shape that isn't there", [...prod, "--shape", "nowhere.json"], /There is no file nowhere\.json/],
    [
      "a wrong shape, every problem named",
      [...prod, "--shape", written("wrong.json", { tiers: { low: 2 }, bodysize: 1 })],
      /tiers\.low is above 1.*bodysize is not known|bodysize is not known.*tiers\.low is above 1/,
    ],
    ["a recording that isn't there", [...prod, "--calls", "nowhere.json"], /npm run demo -- --calls nowhere\.json/],
    ["a recording of something else", [...prod, "--calls", written("calls.json", {})], /is no recording/],
    ["a recording that is no JSON", [...prod, "--calls", written("broken.json", "{")], /is no recording/],
    ["an environment without stacks there", ["--env", "nowhere", "--events-per-month", "1"], /no stacks of nowhere/],
  ])("exits 2 on %s, in one line", (_what, args, message) => {
    const { code, out, err } = cost(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  it("exits 1 in a region that has no prices", () => {
    const { code, err } = cost(...prod, "--stacks", join(folder, "elsewhere"));
    expect(code).toBe(1);
    expect(err).toContain("config/prices.ts has no prices for eu-north-1, only for us-east-1. Add them there.\n");
  });

  it("prices what is checked out, and neither reads nor touches what was synthesized before", () => {
    const old = written("cdktf.out/stacks/data-prod/cdk.tf.json", provider("eu-north-1"));
    const calls = ["--calls", join(root, "tools/cost/recorded-calls.json")];
    const { code, out, err } = run([...prod, ...calls], folder);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^prod in us-east-1 costs/);
    expect(readFileSync(old, "utf8")).toBe(JSON.stringify(provider("eu-north-1")));
    expect(readdirSync(join(folder, "cdktf.out/stacks"))).toEqual(["data-prod"]);
  });

  it("says what the synthesis says, of a name that is not known for example", () => {
    const { code, err } = run(["--env", "pr-7", "--events-per-month", "1000"]);
    expect(code).toBe(0);
    expect(err).toMatch(/^pr-7 is not in config\/environments\.ts/);
    const wrong = run(["--env", "Prod", "--events-per-month", "1000"]);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/^ENVIRONMENT_SUFFIX is "Prod"/);
  });

  it("explains itself, with examples", () => {
    const { code, out } = cost("--help");
    expect(code).toBe(0);
    expect(out).toContain("Examples:\n  npm run cli -- cost --env prod");
    expect(out).not.toContain("--endpoint");
  });
});
