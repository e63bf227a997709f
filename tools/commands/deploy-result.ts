/** What is said of a deployment when it has ended. */
import type { RolledOut } from "../deploy/roll-out.ts";
import type { SmokeOutcome } from "../deploy/smoke.ts";
import type { CommandResult } from "./result.ts";
import { tableLines } from "./text/table.ts";

export interface Deployed {
  readonly environment: string;
  readonly account: string;
  readonly rolledOut: RolledOut;
  /** File with the digests that were deployed, to go back to. */
  readonly release: string | undefined;
  /** Undefined where it was skipped. */
  readonly smoke: SmokeOutcome | undefined;
}

/** Failed where the webhook didn't get through; a missing secret is work for a person and no failure. */
export function deployResult({ environment, account, rolledOut, release, smoke }: Deployed): CommandResult {
  const { stacks, pushed, webhookApiUrl } = rolledOut;
  const json = { environment, account, stacks, pushed, webhookApiUrl, release, smoke: smoke ?? { kind: "skipped" } };
  if (smoke?.kind === "stopped") {
    const back = 'Mend it, or go back: README, "Roll back".';
    return {
      kind: "failed",
      message: `${environment} is deployed, but its smoke test failed.\n${smoke.message}\n${back}`,
      json: { ...json, error: { code: "smoke", message: smoke.message } },
    };
  }
  const columns = [
    { title: "stack" },
    ...["added", "changed", "destroyed"].map((title) => ({ title, align: "right" as const })),
  ];
  const rows = stacks.map(({ name, add, change, remove }) => [name, `${add}`, `${change}`, `${remove}`]);
  const lines = [
    `${environment} is deployed, in account ${account}.`,
    "",
    ...tableLines(columns, rows),
    "",
    ...(webhookApiUrl === undefined ? [] : [`WebhookApiUrl  ${webhookApiUrl}`]),
    ...(release === undefined ? [] : [`Release        ${release}`]),
    ...(smoke?.kind === "no-secret" ? [`Smoke test     not run. ${smoke.message}`] : []),
    ...(smoke?.kind === "passed" ? [`Smoke test     ${smoke.eventId}: ${smoke.decision}`] : []),
  ];
  return { kind: "done", text: lines.join("\n").trimEnd(), json };
}
