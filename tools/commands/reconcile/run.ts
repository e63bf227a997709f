import { type Command, InvalidArgumentError, Option } from "commander";
import { type LedgerProvider, ledgerProviders } from "../../../config/reconciliation.ts";
import type { Target } from "../../aws/target.ts";
import { createReports, keyOfRun } from "../../reconciliation/reports.ts";
import { endOfRun, type RunEnd, type RunOrder, startRun } from "../../reconciliation/runs.ts";
import { bucketOf, inWords, s3Of } from "../archive/on-archive.ts";
import { type CommonOptions, consent, onTarget, type Surroundings } from "../context.ts";
import { type Hint, hintFor } from "../hint.ts";
import { interruptible } from "../interruptible.ts";
import type { Moment } from "../moment.ts";
import { type CommandResult, failed, usage } from "../result.ts";
import { momentArgument } from "../times.ts";
import { type FailOn, failOnChoices, objectionTo } from "./fail-on.ts";
import { reportText } from "./report-text.ts";
import { stopped, untilEnd } from "./wait-for-end.ts";

interface RunOptions extends CommonOptions {
  readonly from?: Moment;
  readonly to?: Moment;
  readonly provider?: readonly LedgerProvider[];
  readonly wait?: boolean;
  /** Seconds. */
  readonly waitLimit: number;
  readonly failOn: FailOn;
  readonly bucket?: string;
  readonly yes?: boolean;
}

/** A run has four hours. */
const longestWaitSeconds = 4 * 60 * 60;

const details = `
A day as --from begins at 00:00 UTC, as --to it is included. A run that has put something into the queue waits two minutes
before it looks what became of it. Ctrl-C ends --wait with 130, and the run goes on.

Exit codes with --wait: 0 the run has ended, nothing as bad as --fail-on is open, from whatever run, and all was checked;
1 something is, or a part could not be checked, or the run failed or still runs; 2 wrong use. With --fail-on never what is
open or unchecked is told and fails nothing. Without --wait, 0 is a run that has begun.`;

/** `cli reconcile run`: a run now, beside the one of every night. */
export const reconcileRunCommand = {
  describe: (command: Command): Command =>
    command
      .description("Compare the providers' books with ours now. What was missed is put into the queue, as every night.")
      .option(
        "--from <time>",
        "look from then on, a day or a time in UTC (default: where all was checked, and an overlap)",
        momentArgument,
      )
      .option("--to <time>", "look until then, that day included (default: some minutes ago)", momentArgument)
      .option("--provider <name>", `one of ${ledgerProviders.join(", ")}; repeat it for more (default: all)`, collect)
      .option("--wait", "wait for the end, and show the report")
      .option("--wait-limit <seconds>", "how long to wait at the most", seconds, longestWaitSeconds)
      .addOption(
        new Option("--fail-on <severity>", "with --wait: the mildest open discrepancy that fails the command")
          .choices(failOnChoices)
          .default("critical"),
      )
      .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)")
      .option("--yes", "don't ask before running in AWS")
      .addHelpText("after", details),
  examples: ["reconcile run --wait --local", "reconcile run --from 2026-11-18T00:00:00Z --provider stripe --env prod"],
  async run(surroundings: Surroundings, options: RunOptions): Promise<CommandResult> {
    const { provider: providers } = options;
    const nowMs = surroundings.now();
    const from = options.from?.fromMs;
    // What is still to come can't be compared, today's rest for one.
    const to = options.to && Math.min(options.to.toMs, nowMs);
    if (from !== undefined && from >= (to ?? nowMs)) return usage("--from has to be before --to, and before now.");
    return onTarget(surroundings, options, async ({ target, clients }) => {
      const isGiven = options.yes === true || target.isLocal;
      const obstacle = await consent(target.settings.name, "Compare, and re-enter what was missed", {
        ask: surroundings.ask,
        isGiven,
      });
      if (obstacle !== undefined) return obstacle;
      const order: RunOrder = {
        scheduledAt: isoOf(surroundings.now()),
        ...(from !== undefined && { from: isoOf(from) }),
        ...(to !== undefined && { to: isoOf(to) }),
        ...(providers && { providers }),
      };
      const hint = hintFor(options);
      const started = await startRun(clients.states, target.names, order);
      if (started.kind === "taken") return failed("A run has begun in this very second: wait for it, or try again.");
      if (started.kind === "no-state-machine") {
        return failed(`There is no state machine ${started.name}: deploy the environment first.`);
      }
      const { executionArn } = started;
      if (options.wait !== true) {
        const text = `Begun: ${executionArn}\nIts report comes with: ${hint("reconcile", "report")}`;
        return { kind: "done", json: { executionArn, ...order }, text };
      }
      surroundings.err(`Begun: ${executionArn}`);
      const waiting: Waiting = { executionArn, options, target, hint };
      const end = await interruptible(surroundings, (isStopped) => {
        const { waitLimit: limitSeconds } = options;
        const ask = () => endOfRun(clients.states, executionArn);
        return untilEnd(surroundings, ask, { limitSeconds, isLocal: target.isLocal, isStopped });
      });
      return end === "stopped" ? stopped(waiting) : ended(surroundings, end, waiting);
    });
  },
};

interface Waiting {
  readonly executionArn: string;
  readonly options: RunOptions;
  readonly target: Target;
  readonly hint: Hint;
}

async function ended(
  { out }: Pick<Surroundings, "out">,
  end: RunEnd,
  { executionArn, options, target, hint }: Waiting,
): Promise<CommandResult> {
  if (end.kind === "running") {
    return failed(`It still runs: ${executionArn}. Its report comes with: ${hint("reconcile", "report")}`);
  }
  if (end.kind === "failed") {
    return failed(`The run ended as ${end.status}: ${end.error}, ${end.cause}`, { executionArn, ...end });
  }
  return inWords(async () => {
    const key = keyOfRun(end.runId);
    const reports = createReports(s3Of(target), await bucketOf(target, options.bucket));
    const report = key === undefined ? undefined : await reports.read(key);
    if (report === undefined) return failed(`The run ${end.runId} succeeded, and there is no report of it.`);
    const text = reportText(report);
    const objection = objectionTo(report, options.failOn);
    if (objection === undefined) return { kind: "done", json: report, text };
    if (options.json !== true) out(text);
    const see = objection.see === "list" ? hint("reconcile", "list") : hint("reconcile", "report", "--run", end.runId);
    return failed(`${objection.text} See: ${see}`, report);
  });
}

/** With milliseconds, as the reconciliation's contract has it. */
function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function seconds(text: string): number {
  const given = Number(text);
  if (Number.isInteger(given) && given > 0 && given <= longestWaitSeconds) return given;
  throw new InvalidArgumentError(`Give whole seconds, 1 to ${longestWaitSeconds}.`);
}

function collect(text: string, before: readonly LedgerProvider[] = []): readonly LedgerProvider[] {
  const provider = ledgerProviders.find((each) => each === text);
  if (provider === undefined) throw new InvalidArgumentError(`Choose one of: ${ledgerProviders.join(", ")}.`);
  return before.includes(provider) ? before : [...before, provider];
}
