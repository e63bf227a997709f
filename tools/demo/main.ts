/** The demo from end to end: start, send, drain, read back, judge, tell. */
import { closeSync, openSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { names } from "../../config/names.ts";
import { type LocalProcess, startLocalProcess } from "../../local/process.ts";
import { createDemoClients } from "./clients.ts";
import { gatherEvidence } from "./evidence.ts";
import { judge } from "./judge.ts";
import { makePlan } from "./make-plan.ts";
import type { Plan } from "./plan.ts";
import { probeAlerts, setSecrets } from "./prepare.ts";
import { createProgress, type Progress } from "./progress.ts";
import { createRandom } from "./random.ts";
import { startReviewer } from "./reviewer.ts";
import { environment, type RuntimeOptions, runtimeArguments } from "./runtime-arguments.ts";
import { type SentWebhook, sendAll } from "./send.ts";
import { type DemoResult, resultOf, summary } from "./summary.ts";

interface Options extends RuntimeOptions {
  readonly count: number;
  readonly seed: number;
  readonly json?: string;
  readonly permissions: boolean;
}

/** Steps that the providers have under way at once. */
const concurrency = 24;
const drainLimitMs = 10 * 60_000;

function wholeNumber(least: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= least && number <= 2 ** 31) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least}.`);
  };
}

function command(): Command {
  return new Command("npm run demo --")
    .description("Sends signed webhooks of five providers, good and bad, and proves what became of each.")
    .option("--count <n>", "webhooks to send", wholeNumber(1), 2_000)
    .option("--seed <n>", "decides everything that is by chance", wholeNumber(0), 1)
    .option("--json <file>", "write the result there")
    .option(
      "--faults <rates>",
      "make AWS fail on purpose: seed=7,throttle=0.02,error5xx=0.01,duplicate=0.05,crash=0.01,delay=0.1",
    )
    .option("--speed <n>", "divide the waits of AWS's services by this", wholeNumber(1), 20)
    .option("--transport <kind>", "how functions reach the AWS endpoint: port or http", "port")
    .option("--dynamodb-endpoint <url>", "use this DynamoDB Local, empty, instead of the bundled emulator")
    .option("--permissions", "list all the permissions that nobody used, not only the first ones", false)
    .option("--no-build", "take the bundles and stacks that are there")
    .addHelpText(
      "after",
      "\nExit code 0: every invariant holds. 1: one doesn't, or the demo couldn't run. 2: usage." +
        "\nIn the JSON, accepted counts events, duplicates the posts of an event beyond its first, alerts the distinct alerts.",
    );
}

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const options = command().parse(args, { from: "user" }).opts<Options>();
  const began = performance.now();
  const progress = createProgress();
  let local: LocalProcess | undefined;
  try {
    // A place that can't be written to is told before the work, not after it.
    if (options.json !== undefined) closeSync(openSync(options.json, "a"));
    progress.say("Bundling, synthesizing and starting the local runtime in memory …");
    local = await startLocalProcess(runtimeArguments(options));
    const result = await run(local, options, progress, began);
    progress.say(summary(result, options));
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(publicPart(result), null, 2)}\n`);
    return result.invariants.every(({ ok }) => ok) ? 0 : 1;
  } catch (error) {
    progress.stop();
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    await local?.stop();
  }
}

async function run(local: LocalProcess, options: Options, progress: Progress, began: number): Promise<DemoResult> {
  const clients = createDemoClients(local.awsUrl);
  const stackNames = names(environment);
  const random = createRandom(options.seed);
  const secrets = await setSecrets(clients, stackNames, random);
  const probeUrl = await probeAlerts(clients, stackNames);
  const plan: Plan = makePlan({ count: options.count, seed: options.seed, startMs: Date.now() });
  const reviewer = startReviewer(clients, stackNames);

  progress.begin("sending", plan.webhooks.length);
  const sendingBegan = performance.now();
  const sent: SentWebhook[] = await sendAll(plan.steps, {
    apiUrl: local.apiUrl,
    secrets,
    concurrency,
    onSent: () => progress.advance(),
  });
  const sendingMs = performance.now() - sendingBegan;

  progress.begin("draining", 1);
  const drain = () =>
    local.untilIdle({
      timeoutMs: drainLimitMs,
      onStatus: (status) => {
        const queued = Object.values(status.queues).reduce((sum, { ready, inFlight }) => sum + ready + inFlight, 0);
        progress.remaining(queued + status.deliveries + status.executions);
      },
    });
  do await drain();
  while ((await reviewer.open()) > 0);
  await drain();
  await reviewer.stop();
  progress.stop();

  const [evidence, permissions, faults] = [
    await gatherEvidence(clients, stackNames, probeUrl),
    await local.permissions(),
    await local.faults(),
  ];
  const deniedCalls = permissions.denied.map(({ reason }) => reason);
  const judgement = judge({ plan, sent, evidence, reviewed: reviewer.answered(), deniedCalls });
  return resultOf({ sent, evidence, judgement, permissions, faults, sendingMs, ms: performance.now() - began });
}

/** What the help promises for `--json`. */
function publicPart({ unused, faults, sendingMs, resent, ...result }: DemoResult): object {
  return result;
}
