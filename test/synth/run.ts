/** Runs main.ts as `npm run synth` does, in a directory of its own, and reads what it wrote there. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const root = join(__dirname, "../..");
const tsx = pathToFileURL(require.resolve("tsx")).href;

/** The files below a directory, by their paths relative to it. */
export type Files = Readonly<Record<string, string>>;

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The whole environment of the process; nothing of ours is handed on. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** A bundle of main.ts instead of main.ts itself. */
  readonly bundle?: string;
}

/** Starts Node by its own path, so that it doesn't depend on a PATH. */
export function runSynth(directory: string, { variables = {}, args = [], bundle }: RunOptions = {}): Run {
  const script = bundle === undefined ? ["--import", tsx, join(root, "main.ts")] : [bundle];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...args], {
    cwd: directory,
    env: { ...variables },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/**
 * What a synthesis writes below `cdktf.out`.
 *
 * @throws Error with its standard error when it fails
 */
export function synthesizedFiles(options: RunOptions = {}): Files {
  return inOwnDirectory((directory) => {
    const { status, stderr } = runSynth(directory, options);
    if (status !== 0) throw new Error(`Synthesizing failed:\n${stderr}`);
    return filesBelow(join(directory, "cdktf.out"));
  });
}

export function inOwnDirectory<Result>(use: (directory: string) => Result, name = "synth-"): Result {
  const directory = mkdtempSync(join(tmpdir(), name));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export function filesBelow(directory: string): Files {
  const paths = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(directory, path)).isFile());
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(join(directory, path), "utf8")]));
}
