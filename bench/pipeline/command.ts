/** `npm run bench -- pipeline`: acks and decisions of the whole local pipeline at a constant rate. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { Command } from "commander";
import { names } from "../../config/names.ts";
import { type LocalProcess, startLocalProcess } from "../../local/process.ts";
import { applyLoad, type LoadResult, percentile } from "./load.ts";
import { createWebhooks } from "./webhooks.ts";

interface Options {
  readonly rate?: number;
  readonly seconds: number;
  readonly transport: "http" | "port" | "both";
  readonly json?: string;
}

interface Figures {
  readonly what: string;
  readonly ratePerSecond: number;
  readonly sent: number;
  readonly failed: number;
  readonly ackMs: { readonly p50: number; readonly p99: number };
  /** From the receipt to the recorded decision; absent for the peer. */
  readonly decisionMs?: { readonly p50: number; readonly p99: number };
  /** Decisions over those that were due, and how long after the load the last one came. */
  readonly decided?: number;
  readonly drainSeconds?: number;
}

/** What the design asks of each transport, requests a second. */
const rates = { http: 300, port: 500 } as const;
const warmUpSeconds = 3;

export function pipelineCommand(): Command {
  return new Command("pipeline")
    .description(
      "Signed 1.9 KB Stripe webhooks at a constant rate, to the runtime in a process of its own, traced as on AWS.",
    )
    .option("--rate <n>", "webhooks a second (default: 300 over http, 500 over message ports)", Number)
    .option("--seconds <n>", "how long", Number, 20)
    .option("--transport <kind>", "http, port or both", "both")
    .option("--json <file>", "write the figures there")
    .action(async (options: Options) => {
      const transports = options.transport === "both" ? (["http", "port"] as const) : [options.transport];
      const figures: Figures[] = [];
      for (const transport of transports) {
        const rate = options.rate ?? rates[transport];
        console.log(`${transport}: ${rate} webhooks a second for ${options.seconds} s …`);
        figures.push(...(await measure(transport, rate, options.seconds)));
      }
      print(figures);
      if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
    });
}

async function measure(transport: "http" | "port", rate: number, seconds: number): Promise<Figures[]> {
  const secretValue = { secrets: [`whsec_${randomBytes(24).toString("base64")}`] };
  const floor = await measureFloor(secretValue, rate, seconds);
  const local = await startLocalProcess(["--memory", "--transport", transport, "--traces", "rules"]);
  try {
    const value = JSON.parse(await secretOf(local)) as unknown;
    const url = `${local.apiUrl}/webhooks/stripe`;
    await applyLoad({ url, ratePerSecond: rate / 4, seconds: warmUpSeconds, webhook: createWebhooks("warm", value) });
    await local.untilIdle();
    const result = await applyLoad({ url, ratePerSecond: rate, seconds, webhook: createWebhooks("run", value) });
    const ended = performance.now();
    await local.untilIdle({ timeoutMs: 120_000 });
    const drainSeconds = (performance.now() - ended) / 1_000;
    const decisionMs = await decisionLatencies(local);
    return [
      {
        ...figuresOf(`pipeline, ${transport}`, rate, result),
        decisionMs: { p50: percentile(decisionMs, 0.5), p99: percentile(decisionMs, 0.99) },
        decided: decisionMs.length,
        drainSeconds,
      },
      floor,
    ];
  } finally {
    await local.stop();
  }
}

async function measureFloor(secretValue: { secrets: string[] }, rate: number, seconds: number): Promise<Figures> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(import.meta.dirname, "floor-server.ts"), secretValue.secrets[0] ?? ""],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const port = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
  const url = `http://127.0.0.1:${port}/`;
  const webhook = createWebhooks("floor", secretValue);
  await applyLoad({ url, ratePerSecond: rate, seconds: 1, webhook });
  const result = await applyLoad({ url, ratePerSecond: rate, seconds, webhook });
  child.kill();
  return figuresOf("floor: HMAC + JSON.parse, nothing kept", rate, result);
}

function figuresOf(what: string, ratePerSecond: number, result: LoadResult): Figures {
  return {
    what,
    ratePerSecond,
    sent: result.sent,
    failed: result.sent - (result.statuses[200] ?? 0),
    ackMs: { p50: percentile(result.latenciesMs, 0.5), p99: percentile(result.latenciesMs, 0.99) },
  };
}

const local = { region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

async function secretOf({ awsUrl }: LocalProcess): Promise<string> {
  const client = new SecretsManagerClient({ ...local, endpoint: awsUrl });
  const { SecretString } = await client.send(
    new GetSecretValueCommand({ SecretId: names("dev").providerSecret("stripe") }),
  );
  return SecretString ?? "";
}

/** Milliseconds from receipt to decision of the measured run, from the table. */
async function decisionLatencies({ awsUrl }: LocalProcess): Promise<number[]> {
  const client = new DynamoDBClient({ ...local, endpoint: awsUrl });
  const received = new Map<string, number>();
  const decided = new Map<string, number>();
  for await (const page of paginateScan({ client }, { TableName: names("dev").tables.transactions })) {
    for (const item of page.Items ?? []) {
      const { kind, eventId, receivedAt, decidedAt } = unmarshall(item) as Record<string, string>;
      if (eventId === undefined || !eventId.includes("_run_")) continue;
      if (kind === "fact") received.set(eventId, Date.parse(receivedAt ?? ""));
      if (kind === "decision") decided.set(eventId, Date.parse(decidedAt ?? ""));
    }
  }
  return [...decided].map(([eventId, at]) => at - (received.get(eventId) ?? Number.NaN));
}

function print(figures: readonly Figures[]): void {
  const ms = (value: number | undefined) => (value === undefined ? "" : value.toFixed(1));
  console.table(
    figures.map((one) => ({
      what: one.what,
      "rate/s": one.ratePerSecond,
      sent: one.sent,
      failed: one.failed,
      "ack p50 ms": ms(one.ackMs.p50),
      "ack p99 ms": ms(one.ackMs.p99),
      decided: one.decided ?? "",
      "decision p50 ms": ms(one.decisionMs?.p50),
      "decision p99 ms": ms(one.decisionMs?.p99),
      "drain s": one.drainSeconds?.toFixed(1) ?? "",
    })),
  );
}
