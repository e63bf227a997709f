/**
 * One deployment from beginning to end: checks, synthesis, account and registry, images, the other stacks in the order
 * of their dependencies. Idempotent: run again after a failure it goes on where it stopped, since each stack's plan
 * holds only what is left.
 */
import type { EnvironmentSettings } from "../../config/environments.ts";
import { checkStateAccount } from "./account.ts";
import { DeployError } from "./deploy-error.ts";
import { type Images, registryHost } from "./images.ts";
import type { Interrupts } from "./interrupts.ts";
import { lossesOf } from "./losses.ts";
import type { Progress } from "./progress.ts";
import { checkDigests, readStacks, type StackFolder, wavesOf } from "./stacks.ts";
import { type Counts, countsOf, type Plan, type StackTerraform } from "./terraform/stack.ts";

export interface RollOutRequest {
  readonly settings: EnvironmentSettings;
  readonly root: string;
  /** Of the credentials. */
  readonly account: string;
  /** "skip" takes the digest map that is there. */
  readonly images: "build" | "skip";
  /** Functions without an image are let through: a server that stands in for AWS doesn't look. */
  readonly allowsPlaceholder: boolean;
}

export interface RollOutPorts {
  readonly stackTerraform: StackTerraform;
  readonly images: Images;
  readonly progress: Progress;
  readonly interrupts: Interrupts;
  /** Gives what was said besides. */
  synthesize(): Promise<string>;
  /** Whether data may go. @throws DeployError "data-loss" when it may not */
  agreeToLosses(losses: readonly string[]): Promise<void>;
}

export interface RolledOut {
  readonly stacks: readonly ({ readonly name: string } & Counts)[];
  /** Functions whose image was pushed; undefined where no images were built. */
  readonly pushed?: readonly string[];
  readonly webhookApiUrl?: string | undefined;
}

/** Capabilities that the images need; the others need the images. */
const beforeImages: ReadonlySet<string> = new Set(["account", "registry"]);

/** @throws DeployError; after the first applied stack its message says what is done and how to go on */
export async function rollOut(request: RollOutRequest, ports: RollOutPorts): Promise<RolledOut> {
  const { settings, root, account, images, allowsPlaceholder } = request;
  const { progress, interrupts, stackTerraform } = ports;
  const done: ({ readonly name: string } & Counts)[] = [];

  async function synthesized(checked: boolean): Promise<readonly StackFolder[]> {
    interrupts.throwIfRequested();
    let said = "";
    const task = async () => {
      said = await ports.synthesize();
      const stacks = readStacks(root, settings.name);
      if (checked && !allowsPlaceholder) checkDigests(stacks, settings.name);
      return { text: `${stacks.length} stacks`, value: stacks };
    };
    const [stacks = []] = await progress.run([{ title: "Synthesize", run: task }], "in turn");
    if (said !== "") progress.say(said);
    return stacks;
  }

  async function deploy(stacks: readonly StackFolder[]): Promise<void> {
    for (const wave of wavesOf(stacks)) {
      const plans = await progress.run(
        wave.map((stack) => ({ title: `Plan ${stack.name}`, run: () => planned(stack, request, ports) })),
        "in turn",
      );
      const losses = plans.flatMap(({ changes }) => lossesOf(changes));
      if (losses.length > 0) await ports.agreeToLosses(losses);
      interrupts.throwIfRequested();
      const open = plans.filter(({ hasChanges }) => hasChanges);
      done.push(...plans.filter((plan) => !open.includes(plan)).map(counted));
      await progress.run(
        open.map((plan) => ({
          title: `Apply ${plan.stack.name}`,
          run: async (tell: (text: string) => void) => {
            await stackTerraform.apply(plan, (made, of) => tell(`${made} of ${of} changes`));
            done.push(counted(plan));
            return { text: "done", value: undefined };
          },
        })),
        "together",
      );
    }
  }

  let stacks: readonly StackFolder[] = [];
  try {
    stacks = await synthesized(images === "skip");
    await deploy(stacks.filter(({ capability }) => beforeImages.has(capability)));
    const pushed = images === "build" ? await publish(ports, settings, account) : undefined;
    // The digests of new images are in the stacks only after another synthesis.
    if (pushed !== undefined) stacks = await synthesized(true);
    await deploy(stacks.filter(({ capability }) => !beforeImages.has(capability)));
    const webhookApiUrl = await findWebhookApiUrl(stacks, stackTerraform);
    const inOrder = stacks.flatMap(({ name }) => done.filter((one) => one.name === name));
    return { stacks: inOrder, webhookApiUrl, ...(pushed === undefined ? {} : { pushed }) };
  } catch (error) {
    throw halfWay(error, { interrupts, done: done.map(({ name }) => name), all: stacks.map(({ name }) => name) });
  }
}

