/** Counts what it took to archive the demo's events, and what came to lie in the archive. */
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { coldPrefixes } from "../../config/archive.ts";
import type { LocalProcess } from "../../local/process.ts";
import type { RecordedArchive } from "../cost/recording.ts";
import type { ArchiveSeen } from "./archive.ts";
import { bucketNamed } from "./bucket-named.ts";
import type { DemoClients } from "./clients.ts";
import { lookAtCalls } from "./record-calls.ts";
import { environment } from "./runtime-arguments.ts";

/** Functions, the state machine and the schedule's role: nobody else has these names. */
const isOfArchive = (name: string) =>
  /^(archive-(plan|seal|release)|transaction-archival|(start-)?daily-archive)$/.test(name);

export async function recordArchive(
  { local, clients }: { readonly local: LocalProcess; readonly clients: DemoClients },
  { days, facts }: Pick<ArchiveSeen, "days" | "facts">,
): Promise<RecordedArchive> {
  const { calls, logs, transitions } = await lookAtCalls(local, clients, environment);
  const bucket = bucketNamed("transaction-audit-logs");
  const cold = await Promise.all(coldPrefixes.map((prefix) => sizesBelow(clients, bucket, prefix)));
  // Bodies are archived as they lie in their bucket, in which there are some of repeated posts, too.
  const payloads = await sizesBelow(clients, bucketNamed("webhook-payloads"), "");
  const payloadsRead = sum(
    calls
      .filter(({ call, by, on }) => call === "s3:GetObject" && isOfArchive(by) && on === "webhook-payloads")
      .map(({ count }) => count),
  );
  const ofArchive = <T>(figures: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(figures).filter(([name]) => isOfArchive(name.slice(name.lastIndexOf("/") + 1))));
  return {
    days: days.length,
    facts: facts.length,
    calls: calls.filter(({ by }) => isOfArchive(by)),
    logs: ofArchive(logs),
    transitions: ofArchive(transitions),
    objectBytes: sum(cold.flat()),
    eventIdBytes: sum(await sizesBelow(clients, bucket, "event-ids/")),
    largeBodyBytes: Math.round((sum(payloads) / Math.max(1, payloads.length)) * payloadsRead),
  };
}

async function sizesBelow({ s3 }: DemoClients, bucket: string, prefix: string): Promise<readonly number[]> {
  const sizes: number[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    sizes.push(...Contents.map(({ Size = 0 }) => Size));
  }
  return sizes;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
