import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import * as v from "valibot";
import { prices } from "../../config/prices.ts";
import { durationText, secondsSince } from "../../lambdas/shared/report/time.ts";
import { Exact } from "../cost/exact.ts";
import { infrastructureOf, withAlertSubscribers } from "../cost/infrastructure.ts";
import { type Recording, recordingSchema } from "../cost/recording.ts";
import { reportJson, reportOf } from "../cost/report.ts";
import { reportText } from "../cost/report-text.ts";
import { parseShape, type Shape } from "../cost/shape.ts";
import { readStacks, type Stacks } from "../cost/stacks.ts";
import { DeployError } from "../deploy/deploy-error.ts";
import { projectRoot, synthesize } from "../deploy/synthesize.ts";
import type { CommonOptions, Surroundings } from "./context.ts";
import { type CommandResult, failed, type Usage, usage } from "./result.ts";

interface CostOptions extends CommonOptions {
  readonly env: string;
  readonly eventsPerMonth: Exact;
  readonly shape?: string;
  readonly calls: string;
  readonly stacks?: string;
}

/** `cli cost`: what a month will cost, before anything is deployed. Asks nothing of AWS. */
export const costCommand = {
  isOnItsOwn: true,
  describe: (command: Command): Command =>
    command
      .description("Say what a month on AWS will cost, from the synthesized stacks and the demo's recorded calls.")
      .requiredOption("--env <name>", "environment whose stacks are priced, as config/ and stacks/ have them now")
      .requiredOption("--events-per-month <n>", "accepted events, such as 250000 or 10e6", eventsArgument)
      .option("--shape <file>", "JSON with what a month's events look like, as far as it isn't as in default-shape.ts")
      .option(
        "--calls <file>",
        'calls that "npm run demo -- --calls <file>" recorded',
        "tools/cost/recorded-calls.json",
      )
      .option("--stacks <directory>", "price what was synthesized before, such as cdktf.out/stacks, instead")
      .option("--json", "print JSON on standard output")
      .addHelpText(
        "after",
        `
Prices: config/prices.ts. Assumptions, each with its reason: tools/cost/default-shape.ts. A shape names what differs:
  { "tiers": { "low": 0.8, "medium": 0.16 }, "bodyBytes": 4000, "keptDays": { "transactions": 90 } }`,
      ),
  examples: [
    "cost --env prod --events-per-month 10e6",
    "cost --env dev --events-per-month 50000 --shape our-shape.json --json",
  ],
  async run(surroundings: Surroundings, options: CostOptions): Promise<CommandResult> {
    const shape = shapeIn(options.shape);
    if (shape.kind === "usage") return shape;
    const recording = recordingIn(options.calls);
    if (recording.kind === "usage") return recording;
    const found = await stacksOf(surroundings, options);
    if (found.kind !== "stacks") return found;
    const { stacks } = found;
    const priceList = prices[stacks.region];
    if (priceList === undefined) {
      const known = Object.keys(prices).join(", ");
      return failed(`config/prices.ts has no prices for ${stacks.region}, only for ${known}. Add them there.`);
    }
    const report = reportOf(stacks, {
      infrastructure: withAlertSubscribers(infrastructureOf(stacks), shape.value.alertSubscribers),
      shape: shape.value,
      recording: recording.value,
      prices: priceList,
      events: options.eventsPerMonth,
    });
    const recordedBy = recording.value.writtenBy;
    const text = reportText(report, { width: surroundings.width, recordedBy });
    return { kind: "done", text, json: reportJson(report, recordedBy) };
  },
};

/** Beyond a trillion the arithmetic would still hold, and nothing else would. */
function eventsArgument(value: string): Exact {
  const isNumber = /^\d+(\.\d+)?(e\d{1,2})?$/i.test(value);
  const events = isNumber ? Exact.of(value) : Exact.zero;
  const isWhole = !events.isBelow(events.ceil());
  if (!isWhole || events.isZero() || Exact.of("1e12").isBelow(events)) {
    throw new InvalidArgumentError("Give a whole number from 1 to 1e12, such as 250000 or 2.5e6.");
  }
  return events;
}

type Read<T> = { readonly kind: "read"; readonly value: T } | Usage;

function shapeIn(file: string | undefined): Read<Shape> {
  if (file !== undefined && !existsSync(file)) return usage(`There is no file ${file}.`);
  const result = parseShape(file === undefined ? "{}" : readFileSync(file, "utf8"));
  if (result.kind === "shape") return { kind: "read", value: result.shape };
  return usage(`${file} is no shape: ${result.problems.join("; ")}.`);
}

function recordingIn(file: string): Read<Recording> {
  if (!existsSync(file)) return usage(`There is no file ${file}. Write it with: npm run demo -- --calls ${file}`);
  const result = v.safeParse(recordingSchema, parsed(readFileSync(file, "utf8")));
  if (result.success) return { kind: "read", value: result.output };
  const [first] = result.issues;
  const place = v.getDotPath(first) ?? "its content";
  return usage(`${file} is no recording: ${place}: ${first.message}. Write it anew: npm run demo -- --calls ${file}`);
}

/** Undefined for what is no JSON: no schema takes it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

type Found = { readonly kind: "stacks"; readonly stacks: Stacks } | CommandResult;

async function stacksOf(surroundings: Surroundings, { env, stacks: folder }: CostOptions): Promise<Found> {
  try {
    const stacks = folder === undefined ? await synthesized(env, surroundings) : readStacks(folder, env);
    if (stacks === undefined) return usage(`There are no stacks of ${env} in ${folder ?? "the synthesis"}.`);
    if (folder !== undefined) {
      const ageSeconds = secondsSince(stacks.synthesizedAt.toISOString(), surroundings.now());
      surroundings.err(`Pricing the stacks in ${folder}, which were synthesized ${durationText(ageSeconds)} ago.`);
    }
    return { kind: "stacks", stacks };
  } catch (error) {
    if (error instanceof DeployError) return usage(error.message);
    return failed(error instanceof Error ? error.message : String(error));
  }
}

/** The environment as it is now, in a folder of its own: what lies in cdktf.out may be old, and is somebody else's. */
async function synthesized(env: string, { variables, err }: Surroundings): Promise<Stacks | undefined> {
  const output = mkdtempSync(join(tmpdir(), "cost-"));
  try {
    const said = await synthesize(projectRoot, env, variables, output);
    if (said !== "") err(said);
    return readStacks(join(output, "stacks"), env);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