/** Prepares and plans one stack. */
async function planned(stack: StackFolder, { account }: RollOutRequest, { stackTerraform }: RollOutPorts) {
  await stackTerraform.initialize(stack);
  const { accountId, cutOff } = await stackTerraform.recordedState(stack);
  checkStateAccount(stack.name, accountId, account);
  await stackTerraform.complete(stack, cutOff);
  const plan = await stackTerraform.plan(stack, "deploy");
  const completed = cutOff.length === 0 ? "" : `, completing what was cut off: ${cutOff.join(", ")}`;
  return { text: `${planText(plan)}${completed}`, value: plan };
}

function planText({ hasChanges, changes }: Plan): string {
  const { add, change, remove } = countsOf(changes);
  return hasChanges ? `${add} to add, ${change} to change, ${remove} to destroy` : "no changes";
}

function counted({ stack, changes }: Plan): { readonly name: string } & Counts {
  return { name: stack.name, ...countsOf(changes) };
}

async function publish({ images, progress, interrupts }: RollOutPorts, settings: EnvironmentSettings, account: string) {
  interrupts.throwIfRequested();
  const registry = registryHost(account, settings.region);
  const run = async (tell: (text: string) => void) => {
    const { pushed } = await images.publish({ settings, registry, report: tell });
    return { text: pushed.length === 0 ? "none has changed" : `pushed ${pushed.join(", ")}`, value: pushed };
  };
  const [pushed = []] = await progress.run([{ title: "Images", run }], "in turn");
  return pushed;
}

async function findWebhookApiUrl(
  stacks: readonly StackFolder[],
  terraform: StackTerraform,
): Promise<string | undefined> {
  const pipeline = stacks.find(({ capability }) => capability === "pipeline");
  return pipeline === undefined ? undefined : terraform.output(pipeline, "WebhookApiUrl");
}

/** The error, with what is deployed and what isn't. Bugs stay what they are. */
export function halfWay(
  error: unknown,
  {
    interrupts,
    done,
    all,
  }: { readonly interrupts: Interrupts; readonly done: readonly string[]; readonly all: readonly string[] },
): unknown {
  const known = asDeployError(error, interrupts);
  if (known === undefined) return error;
  const left = all.filter((name) => !done.includes(name));
  // In the order of deployment, whichever of two ended first.
  const made = all.filter((name) => done.includes(name));
  const state = `Done: ${made.join(", ")}.${left.length === 0 ? "" : ` Not or not wholly: ${left.join(", ")}.`}`;
  const mayGoOn = done.length > 0 || known.code === "interrupted" || known.code === "stack-failed";
  const lines = [known.message, ...(done.length > 0 ? [state] : []), ...(mayGoOn ? [goOn(known)] : [])];
  return new DeployError(known.code, lines.join("\n"), { cause: error });
}

function goOn({ code }: DeployError): string {
  return code === "stack-failed"
    ? "Mend the cause and run the same command: it goes on where it stopped."
    : "Run the same command to go on where it stopped.";
}

function asDeployError(error: unknown, { requested }: Interrupts): DeployError | undefined {
  if (error instanceof DeployError) return error;
  // Ctrl-C also ends a synthesis or a build that shares our terminal; their complaint isn't the reason.
  return requested ? new DeployError("interrupted", "Stopped on request.", { cause: error }) : undefined;
}
