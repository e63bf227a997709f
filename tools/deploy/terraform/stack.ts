/** What is done with one stack: prepare, plan, apply, read its outputs. Each failure is explained and names the log. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as v from "valibot";
import { DeployError } from "../deploy-error.ts";
import type { Interrupts } from "../interrupts.ts";
import type { StackFolder } from "../stacks.ts";
import { explainFailure } from "./explain.ts";
import { type Diagnostic, errorsOf, type PlannedChange } from "./messages.ts";
import type { Terraform } from "./run.ts";
import { type RecordedState, readState } from "./state.ts";

export interface Plan {
  readonly stack: StackFolder;
  /** False where nothing is to be done; a change of an output alone counts as one. */
  readonly hasChanges: boolean;
  readonly changes: readonly PlannedChange[];
  /** What `apply` takes. */
  readonly file: string;
}

export interface StackTerraform {
  /** Gets the provider and finds the state. @throws DeployError */
  initialize(stack: StackFolder): Promise<void>;
  /** After `initialize`. @throws DeployError */
  recordedState(stack: StackFolder): Promise<RecordedState>;
  /**
   * Lets the next plan complete resources whose creation was cut off. Terraform itself would destroy and replace them,
   * and refuse to where they hold data. After `initialize`.
   * @throws DeployError
   */
  complete(stack: StackFolder, addresses: readonly string[]): Promise<void>;
  /** After `initialize`. @throws DeployError */
  plan(stack: StackFolder, purpose: "deploy" | "destroy"): Promise<Plan>;
  /**
   * Does what was planned. `onProgress` hears how many of the plan's changes are made.
   * @throws DeployError, after Terraform has written down what it did
   */
  apply(plan: Plan, onProgress: (made: number, of: number) => void): Promise<void>;
  /** Value of a text output; undefined where the stack has none of that name. After `initialize`. */
  output(stack: StackFolder, name: string): Promise<string | undefined>;
}

export interface StackTerraformOptions {
  readonly terraform: Terraform;
  /** The project's root; logs go to `<root>/dist/deploy`. */
  readonly root: string;
  readonly interrupts: Interrupts;
  /** Directory with the provider, as in Terraform's own plugin directories. */
  readonly pluginDirectory?: string | undefined;
  /** Epoch milliseconds. */
  now(): number;
}

const outputSchema = v.record(v.string(), v.object({ value: v.unknown() }));

/** With the means to end. */
interface EndingStackTerraform extends StackTerraform {
  /** Removes the plans that weren't applied. */
  discardPlans(): void;
}

export function createStackTerraform(options: StackTerraformOptions): EndingStackTerraform {
  const { terraform, root, interrupts, pluginDirectory, now } = options;
  const folder = join(root, "dist/deploy");
  const begun = new Set<string>();
  const plans = new Set<string>();

  function logOf({ name }: StackFolder): string {
    const file = join(folder, `${name}.log`);
    if (!begun.has(name)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `${new Date(now()).toISOString()} ${name}\n`);
      begun.add(name);
    }
    return file;
  }

  async function run(stack: StackFolder, args: readonly string[], hear: Hearing = {}): Promise<string> {
    interrupts.throwIfRequested();
    const { isSecret = false, good = [0], ...heard } = hear;
    const errors: Diagnostic[] = [];
    const log = logOf(stack);
    const { code, stdout, stderr } = await terraform.run({
      directory: stack.directory,
      args,
      ...(isSecret ? {} : { log }),
      onMessage(message) {
        if (message.kind === "error") errors.push(message.diagnostic);
        if (message.kind === "planned") heard.onPlanned?.(message.change);
        if (message.kind === "applied") heard.onApplied?.();
      },
    });
    if (good.includes(code)) return code === 2 ? "changes" : stdout;
    interrupts.throwIfRequested();
    const output = isSecret ? stderr : `${stdout}${stderr}`;
    throw explainFailure({
      stack,
      program: terraform.program,
      errors: errors.length > 0 ? errors : errorsOf(output),
      output,
      log: relative(root, log),
      nowMs: now(),
    });
  }

  return {
    async initialize(stack) {
      const plugins = pluginDirectory === undefined ? [] : [`-plugin-dir=${pluginDirectory}`];
      await run(stack, ["init", "-input=false", "-no-color", ...plugins]);
    },
    async recordedState(stack) {
      const text = await run(stack, ["state", "pull"], { isSecret: true });
      return readState(text);
    },
    async complete(stack, addresses) {
      for (const address of addresses) await run(stack, ["untaint", "-no-color", address]);
    },
    async plan(stack, purpose) {
      const file = join(folder, `${stack.name}.tfplan`);
      logOf(stack);
      // A plan holds every value that it would set. Terraform keeps the mode of a file that is there.
      rmSync(file, { force: true });
      plans.add(file);
      writeFileSync(file, "", { mode: 0o600 });
      const changes: PlannedChange[] = [];
      const mode = purpose === "destroy" ? ["-destroy"] : [];
      const ended = await run(stack, ["plan", "-json", "-input=false", "-detailed-exitcode", `-out=${file}`, ...mode], {
        good: [0, 2],
        onPlanned: (change) => changes.push(change),
      });
      return { stack, hasChanges: ended === "changes", changes, file };
    },
    async apply({ stack, changes, file }, onProgress) {
      let made = 0;
      const onApplied = () => {
        made += 1;
        onProgress(made, operationsOf(changes));
      };
      try {
        await run(stack, ["apply", "-json", "-input=false", file], { onApplied });
      } catch (error) {
        if (!(error instanceof DeployError)) throw error;
        const done = `${made} of ${operationsOf(changes)} changes of ${stack.name} are made and recorded.`;
        throw new DeployError(error.code, `${error.message}\n${done}`, { cause: error });
      } finally {
        rmSync(file, { force: true });
      }
    },
    discardPlans() {
      for (const file of plans) rmSync(file, { force: true });
    },
    async output(stack, name) {
      const text = await run(stack, ["output", "-json"], { isSecret: true });
      const value = v.parse(outputSchema, JSON.parse(text))[name]?.value;
      return typeof value === "string" ? value : undefined;
    },
  };
}

interface Hearing {
  /** Its output holds values that belong in no log. */
  readonly isSecret?: boolean;
  /** Exit codes of a good end. */
  readonly good?: readonly number[];
  onPlanned?(change: PlannedChange): void;
  onApplied?(): void;
}

/** What Terraform counts when it applies: a replacement is a deletion and a creation. */
function operationsOf(changes: readonly PlannedChange[]): number {
  return changes.reduce((sum, { action }) => sum + (action === "replace" ? 2 : 1), 0);
}

/** "3 to add, 1 to change, 2 to destroy", as Terraform counts them. */
export function countsOf(changes: readonly PlannedChange[]): Counts {
  const count = (...actions: readonly string[]) => changes.filter(({ action }) => actions.includes(action)).length;
  return { add: count("create", "replace"), change: count("update"), remove: count("delete", "replace") };
}

export interface Counts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}
