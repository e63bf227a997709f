/**
 * Has Stripe's books compared with ours, as it is done every night: in the night after a day on which the stand-in lost
 * and misstated webhooks, while it doesn't answer for one account, and in the next one, when it does.
 */
import { GetObjectCommand } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { type ReconciliationReport, reportKeys, reportSchema } from "../../config/reconciliation.ts";
import { dayMs } from "../audit/days.ts";
import { bucketNamed } from "./bucket-named.ts";
import type { Stage } from "./play.ts";
import { scan } from "./read-tables.ts";
import { runMachine } from "./run-schedule.ts";
import type { SentWebhook } from "./send.ts";
import { strikeAccount } from "./stand-in-orders.ts";
import { enterPlanned, payWithFaults, type StandInEvents } from "./stripe-books.ts";

export interface ReconciliationSeen extends StandInEvents {
  /** How the executions ended. */
  readonly endings: readonly string[];
  readonly first: ReconciliationReport;
  readonly second: ReconciliationReport;
}

/** Later than anything that happened by as much as a run leaves to the next one, for money, too. */
const laterMs = 40 * 60_000;

/** @param untilIdle resolves when nothing is under way any more */
export async function reconcileBooks(
  stage: Stage,
  { sent, seed, untilIdle }: { sent: readonly SentWebhook[]; seed: number; untilIdle: () => Promise<void> },
): Promise<ReconciliationSeen> {
  const kept = await keptHashes(stage);
  await enterPlanned(stage, sent, (sha256) => kept.has(sha256));
  const told = await payWithFaults(stage, seed);
  await untilIdle();
  const startMs = Date.now() + laterMs;
  await strikeAccount(stage, told.account, true);
  const first = await run(stage, startMs);
  await strikeAccount(stage, told.account, false);
  await untilIdle();
  const second = await run(stage, startMs + dayMs);
  await untilIdle();
  return { ...told, endings: second.endings, first: first.report, second: second.report };
}

/** Hashes of the bodies that are recorded: of two under one id, the one that was taken. */
async function keptHashes({ clients, names }: Stage): Promise<ReadonlySet<string>> {
  const entries = await scan(clients, names.tables.transactions);
  return new Set(entries.filter(({ kind }) => kind === "raw").map(({ sha256 }) => String(sha256)));
}

async function run(stage: Stage, atMs: number): Promise<{ endings: readonly string[]; report: ReconciliationReport }> {
  const { clients, names } = stage;
  const schedule = names.schedule("webhook-reconciliation");
  const endings = await runMachine(stage, { schedule, stateMachine: names.stateMachines.webhookReconciliation, atMs });
  const at = new Date(atMs).toISOString();
  const runId = `${at.slice(0, 19).replace(/[-:]/g, "")}Z`;
  const Bucket = bucketNamed("transaction-audit-logs");
  const Key = reportKeys.json(at.slice(0, 10), runId);
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  const report = v.parse(reportSchema, JSON.parse((await Body?.transformToString()) ?? ""));
  return { endings, report };
}
