/** The demo from end to end: start, send, drain, read back, judge, tell. */
import { closeSync, openSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { names } from "../../config/names.ts";
import { usedOnlyOnAws } from "../../config/permissions.ts";
import { type LocalProcess, startLocalProcess } from "../../local/process.ts";
import type { Recording } from "../cost/recording.ts";
import { createDemoClients } from "./clients.ts";
import { gatherEvidence } from "./evidence.ts";
import { sendHopeless } from "./hopeless.ts";
import { judge } from "./judge.ts";
import { makePlan } from "./make-plan.ts";
import { permissionProblems, takesEveryWay } from "./permissions.ts";
import { phasesOf } from "./phases.ts";
import type { Plan } from "./plan.ts";
import { probeAlerts, setSecrets } from "./prepare.ts";
import { createProgress, type Progress } from "./progress.ts";
import { createRandom } from "./random.ts";
import { createCallRecorder } from "./record-calls.ts";
import { startReviewer } from "./reviewer.ts";
import { environment, type RuntimeOptions, runtimeArguments } from "./runtime-arguments.ts";
import { type SendOptions, type SentWebhook, sendAll } from "./send.ts";
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
    .addOption(
      new Option(
        "--calls <file>",
        "send each kind of event by itself and write there what it made the pipeline do, for npm run cli -- cost",
      ).conflicts("faults"),
    )
    .option("--permissions", "list the permissions that this run did not use, and why they are there", false)
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
    for (const file of [options.json, options.calls]) if (file !== undefined) closeSync(openSync(file, "a"));
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
  const sending: SendOptions = { apiUrl: local.apiUrl, secrets, concurrency, onSent: () => progress.advance() };
  const drain = () =>
    local.untilIdle({
      timeoutMs: drainLimitMs,
      onStatus: (status) => {
        const queued = Object.values(status.queues).reduce((sum, { ready, inFlight }) => sum + ready + inFlight, 0);
        progress.remaining(queued + status.deliveries + status.executions);
      },
    });
  const drainAll = async () => {
    progress.begin("draining", 1);
    do await drain();
    while ((await reviewer.open()) > 0);
    await drain();
  };

  const sent: SentWebhook[] = [];
  let sendingMs = 0;
  const send = async (steps: Plan["steps"], what: string) => {
    progress.begin(what, steps.flat().length);
    const began = performance.now();
    const answers = await sendAll(steps, sending);
    sendingMs += performance.now() - began;
    sent.push(...answers);
    await drainAll();
    return answers;
  };
  if (options.calls === undefined) await send(plan.steps, "sending");
  else {
    const recorder = await createCallRecorder(local, clients, { environment, reviewer });
    const kinds: Partial<Recording["kinds"]> = {};
    for (const { kind, steps } of phasesOf(plan))
      kinds[kind] = await recorder.next(await send(steps, `sending ${kind}`));
    const writtenBy = `npm run demo -- --count ${options.count} --seed ${options.seed} --calls ${options.calls}`;
    writeFileSync(options.calls, `${JSON.stringify({ writtenBy, kinds }, null, 2)}\n`);
  }
  // Last, so that whoever counts calls per event has counted before them.
  const hopeless = await sendHopeless(clients, stackNames, random);
  await drain();
  await reviewer.stop();
  progress.stop();

  const [evidence, permissions, faults] = [
    await gatherEvidence(clients, stackNames, probeUrl),
    await local.permissions(),
    await local.faults(),
  ];
  const deniedCalls = permissions.denied.map(({ reason }) => reason);
  const judgement = judge({
    ...{ plan, sent, evidence, hopeless, deniedCalls },
    reviewed: reviewer.answered(),
    ...(takesEveryWay(plan) && { permissionProblems: permissionProblems(permissions, usedOnlyOnAws) }),
  });
  return resultOf({ sent, evidence, judgement, permissions, faults, sendingMs, ms: performance.now() - began });
}

/** What the help promises for `--json`. */
function publicPart({ unused, faults, sendingMs, resent, ...result }: DemoResult): object {
  return result;
}
