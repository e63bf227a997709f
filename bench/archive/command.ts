/** `npm run bench -- archive`: the archiver's writer beside DuckDB's and gzip, its memory, and an audit. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { lambdas } from "../../config/lambdas.ts";
import { measure } from "../measure.ts";
import type { Written } from "./rows.ts";
import { sealBenchDay } from "./seal.ts";

interface Options {
  readonly rows: number;
  readonly check?: boolean;
  readonly json?: string;
}

interface Figures {
  readonly what: string;
  readonly rows: number;
  /** Of the work itself, by the clock and by the processor. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the whole process, at its highest. */
  readonly peakBytes: number;
  readonly fileBytes?: number;
}

const memoryMb = lambdas["transaction-archival"].memoryMb;

/** What is checked. The design asks for a third of DuckDB's rate, and for flat memory below the function's. */
const limits = {
  peakBytes: memoryMb * 1024 ** 2,
  growth: 1.25,
  ofDuckDb: 1 / 3,
  ofJsonLines: 0.5,
  auditPeakBytes: 640 * 1024 ** 2,
} as const;
/** With fewer rows than this, memory is still on its way to where it stays. */
const growthFromRows = 50_000;
/** With fewer rows than this, much of the time is spent on compiling, which DuckDB needn't do. */
const rateFromRows = 500_000;

const names = {
  ours: "archiver: rows, Parquet, SHA-256, zstd 1",
  tenth: "the same, a tenth of the rows",
  floor: "the same process without rows",
  duckDb: "DuckDB COPY, one thread, zstd 1",
  duckDbSnappy: "DuckDB COPY, one thread, Snappy",
  duckDbTwo: "DuckDB COPY, two threads, zstd 1",
  jsonLines: "JSON lines through gzip",
  audit: "cli audit, raw bodies included",
} as const;

export function archiveCommand(): Command {
  return new Command("archive")
    .description("The archiver's writer beside DuckDB's COPY and gzip'd JSON lines, each in its own process; an audit.")
    .option("--rows <n>", "transactions of the day that is written", rowsArgument, 1_000_000)
    .option("--check", "exit 1 when memory isn't flat or above the function's, or a rate isn't reached")
    .option("--json <file>", "write the figures there")
    .action(async ({ rows, check, json }: Options) => {
      const figures = await measureAll(rows);
      print(figures);
      const problems = problemsOf(figures);
      for (const line of [rateText(figures), ...problems]) console.log(line);
      if (problems.length === 0)
        console.log(`Within the limits: memory is flat and below the function's ${memoryMb} MB.`);
      if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
      if (check === true && problems.length > 0) process.exitCode = 1;
    });
}

function rowsArgument(value: string): number {
  const rows = Number(value);
  if (!Number.isSafeInteger(rows) || rows < 240) throw new InvalidArgumentError("Give a whole number from 240.");
  return rows;
}

