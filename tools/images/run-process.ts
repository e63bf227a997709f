import { spawn } from "node:child_process";

export interface ProcessResult {
  /** Undefined when there is no such program on the PATH. */
  readonly exitCode: number | undefined;
  /** Standard output and standard error as they came, at most the last 64 Ki characters. */
  readonly output: string;
}

export interface ProcessOptions {
  /** Given on standard input: what nobody may see in a list of processes. */
  readonly input?: string;
}

/** Runs a program to its end, in the project's root and with the environment that the command was started with. */
export type RunProcess = (program: string, args: readonly string[], options?: ProcessOptions) => Promise<ProcessResult>;

const keptCharacters = 64 * 1024;

/** @param directory that programs run in */
export function createRunProcess(directory: string): RunProcess {
  return (program, args, { input } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: directory, stdio: ["pipe", "pipe", "pipe"] });
      let output = "";
      const keep = (chunk: string) => {
        output = (output + chunk).slice(-keptCharacters);
      };
      child.stdout.setEncoding("utf8").on("data", keep);
      child.stderr.setEncoding("utf8").on("data", keep);
      child.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") resolve({ exitCode: undefined, output: "" });
        else reject(error);
      });
      child.once("close", (code) => resolve({ exitCode: code ?? 1, output }));
      // A program that ends before it has read its input is judged by its exit code.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    });
}
