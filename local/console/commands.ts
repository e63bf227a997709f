/**
 * What a person does at the console is done by the command line's own code: a button is a command, and the page shows
 * which. The commands run in a process of their own (tools/serve-commands.ts), begun when the first is asked for, so that
 * an audit's work never holds up a webhook, and so that this runtime needs nothing of the tools but their words.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** How a command ended. */
export interface CommandEnd {
  /** As a shell would see it: 0 done, 1 failed or not there, 2 wrong use. */
  readonly exitCode: number;
  /** What `--json` printed, read; undefined where it printed nothing. */
  readonly json: unknown;
  /** What it said to the person, without where it acts. */
  readonly said: string;
  /** The same for a terminal. */
  readonly command: string;
}

export interface Commands {
  /**
   * Runs `npm run cli -- <args>` on this system, as JSON.
   *
   * @throws Error when the process that runs commands doesn't start, or ends
   */
  run(args: readonly string[]): Promise<CommandEnd>;
  /** The same for a command that acts nowhere. */
  runAnywhere(args: readonly string[]): Promise<CommandEnd>;
  /** What `run` would run, for a terminal, where a person does it himself. */
  lineOf(args: readonly string[]): string;
  /** Begins the process before the first command, which then needn't wait for it. */
  warm(): void;
  stop(): void;
}

/** A line from tools/serve-commands.ts. */
interface Line {
  readonly id: number;
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

interface Place {
  readonly root: string;
  readonly awsUrl: string;
  readonly environment: string;
}

interface Worker {
  readonly child: ChildProcess;
  readonly waiting: Map<number, (line: Line | Error) => void>;
}

export function startCommands({ root, awsUrl, environment }: Place): Commands {
  let worker: Worker | undefined;
  let lastId = 0;
  const onThis = (args: readonly string[]) => [...args, "--endpoint", awsUrl, "--env", environment];

  function begin(): Worker {
    const script = join(root, "tools/serve-commands.ts");
    const child = spawn(process.execPath, ["--import", "tsx", script], {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const waiting: Worker["waiting"] = new Map();
    createInterface({ input: child.stdout }).on("line", (text) => {
      const line = JSON.parse(text) as Line;
      waiting.get(line.id)?.(line);
      waiting.delete(line.id);
    });
    const end = (why: string) => {
      if (worker?.child === child) worker = undefined;
      for (const settle of waiting.values()) settle(new Error(why));
      waiting.clear();
    };
    child.once("error", (error) => end(`Commands can't be run: ${error.message}`));
    child.once("exit", (code) => end(`The process that runs commands has ended with ${code}. Try again.`));
    // What was written to one that ended is said by its end.
    child.stdin.on("error", () => {});
    return { child, waiting };
  }

  async function run(args: readonly string[]): Promise<CommandEnd> {
    worker ??= begin();
    const { child, waiting } = worker;
    lastId += 1;
    const id = lastId;
    const ended = new Promise<Line | Error>((resolve) => waiting.set(id, resolve));
    child.stdin?.write(`${JSON.stringify({ id, args: [...args, "--json"] })}\n`);
    const line = await ended;
    if (line instanceof Error) throw line;
    const said = line.err
      .split("\n")
      .filter((text) => !/^(Acting on|Sending to) /.test(text))
      .join("\n")
      .trim();
    return { exitCode: line.exitCode, json: parsed(line.out), said, command: commandLine(args) };
  }

  return {
    run: (args) => run(onThis(args)),
    lineOf: (args) => commandLine(onThis(args)),
    runAnywhere: run,
    warm() {
      worker ??= begin();
    },
    stop: () => worker?.child.kill(),
  };
}

function parsed(text: string): unknown {
  try {
    return text.trim() === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Quoted where a shell would take it apart. */
function commandLine(args: readonly string[]): string {
  const quoted = args.map((arg) =>
    /^[\w@%+=:,./#~-]+$/.test(arg) && !arg.startsWith("#") && !arg.startsWith("~")
      ? arg
      : `'${arg.replaceAll("'", `'\\''`)}'`,
  );
  return ["npm run cli --", ...quoted].join(" ");
}
