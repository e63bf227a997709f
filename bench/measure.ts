/** Runs a script as a process of its own and measures it from outside. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

export interface Subject {
  readonly what: string;
  /** Modules that Node loads after tsx and before the script, by path. */
  readonly preloads: readonly string[];
  readonly script: string;
  readonly args?: readonly string[];
  /** Options of Node, such as a limit of its heap. */
  readonly nodeOptions?: readonly string[];
}

export interface Measurement {
  /** From the start of the process to its end. */
  readonly wallMs: number;
  /** Processor time of all its threads: above `wallMs` where two cores were busy, far below where others were. */
  readonly cpuMs: number;
  /** The most memory that it held at a time. */
  readonly peakBytes: number;
  /** What it wrote to standard output. */
  readonly stdout: string;
}

/**
 * Runs in a directory of its own, with an empty environment: neither `ENVIRONMENT_SUFFIX` nor another variable of the
 * caller changes what is measured.
 *
 * @throws Error with the process's standard error when it fails
 */
export async function measure({ what, preloads, script, args = [], nodeOptions = [] }: Subject): Promise<Measurement> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  const modules = [import.meta.resolve("tsx"), join(import.meta.dirname, "usage.ts"), ...preloads];
  const imports = modules.flatMap((module) => ["--import", module]);
  const began = performance.now();
  try {
    const child = spawn(process.execPath, [...nodeOptions, ...imports, script, ...args], {
      cwd: directory,
      env: {},
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const ended = new Promise<{ code: number | null; wallMs: number }>((resolve) =>
      child.once("exit", (code) => resolve({ code, wallMs: performance.now() - began })),
    );
    const [{ code, wallMs }, stdout, stderr, report] = await Promise.all([
      ended,
      text(child.stdio[1] as Readable),
      text(child.stdio[2] as Readable),
      text(child.stdio[3] as Readable),
    ]);
    if (code !== 0) throw new Error(`${what} ended with code ${code}:\n${stderr}`);
    return { wallMs, stdout, ...(JSON.parse(report) as Pick<Measurement, "cpuMs" | "peakBytes">) };
  } finally {
    await rm(directory, { recursive: true });
  }
}
