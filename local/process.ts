/**
 * The runtime as a process of its own, for programs: the demo, the benchmarks, the flow tests. This is the one file of
 * local/ that others import; what they want to know of the system they ask the AWS SDK.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { FaultReport, Status } from "./control.ts";
import type { Grant, UsageReport } from "./iam/usage.ts";
import type { MeteredCall } from "./meter.ts";

export { parseFaults } from "./faults/faults.ts";
export { type ScheduledFault, scheduleText } from "./faults/schedule.ts";
export type { FaultReport, Grant, MeteredCall, UsageReport };

export interface LocalProcess {
  /** Where providers post. */
  readonly apiUrl: string;
  /** Endpoint for any AWS SDK; any credentials will do. */
  readonly awsUrl: string;
  /** Where the providers' APIs are stood in for. */
  readonly providersUrl: string;
  readonly pid: number;
  status(): Promise<Status>;
  permissions(): Promise<UsageReport>;
  faults(): Promise<FaultReport>;
  /** AWS calls of functions and services so far: `<who> <service>:<operation>` → count. */
  calls(): Promise<Readonly<Record<string, number>>>;
  /** The same in the units that AWS bills; only of a runtime that was started with `--meter`. */
  meteredCalls(): Promise<readonly MeteredCall[]>;
  /** Resolves when nothing has been under way for a moment, save tasks that wait for a person. */
  untilIdle(options?: { readonly timeoutMs?: number; readonly onStatus?: (status: Status) => void }): Promise<void>;
  /** Stops in order; gives the exit code. */
  stop(): Promise<number>;
  /** Ends at once, as a crash of the machine would. */
  kill(): Promise<void>;
}

/**
 * Starts `npm start` with free ports.
 * @param args further arguments, such as `--memory` or `--faults …`
 * @throws Error with what the process said when it ends before it is ready
 */
export async function startLocalProcess(args: readonly string[]): Promise<LocalProcess> {
  const entry = join(import.meta.dirname, "main.ts");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", entry, "--port", "0", "--aws-port", "0", "--provider-port", "0", "--ready-json", ...args],
    // It stops when its input ends, which it does when we end, however we do.
    { cwd: join(import.meta.dirname, ".."), stdio: ["pipe", "pipe", "pipe"] },
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-10_000);
  });
  const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once("line", resolve)),
    ended.then((code) => {
      throw new Error(`The local runtime ended with ${code} before it was ready.\n${said}`);
    }),
  ]);
  const { apiUrl, awsUrl, providersUrl } = JSON.parse(line) as Record<"apiUrl" | "awsUrl" | "providersUrl", string>;
  const ask = async <T>(path: string) => (await (await fetch(`${awsUrl}/_local/${path}`)).json()) as T;
  const status = () => ask<Status>("status");
  return {
    apiUrl,
    awsUrl,
    providersUrl,
    pid: child.pid ?? 0,
    status,
    permissions: () => ask<UsageReport>("permissions"),
    faults: () => ask<FaultReport>("faults"),
    calls: () => ask<Record<string, number>>("calls"),
    meteredCalls: () => ask<MeteredCall[]>("meter"),
    untilIdle: (options = {}) => untilIdle(status, options.timeoutMs ?? 60_000, options.onStatus),
    async stop() {
      child.kill("SIGINT");
      return ended;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Idle three times in a row: between two stages nothing may be under way for an instant. */
async function untilIdle(
  status: () => Promise<Status>,
  timeoutMs: number,
  onStatus: ((status: Status) => void) | undefined,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let idle = 0; idle < 3; ) {
    const now = await status();
    onStatus?.(now);
    idle = now.idle ? idle + 1 : 0;
    if (Date.now() > deadline) throw new Error(`Still under way after ${timeoutMs} ms: ${JSON.stringify(now)}`);
    await wait(50);
  }
}
