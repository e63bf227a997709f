/** The figures in README.md are the ones that its command prints. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultShape } from "../../../tools/cost/default-shape.ts";
import { Exact } from "../../../tools/cost/exact.ts";
import { infrastructureOf, withAlertSubscribers } from "../../../tools/cost/infrastructure.ts";
import { reportOf } from "../../../tools/cost/report.ts";
import { reportText } from "../../../tools/cost/report-text.ts";
import { parseShape } from "../../../tools/cost/shape.ts";
import { readStacks } from "../../../tools/cost/stacks.ts";
import { everyStack as stacks } from "../../rules/stacks.ts";
import { aSituation } from "./fixtures.ts";

const readme = readFileSync("README.md", "utf8");

function printed(subscribers?: { readonly emails: number; readonly phoneNumbers: number }): string {
  const folder = mkdtempSync(join(tmpdir(), "stacks-"));
  for (const [name, json] of Object.entries(stacks)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "cdk.tf.json"), JSON.stringify(json));
  }
  const prod = readStacks(folder, "prod");
  rmSync(folder, { recursive: true });
  if (prod === undefined) throw new Error("There are no stacks of prod.");
  const recording = JSON.parse(readFileSync("tools/cost/recorded-calls.json", "utf8"));
  const infrastructure = withAlertSubscribers(infrastructureOf(prod), subscribers);
  const situation = aSituation({ infrastructure, recording, shape: defaultShape, events: Exact.of("10e6") });
  return reportText(reportOf(prod, situation), { width: 120, recordedBy: recording.writtenBy });
}

/** Service and sums of the rows that have neither quantity nor unit price: the services, and the total. */
const rowsPrinted = [...printed().matchAll(/^(\S.*?) {2,}([\d,]+\.\d\d) +([\d,]+\.\d\d)$/gm)].map((row) =>
  row.slice(1, 4),
);
const rowsInReadme = [...readme.matchAll(/^\| (\S[^|]*?) +\| +([\d,]+\.\d\d) \| +([\d,]+\.\d\d) \|$/gm)].map((row) =>
  row.slice(1, 4),
);

/** Item, quantity and sums of the rows below the one of Observability. */
const section = /^Observability .*\n((?: {2}\S.*\n)+)/m.exec(printed())?.[1] ?? "";
const itemsPrinted = [
  ...section.matchAll(/^ {2}(\S.*?) {2,}(\S.*?) {2,}\S.*? {2,}([\d,]+\.\d\d) +([\d,]+\.\d\d)$/gm),
].map((row) => row.slice(1, 5));
const itemsInReadme = [
  ...readme.matchAll(/^\| (\S[^|]*?) +\| +(\d[^|]*?) \| +([\d,]+\.\d\d) \| +([\d,]+\.\d\d) \|$/gm),
].map((row) => row.slice(1, 5));

describe("README.md", () => {
  it("shows what npm run cli -- cost --env prod --events-per-month 10e6 prints", () => {
    expect(readme).toContain("npm run cli -- cost --env prod --events-per-month 10e6");
    expect(rowsPrinted.at(-1)?.[0]).toBe("TOTAL");
    expect(rowsInReadme).toEqual(rowsPrinted);
  });

  it("shows what the system's telling of itself costs, item by item", () => {
    expect(itemsPrinted.length).toBeGreaterThan(8);
    expect(itemsInReadme).toEqual(itemsPrinted);
  });

  it("shows what it costs without text messages", () => {
    const [, given, total] = /With the shape `(\{.*\})`\s+the total is ([\d,.]+) USD/.exec(readme) ?? [];
    const shape = parseShape(given ?? "");
    const subscribers = shape.kind === "shape" ? shape.shape.alertSubscribers : undefined;
    expect(subscribers).toMatchObject({ phoneNumbers: 0 });
    expect(/^TOTAL +([\d,.]+)/m.exec(printed(subscribers))?.[1]).toBe(total);
  });

  it("shows a shape that is one", () => {
    const example = /^ *(\{ "tiers".*\})$/m.exec(readme)?.[1];
    expect(parseShape(example ?? "")).toMatchObject({ kind: "shape", shape: { bodyBytes: 4_000 } });
  });
});
