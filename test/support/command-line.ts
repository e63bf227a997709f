/** The command line as a process of its own, as a person or a script starts it. */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const project = join(__dirname, "../..");
/** By its file, so that it is found from any folder. */
const tsx = pathToFileURL(require.resolve("tsx")).href;

/** Where it is started: the project, with this process's variables, unless told otherwise. */
export interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Ended {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface StartedCommand {
  /** What it has written to standard output so far. */
  out(): string;
  signal(name: "SIGINT" | "SIGTERM"): void;
  /** Resolves once it has ended and has said all. */
  readonly ended: Promise<Ended>;
}

export function startCommandLine(args: readonly string[], { cwd = project, env }: Place = {}): StartedCommand {
  const child = spawn(process.execPath, nodeArguments(args), {
    cwd,
    ...(env && { env }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  return {
    out: () => said.out,
    signal: (name) => void child.kill(name),
    ended: new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, ...said }));
    }),
  };
}

/** Runs it to its end. */
export function runCommandLine(args: readonly string[], place?: Place): Promise<Ended> {
  return startCommandLine(args, place).ended;
}

/** The same where nothing else has to go on meanwhile, such as a server that answers it. */
export function runCommandLineSync(args: readonly string[], { cwd = project, env }: Place = {}): Ended {
  const options = { cwd, ...(env && { env }), encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, nodeArguments(args), options);
  return { code: status, out: stdout, err: stderr };
}

function nodeArguments(args: readonly string[]): string[] {
  return ["--import", tsx, join(project, "tools/cli.ts"), ...args];
}
