import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Command } from "commander";
import { bundleLambdas, bundlePath } from "../../lambdas/bundle.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

const functions = ["webhook-validator", "webhook-dedup", "workflow-claim", "fraud-detector"] as const;

/** Every variable that one of the functions wants; none is used before the first invocation. */
const variables = {
  WEBHOOK_EVENTS_QUEUE_URL: "https://example.com/queue",
  WEBHOOK_PAYLOADS_BUCKET: "bucket",
  PROVIDER_SECRETS: "{}",
  ROUTING_THRESHOLDS_USD: '{"mediumFrom":1000,"highAbove":10000}',
  PROCESSED_WEBHOOKS_TABLE: "table",
  TRANSACTIONS_TABLE: "table",
  FRAUD_COUNTERS_TABLE: "table",
  EVENT_BUS_NAME: "bus",
  WEBHOOK_EVENTS_DLQ_URL: "https://example.com/queue",
  LOW_VALUE_BATCH_DLQ_URL: "https://example.com/queue",
  LEASE_SECONDS: "30",
  ENVIRONMENT: "bench",
  AWS_REGION: "us-east-1",
  AWS_LAMBDA_FUNCTION_NAME: "f",
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
  LAMBDA_TASK_ROOT: "/var/task",
  AWS_XRAY_CONTEXT_MISSING: "IGNORE_ERROR",
};

async function coldStartMs(bundle: string, tracing: "on" | "off"): Promise<number> {
  const env = { ...variables, TRACING: tracing };
  const { stdout } = await run(
    process.execPath,
    ["--experimental-strip-types", join(import.meta.dirname, "load.ts"), bundle],
    { env },
  );
  return Number(stdout);
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** `npm run bench -- coldstart`: what tracing costs a function that starts. */
export function coldstartCommand(): Command {
  return new Command("coldstart")
    .description("Loads the bundles of a webhook's functions in fresh processes, with tracing on and off.")
    .option("--runs <n>", "processes for each figure, by turns", Number, 31)
    .action(async ({ runs }: { readonly runs: number }) => {
      await bundleLambdas(root);
      console.log("function           bundle KB   off ms   on ms   difference");
      for (const name of functions) {
        const bundle = join(root, bundlePath(name));
        const times = { on: [] as number[], off: [] as number[] };
        for (let count = 0; count < runs; count += 1) {
          for (const tracing of ["off", "on"] as const) times[tracing].push(await coldStartMs(bundle, tracing));
        }
        const [off, on] = [medianOf(times.off), medianOf(times.on)];
        const size = Math.round(statSync(bundle).size / 1_000);
        console.log(
          [
            name.padEnd(18),
            ...[size, off.toFixed(1), on.toFixed(1), (on - off).toFixed(1)].map((v) => String(v).padStart(8)),
          ].join(" "),
        );
      }
    });
}