async function measureAll(rows: number): Promise<readonly Figures[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-archive-"));
  const whole = join(folder, "whole");
  const database = join(folder, "rows.duckdb");
  try {
    const floor = await written(names.floor, "write-parquet", [join(folder, "floor"), "0"]);
    // The first hours of the same day: a smaller day would have smaller row groups.
    const tenthRows = String(Math.floor(rows / 10));
    const tenth = await written(names.tenth, "write-parquet", [join(folder, "tenth"), String(rows), tenthRows]);
    const ours = () => written(names.ours, "write-parquet", [whole, String(rows)]);
    const copied = (what: string, threads: string, codec: string) => written(what, "copy", [database, threads, codec]);
    const first = await ours();
    await load(whole, database, rows);
    const duckDb = await copied(names.duckDb, "1", "zstd");
    const snappy = await copied(names.duckDbSnappy, "1", "snappy");
    return [
      better(first, await ours()),
      better(duckDb, await copied(names.duckDb, "1", "zstd")),
      better(snappy, await copied(names.duckDbSnappy, "1", "snappy")),
      await copied(names.duckDbTwo, "2", "zstd"),
      await written(names.jsonLines, "write-json-lines", [String(rows)]),
      tenth,
      floor,
      await audited(whole, rows),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of two runs: what else the machine does only ever makes one slower. Its memory has to do for both. */
function better(one: Figures, other: Figures): Figures {
  const faster = one.cpuSeconds <= other.cpuSeconds ? one : other;
  return { ...faster, peakBytes: Math.max(one.peakBytes, other.peakBytes) };
}

const script = (name: string) => join(import.meta.dirname, `${name}.ts`);

/** Node leaves half of a function's memory to its heap. */
const nodeOptions = [`--max-old-space-size=${memoryMb / 2}`];

async function written(what: string, name: string, args: readonly string[]): Promise<Figures> {
  const { stdout, peakBytes } = await measure({ what, preloads: [], script: script(name), args, nodeOptions });
  const { bytes, ...figures } = JSON.parse(stdout) as Written;
  return { what, ...figures, peakBytes, fileBytes: bytes };
}

/** @throws Error when DuckDB doesn't find in the archiver's files what went into them */
async function load(folder: string, database: string, rows: number): Promise<void> {
  const what = "loading the archiver's files";
  const { stdout } = await measure({ what, preloads: [], script: script("load"), args: [folder, database] });
  const { rows: found } = JSON.parse(stdout) as { readonly rows: number };
  if (found !== rows) throw new Error(`DuckDB reads ${found} rows in the archiver's files, and ${rows} were written`);
}

/** The command as people run it. @throws Error with what it says when it doesn't prove the day */
async function audited(folder: string, rows: number): Promise<Figures> {
  await written("raw bodies", "write-parquet", [folder, String(rows), String(rows), "raw"]);
  const trust = sealBenchDay(folder, rows);
  const { wallMs, cpuMs, peakBytes } = await measure({
    what: names.audit,
    preloads: [],
    script: join(import.meta.dirname, "../../tools/cli.ts"),
    args: ["audit", "--dir", folder, "--trust", trust],
  });
  return { what: names.audit, rows, seconds: wallMs / 1e3, cpuSeconds: cpuMs / 1e3, peakBytes };
}

function find(figures: readonly Figures[], name: string): Figures {
  const found = figures.find(({ what }) => what === name);
  if (found === undefined) throw new Error(`There are no figures of ${name}`);
  return found;
}

/** By the processor's time, which what else the machine does disturbs less. */
function ratio(figures: readonly Figures[], name: string): number {
  return find(figures, name).cpuSeconds / find(figures, names.ours).cpuSeconds;
}

const percent = (value: number) => `${Math.round(value * 100)} %`;

function rateText(figures: readonly Figures[]): string {
  const [duckDb, snappy, jsonLines] = [names.duckDb, names.duckDbSnappy, names.jsonLines].map((name) =>
    percent(ratio(figures, name)),
  );
  return `By processor time: ${duckDb} of DuckDB's rate (${snappy} with Snappy); ${jsonLines} of gzip'd JSON lines'.`;
}

function problemsOf(figures: readonly Figures[]): readonly string[] {
  const { peakBytes, rows } = find(figures, names.ours);
  const tenth = find(figures, names.tenth);
  const growth = tenth.rows < growthFromRows ? 1 : peakBytes / tenth.peakBytes;
  const isSlow = rows >= rateFromRows && ratio(figures, names.duckDb) < limits.ofDuckDb;
  const auditPeakBytes = find(figures, names.audit).peakBytes;
  return [
    ...(peakBytes > limits.peakBytes ? [`ABOVE the function's ${memoryMb} MB.`] : []),
    ...(growth > limits.growth ? [`ABOVE flat memory: ${percent(growth)} of that for a tenth of the rows.`] : []),
    ...(isSlow ? [`BELOW ${percent(limits.ofDuckDb)} of DuckDB's rate.`] : []),
    ...(ratio(figures, names.jsonLines) < limits.ofJsonLines ? ["BELOW half of the rate of gzip'd JSON lines."] : []),
    ...(auditPeakBytes > limits.auditPeakBytes ? [`ABOVE the audit's ${limits.auditPeakBytes / 1024 ** 2} MB.`] : []),
  ];
}

function print(figures: readonly Figures[]): void {
  console.table(
    figures.map((one) => ({
      what: one.what,
      rows: one.rows,
      "rows/s": one.rows === 0 ? "" : Math.round(one.rows / one.seconds),
      seconds: one.seconds.toFixed(2),
      "processor s": one.cpuSeconds.toFixed(2),
      "peak MB": Math.round(one.peakBytes / 1e6),
      "file MB": one.fileBytes === undefined ? "" : (one.fileBytes / 1e6).toFixed(1),
    })),
  );
}
