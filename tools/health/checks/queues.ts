import type { Names } from "../../../config/names.ts";
import { durationText } from "../../../lambdas/shared/report/time.ts";
import { depthsOf, type QueueFacts } from "../queues.ts";
import type { Finding } from "../section.ts";

/** A message that is older waits for a function that doesn't work, or doesn't keep up. */
export const oldestMessageSeconds = 15 * 60;

/** Queues that functions consume: how much waits, and the oldest message's age where CloudWatch tells it. */
export async function checkQueues(
  facts: QueueFacts,
  {
    names,
    nowMs,
    explain,
  }: { readonly names: Names; readonly nowMs: number; readonly explain: (error: unknown) => string },
): Promise<Finding> {
  const consumed = [names.queues.webhookEvents, names.queues.lowValueBatch];
  const urls = await facts.urls();
  const there = consumed.flatMap((name) => {
    const url = urls.get(name);
    return url === undefined ? [] : [[name, url] as const];
  });
  const absent = consumed.filter((name) => !urls.has(name));
  const depths = await depthsOf(facts, there);
  // Whoever may look at queues may not have to look at metrics.
  const ages = await facts.oldestAges(consumed, nowMs).catch((error: unknown) => explain(error));
  const queues = depths.map(({ name, waiting, inFlight }) => {
    // A queue that is empty for long has no figure any more.
    const known = typeof ages === "string" ? undefined : ages.get(name);
    const age = known ?? (waiting + inFlight === 0 ? 0 : undefined);
    return { name, waiting, inFlight, ...(age !== undefined && { oldestSeconds: age }) };
  });
  const isLate = queues.some(({ oldestSeconds = 0 }) => oldestSeconds > oldestMessageSeconds);
  const isUnknown = queues.some(({ oldestSeconds }) => oldestSeconds === undefined);
  const why = typeof ages === "string" && isUnknown ? [`ages not known: ${ages}`] : [];
  return {
    state: isLate || absent.length > 0 ? "problem" : isUnknown && typeof ages === "string" ? "unknown" : "ok",
    lines: [
      ...queues.map(
        ({ name, waiting, inFlight, oldestSeconds }) =>
          `${name}: ${waiting} waiting, ${inFlight} in flight${ageText(oldestSeconds)}`,
      ),
      ...absent.map((name) => `${name} isn't there: check --env, --region, and that it is deployed`),
      ...why,
    ],
    next: ["logs", "query", "errors", "--since", "1h"],
    data: { queues, absent, ...(why[0] !== undefined && { why: why[0] }) },
  };
}

function ageText(seconds: number | undefined): string {
  if (seconds === undefined) return ", the oldest for a time that isn't known yet";
  return seconds === 0 ? "" : `, the oldest for ${durationText(Math.round(seconds))}`;
}
