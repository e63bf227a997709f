/** Sends what is planned and waits until everything is worked off, reviews included; then what can never be. */
import type { Names } from "../../config/names.ts";
import type { LocalProcess } from "../../local/process.ts";
import type { Recording } from "../cost/recording.ts";
import type { DemoClients } from "./clients.ts";
import type { Options } from "./command.ts";
import { type HopelessMessage, sendHopeless } from "./hopeless.ts";
import { isLate } from "./make-plan.ts";
import { phasesOf } from "./phases.ts";
import type { Plan, Step } from "./plan.ts";
import type { Progress } from "./progress.ts";
import type { Random } from "./random.ts";
import { createCallRecorder } from "./record-calls.ts";
import type { Reviewer } from "./reviewer.ts";
import { environment } from "./runtime-arguments.ts";
import { type SendOptions, type SentWebhook, sendAll } from "./send.ts";

export interface Stage {
  readonly local: LocalProcess;
  readonly clients: DemoClients;
  readonly names: Names;
  readonly random: Random;
  readonly reviewer: Reviewer;
  readonly secrets: SendOptions["secrets"];
  readonly progress: Progress;
}

export interface Played {
  readonly sent: readonly SentWebhook[];
  /** Messages that no part of the pipeline can work on. */
  readonly hopeless: readonly HopelessMessage[];
  readonly sendingMs: number;
  /** What each kind of event made the pipeline do, where that is counted. */
  readonly kinds?: Recording["kinds"];
}

/** Steps that the providers have under way at once. */
const concurrency = 24;
const drainLimitMs = 10 * 60_000;

export async function play(stage: Stage, plan: Plan, options: Options): Promise<Played> {
  const { local, progress, secrets } = stage;
  const sending: SendOptions = { apiUrl: local.apiUrl, secrets, concurrency, onSent: () => progress.advance() };
  const sent: SentWebhook[] = [];
  let sendingMs = 0;

  async function send(steps: readonly Step[], what: string): Promise<readonly SentWebhook[]> {
    progress.begin(what, steps.flat().length);
    const began = performance.now();
    const answers = await sendAll(steps, sending);
    sendingMs += performance.now() - began;
    sent.push(...answers);
    await drain(stage);
    return answers;
  }

  let kinds: Recording["kinds"] | undefined;
  if (options.calls === undefined) {
    const onTime = plan.steps.filter((step) => !isLate(step));
    await send(onTime, "sending");
    await send(plan.steps.filter(isLate), "sending the last");
  } else kinds = await record(stage, plan, send);
  // When all else is done, so that whoever counts what an event makes the pipeline do has counted before them.
  const hopeless = await sendHopeless(stage.clients, stage.names, stage.random);
  await drain(stage);
  return { sent, hopeless, sendingMs, ...(kinds && { kinds }) };
}

/** Resolves when everything is worked off, reviews included. */
export async function drain({ local, progress, reviewer }: Stage): Promise<void> {
  const untilIdle = () =>
    local.untilIdle({
      timeoutMs: drainLimitMs,
      onStatus: (status) => {
        const queued = Object.values(status.queues).reduce((sum, { ready, inFlight }) => sum + ready + inFlight, 0);
        progress.remaining(queued + status.deliveries + status.executions);
      },
    });
  progress.begin("draining", 1);
  do await untilIdle();
  while ((await reviewer.open()) > 0);
  await untilIdle();
}

/** One kind of event after the other, and what each made the pipeline do. */
async function record(
  { local, clients, reviewer }: Stage,
  plan: Plan,
  send: (steps: readonly Step[], what: string) => Promise<readonly SentWebhook[]>,
): Promise<Recording["kinds"]> {
  const recorder = await createCallRecorder(local, clients, { environment, reviewer });
  const kinds: Partial<Recording["kinds"]> = {};
  for (const { kind, steps } of phasesOf(plan)) kinds[kind] = await recorder.next(await send(steps, `sending ${kind}`));
  return kinds as Recording["kinds"];
}
