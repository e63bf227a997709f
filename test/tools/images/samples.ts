/** What tests of images have in common. */
import { type LambdaName, lambdas } from "../../../config/lambdas.ts";
import type { ProcessOptions, ProcessResult, RunProcess } from "../../../tools/images/run-process.ts";

export const functionNames = Object.keys(lambdas) as LambdaName[];

/** One value for each function. */
export function forEachFunction<T>(value: (name: LambdaName, at: number) => T): Record<LambdaName, T> {
  return Object.fromEntries(functionNames.map((name, at) => [name, value(name, at)])) as Record<LambdaName, T>;
}

export const digests = forEachFunction((_, at) => `sha256:${(at + 1).toString(16).repeat(64)}`);

export const baseImage = `registry.example/lambda/nodejs@sha256:${"b".repeat(64)}`;

interface Call extends ProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
}

/** Programs that do nothing but end as told, and the calls that were made. */
export function fakePrograms(end: (call: Call) => Partial<ProcessResult> = () => ({})) {
  const calls: Call[] = [];
  const run: RunProcess = async (program, args, options = {}) => {
    const call = { program, args, ...options };
    calls.push(call);
    return { exitCode: 0, output: "", ...end(call) };
  };
  return { run, calls, lines: () => calls.map(({ program, args }) => [program, ...args].join(" ")) };
}
