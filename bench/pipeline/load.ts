/**
 * An open-loop load generator: requests go out when their time comes, whether or not earlier ones have been answered,
 * and latencies count from the scheduled time, so that a stall shows in every request that it delays.
 */
import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { SignedWebhook } from "../../lambdas/shared/providers/types.ts";

export interface LoadOptions {
  readonly url: string;
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly webhook: (index: number, nowMs: number) => SignedWebhook;
}

export interface LoadResult {
  readonly sent: number;
  /** HTTP status → count; 0 stands for a broken connection. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Milliseconds from the scheduled time to the whole answer. */
  readonly latenciesMs: readonly number[];
  /** Requests a second that were really begun. */
  readonly rate: number;
}

export async function applyLoad({ url, ratePerSecond, seconds, webhook }: LoadOptions): Promise<LoadResult> {
  const target = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const count = Math.round(ratePerSecond * seconds);
  const latenciesMs: number[] = [];
  const statuses: Record<number, number> = {};
  const open: Promise<void>[] = [];
  const began = performance.now();

  for (let index = 0; index < count; index++) {
    const dueAt = began + (index * 1_000) / ratePerSecond;
    const early = dueAt - performance.now();
    if (early > 0) await wait(Math.ceil(early));
    const { body, headers } = webhook(index, Date.now());
    open.push(
      post(agent, target, headers, body).then((status) => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        latenciesMs.push(performance.now() - dueAt);
      }),
    );
  }
  const rate = count / ((performance.now() - began) / 1_000);
  await Promise.all(open);
  agent.destroy();
  return { sent: count, statuses, latenciesMs, rate };
}

function post(agent: Agent, url: URL, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request(
      {
        agent,
        host: url.hostname,
        port: url.port,
        path: url.pathname,
        method: "POST",
        headers: { ...headers, "content-type": "application/json", "content-length": body.length },
      },
      (incoming) => {
        incoming.resume();
        incoming.once("end", () => resolve(incoming.statusCode ?? 0));
      },
    );
    outgoing.once("error", () => resolve(0));
    outgoing.end(body);
  });
}

/** The value below which a share of the values lies. NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
