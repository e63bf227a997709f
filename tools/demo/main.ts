/** The demo from end to end: start, send, drain, reconcile, archive, read back, judge, tell. */
import { writeFileSync } from "node:fs";
import { names } from "../../config/names.ts";
import { usedOnlyOnAws } from "../../config/permissions.ts";
import { type LocalProcess, startLocalProcess } from "../../local/process.ts";
import type { Recording } from "../cost/recording.ts";
import { sealAndAudit } from "./archive.ts";
import { createDemoClients } from "./clients.ts";
import { type Options, optionsIn } from "./command.ts";
import { gatherEvidence, splitEvidence } from "./evidence.ts";
import { judge } from "./judge.ts";
import { makePlan } from "./make-plan.ts";
import { permissionProblems, takesEveryWay } from "./permissions.ts";
import type { Plan } from "./plan.ts";
import { drain, play, type Stage } from "./play.ts";
import { probeAlerts, probeNames, setSecrets } from "./prepare.ts";
import { createProgress, type Progress } from "./progress.ts";
import { createRandom } from "./random.ts";
import { reconcileBooks } from "./reconciliation.ts";
import { recordArchive } from "./record-archive.ts";
import { startReviewer } from "./reviewer.ts";
import { environment, runtimeArguments, scheduledFaults } from "./runtime-arguments.ts";
import { type DemoResult, resultOf, summary } from "./summary.ts";
import { sweepUp } from "./sweeps.ts";

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsIn(args);
  if (typeof options === "number") return options;
  const began = performance.now();
  const progress = createProgress();
  let local: LocalProcess | undefined;
  try {
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
  await probeAlerts(clients, stackNames);
  const plan = makePlan({ count: options.count, seed: options.seed, startMs: Date.now() });
  const reviewer = startReviewer(clients, stackNames);
  const stage = { local, clients, names: stackNames, random, reviewer, secrets, progress };
  const { sent, hopeless, sendingMs, kinds, reconciliation, sweeps } = await work(stage, plan, options);
  progress.begin("archiving", 1);
  const archive = await sealAndAudit(stage);
  progress.stop();
  if (kinds !== undefined) writeRecording(options, { kinds, archive: await recordArchive(stage, archive) });

  const [evidence, permissions, faults, calls] = [
    await gatherEvidence(clients, stackNames, probeNames),
    await local.permissions(),
    await local.faults(),
    await local.calls(),
  ];
  const { some: ofStandIn, others } = splitEvidence(evidence, reconciliation.eventIds);
  const judgement = judge({
    plan,
    sent,
    evidence: others,
    reconciliation,
    ofStandIn,
    sweeps,
    secrets,
    archive,
    hopeless,
    reviewed: new Map([...reviewer.answered()].filter(([eventId]) => !reconciliation.eventIds.has(eventId))),
    calls: Object.values(calls).reduce((sum, count) => sum + count, 0),
    deniedCalls: permissions.denied.map(({ reason }) => reason),
    ...(takesEveryWay(plan) && {
      grants: {
        count: permissions.used.length + permissions.unused.length,
        problems: permissionProblems(permissions, usedOnlyOnAws),
      },
    }),
    ...(options.faults === undefined
      ? {}
      : { scheduledFaults: { planned: scheduledFaults.length, struck: faults.scheduled } }),
  });
  return resultOf({ sent, evidence: others, judgement, permissions, faults, sendingMs, ms: performance.now() - began });
}

function writeRecording(
  { count, seed, calls = "" }: Options,
  { kinds, archive }: Pick<Recording, "kinds" | "archive">,
): void {
  const writtenBy = `npm run demo -- --count ${count} --seed ${seed} --calls ${calls}`;
  writeFileSync(calls, `${JSON.stringify({ writtenBy, kinds, archive }, null, 2)}\n`);
}

/** All for which the reviewer has to be there. */
async function work(stage: Stage, plan: Plan, options: Options) {
  const untilIdle = () => drain(stage);
  try {
    const played = await play(stage, plan, options);
    stage.progress.begin("reconciling", 1);
    const reconciliation = await reconcileBooks(stage, { sent: played.sent, seed: options.seed, untilIdle });
    stage.progress.begin("sweeping", 1);
    return { ...played, reconciliation, sweeps: await sweepUp(stage, untilIdle) };
  } finally {
    await stage.reviewer.stop();
  }
}

/** What the help promises for `--json`. */
function publicPart({ unused, faults, sendingMs, resent, ...result }: DemoResult): object {
  return result;
}
