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
   * @throws Error when the process that runs commands doesn't start, ends, or gives no answer in time
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
  /** After which a command that gives no answer is given up; a quarter of an hour when absent. */
  readonly limitMs?: number;
}

/** Longer than an audit of years, which is the longest of them. */
const usualLimitMs = 15 * 60_000;

interface Worker {
  readonly child: ChildProcess;
  readonly waiting: Map<number, (line: Line | Error) => void>;
}

export function startCommands({ root, awsUrl, environment, limitMs = usualLimitMs }: Place): Commands {
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
      const line = lineOf(text);
      // Something that a library printed, and nobody's answer.
      if (line === undefined) return console.error(text);
      waiting.get(line.id)?.(line);
      waiting.delete(line.id);
    });
    const end = (why: string) => {
      if (worker?.child === child) worker = undefined;
      for (const settle of waiting.values()) settle(new Error(why));
      waiting.clear();
    };
    child.once("error", (error) => end(`Commands can't be run: ${error.message}`));
    child.once("exit", (code, signal) => {
      const how = signal === null ? `has ended with ${code}` : `was ended by ${signal}`;
      end(`The process that runs commands ${how} before it answered. Try again.`);
    });
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
    // It hangs: the next command gets a new process. The others that wait for this one are told of its end.
    const limit = setTimeout(() => {
      const minutes = Math.ceil(limitMs / 60_000);
      waiting.get(id)?.(
        new Error(`No answer within ${minutes} min. What was begun may be done: look before trying again.`),
      );
      waiting.delete(id);
      if (worker?.child === child) worker = undefined;
      child.kill("SIGKILL");
    }, limitMs);
    child.stdin?.write(`${JSON.stringify({ id, args: [...args, "--json"] })}\n`);
    const line = await ended;
    clearTimeout(limit);
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

/** Undefined for what isn't an answer. */
function lineOf(text: string): Line | undefined {
  const value = parsed(text) as Partial<Line> | null | undefined;
  const isLine = typeof value?.id === "number" && typeof value.out === "string" && typeof value.err === "string";
  return isLine ? (value as Line) : undefined;
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
