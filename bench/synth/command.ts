/** `npm run bench -- synth`: time and memory of synthesizing every stack of every environment. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { type Measurement, measure, type Subject } from "../measure.ts";

interface Options {
  readonly runs: number;
  readonly check: boolean;
  readonly json?: string;
}

interface Figures {
  readonly what: string;
  readonly runs: number;
  readonly wallMs: { readonly best: number; readonly median: number };
  readonly cpuMs: { readonly best: number; readonly median: number };
  /** The highest of all runs. */
  readonly peakBytes: number;
}

/** What people wait for without leaving, and what a small CI machine has. */
const limits = { wallMs: 5_000, peakBytes: 600e6 } as const;

const root = join(import.meta.dirname, "../..");
const synth: Subject = {
  what: "synth: every stack of every environment",
  preloads: [],
  script: join(root, "main.ts"),
};
const peers: readonly Subject[] = [
  { what: "floor: CDKTF without a stack", preloads: [], script: join(import.meta.dirname, "empty-app.ts") },
  {
    what: "synth, with the root import of the bindings",
    preloads: [join(import.meta.dirname, "root-import.ts")],
    script: synth.script,
  },
];

export function synthCommand(): Command {
  return new Command("synth")
    .description("Synthesis of every stack of every environment, beside an empty app and the forbidden root import.")
    .option("--runs <n>", "runs of each, in turn", positiveInteger, 5)
    .option("--check", "exit 1 when synth's best run is above 5,000 ms or any run above 600 MB", false)
    .option("--json <file>", "write the figures there")
    .action(async ({ runs, check, json }: Options) => {
      const figures = await measureInTurn([synth, ...peers], runs);
      print(figures);
      if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
      const isWithin = figures.every((one) => one.what !== synth.what || isWithinLimits(one));
      console.log(`${synth.what}: ${isWithin ? "within" : "ABOVE"} the limits of 5,000 ms (best run) and 600 MB.`);
      if (check && !isWithin) process.exitCode = 1;
    });
}

function positiveInteger(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError("It is no whole number above 0.");
  return Number(value);
}

/** One run of each, then the next: what disturbs the machine for a while disturbs them all. */
async function measureInTurn(subjects: readonly Subject[], runs: number): Promise<Figures[]> {
  const measured = subjects.map(({ what }) => ({ what, runs: [] as Measurement[] }));
  for (let run = 0; run < runs; run++) {
    for (const [index, subject] of subjects.entries()) measured[index]?.runs.push(await measure(subject));
  }
  return measured.map(({ what, runs: all }) => ({
    what,
    runs: all.length,
    wallMs: bestAndMedian(all.map(({ wallMs }) => wallMs)),
    cpuMs: bestAndMedian(all.map(({ cpuMs }) => cpuMs)),
    peakBytes: Math.max(...all.map(({ peakBytes }) => peakBytes)),
  }));
}

function bestAndMedian(values: readonly number[]): { best: number; median: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { best: sorted[0] ?? Number.NaN, median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN };
}

/** The best run counts for the time, since a busy machine only ever adds; memory isn't disturbed by others. */
function isWithinLimits({ wallMs, peakBytes }: Figures): boolean {
  return wallMs.best <= limits.wallMs && peakBytes <= limits.peakBytes;
}

function print(figures: readonly Figures[]): void {
  console.table(
    figures.map((one) => ({
      what: one.what,
      runs: one.runs,
      "best ms": Math.round(one.wallMs.best),
      "median ms": Math.round(one.wallMs.median),
      "processor ms": Math.round(one.cpuMs.median),
      "peak MB": Math.round(one.peakBytes / 1e6),
    })),
  );
}
