/** A state that somebody else holds: who, since when, and how to take it back. */

import { durationText, secondsSince } from "../../../lambdas/shared/report/time.ts";
import { printable } from "../../commands/text/table.ts";
import { DeployError } from "../deploy-error.ts";
import type { StackFolder } from "../stacks.ts";
import type { Diagnostic } from "./messages.ts";

/** A deployment of all stacks takes minutes: a lock older than this was left by a run that was killed. */
const abandonedAfterSeconds = 60 * 60;

export function isLockError({ summary }: Diagnostic): boolean {
  return /acquiring the state lock/i.test(summary);
}

/** Explains the error that Terraform gives with the lock's description in its detail ("Lock Info:"). */
export function explainLock(
  { detail }: Diagnostic,
  { stack, program, nowMs }: { readonly stack: StackFolder; readonly program: string; readonly nowMs: number },
): DeployError {
  const field = (name: string) => new RegExp(`^\\s*${name}:\\s*(\\S.*?)\\s*$`, "m").exec(detail)?.[1];
  const id = field("ID");
  const who = field("Who");
  const created = readCreated(field("Created"));
  const ageSeconds = created === undefined ? undefined : secondsSince(created, nowMs);
  const holder = who === undefined ? "somebody" : printable(who);
  const operation = field("Operation")
    ?.replace(/^OperationType/, "")
    .toLowerCase();
  const since = created === undefined ? "" : ` since ${created} (${durationText(ageSeconds ?? 0)})`;
  const isAbandoned = ageSeconds !== undefined && ageSeconds >= abandonedAfterSeconds;
  return new DeployError(
    "state-locked",
    [
      `The state of ${stack.name} is locked by ${holder}${since}${operation === undefined ? "" : `, for ${printable(operation)}`}.`,
      isAbandoned
        ? "Nobody deploys for that long: the run that took it was probably killed."
        : "Wait until that run has ended, then run the same command.",
      release(stack, program, id),
    ].join(" "),
  );
}

function release({ backend, shown }: StackFolder, program: string, id: string | undefined): string {
  // The operating system holds the lock of a local file, and frees it when the process ends.
  if (backend.type === "local") return "It is a local file: the lock ends with the process that holds it.";
  if (id === undefined) return "";
  return `If you know that nobody is at it: ${program} -chdir=${shown} force-unlock ${printable(id)}`;
}

/** Go prints "2026-11-20 10:00:00.123 +0000 UTC". */
function readCreated(text: string | undefined): string | undefined {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\S* \+0000 UTC$/.exec(text ?? "");
  return found === null ? undefined : `${found[1]}T${found[2]}Z`;
}
