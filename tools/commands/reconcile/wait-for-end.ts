/** How `reconcile run --wait` waits, and how it ends when somebody wants to wait no longer. */
import type { RunEnd } from "../../reconciliation/runs.ts";
import type { Surroundings } from "../context.ts";
import type { Hint } from "../hint.ts";
import type { IsStopped } from "../interruptible.ts";
import type { CommandResult } from "../result.ts";

const pollMs = 2_000;
const localPollMs = 200;

interface Patience {
  readonly limitSeconds: number;
  readonly isLocal: boolean;
  readonly isStopped: IsStopped;
}

/** How the run ends, or is when the wait is over; `stopped` when somebody wants to wait no longer. */
export async function untilEnd(
  { now, sleep }: Pick<Surroundings, "now" | "sleep">,
  ask: () => Promise<RunEnd>,
  { limitSeconds, isLocal, isStopped }: Patience,
): Promise<RunEnd | "stopped"> {
  const deadlineMs = now() + limitSeconds * 1000;
  for (;;) {
    const end = await ask();
    if (end.kind !== "running") return end;
    if (isStopped()) return "stopped";
    if (now() >= deadlineMs) return end;
    await sleep(isLocal ? localPollMs : pollMs);
    if (isStopped()) return "stopped";
  }
}

/** The run goes on by itself: only the wait is over. */
export function stopped({ executionArn, hint }: { readonly executionArn: string; readonly hint: Hint }): CommandResult {
  const message = `Stopped waiting. The run goes on: ${executionArn}\nIts report comes with: ${hint("reconcile", "report")}`;
  return { kind: "interrupted", message, json: { isStopped: true, executionArn } };
}
