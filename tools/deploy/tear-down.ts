/** Destroys an environment: every stack that has something, in the reverse order of its deployment. */
import type { EnvironmentSettings } from "../../config/environments.ts";
import { checkStateAccount } from "./account.ts";
import { DeployError } from "./deploy-error.ts";
import type { Interrupts } from "./interrupts.ts";
import { checkAccountUnused } from "./living-environments.ts";
import { lossesOf } from "./losses.ts";
import type { Progress } from "./progress.ts";
import { halfWay } from "./roll-out.ts";
import { readStacks, type StackFolder, wavesOf } from "./stacks.ts";
import { countsOf, type Plan, type StackTerraform } from "./terraform/stack.ts";

export interface TearDownRequest {
  readonly settings: EnvironmentSettings;
  readonly root: string;
  /** Of the credentials. */
  readonly account: string;
}

export interface TearDownPorts {
  readonly stackTerraform: StackTerraform;
  readonly progress: Progress;
  readonly interrupts: Interrupts;
  /** Gives what was said besides. */
  synthesize(): Promise<string>;
  /** Names of the environments in this account and region. @throws DeployError when they can't be found out */
  livingEnvironments(): Promise<readonly string[]>;
  /** Asks before the first resource goes. @throws DeployError when it shall not */
  agree(planned: { readonly resources: number; readonly losses: readonly string[] }): Promise<void>;
}

export interface TornDown {
  readonly stacks: readonly { readonly name: string; readonly removed: number }[];
}

/** @throws DeployError "not-destroyable" before anything is done where the environment's entry forbids it */
export async function tearDown(request: TearDownRequest, ports: TearDownPorts): Promise<TornDown> {
  const { settings, root } = request;
  const { progress, interrupts, stackTerraform } = ports;
  checkDestroyable(settings);
  const done: string[] = [];
  let stacks: readonly StackFolder[] = [];
  try {
    const synthesis = async () => ({ text: "done", value: await ports.synthesize() });
    const [said = ""] = await progress.run([{ title: "Synthesize", run: synthesis }], "in turn");
    if (said !== "") progress.say(said);
    stacks = readStacks(root, settings.name);
    const plans = await progress.run(
      stacks.map((stack) => ({ title: `Plan ${stack.name}`, run: () => planned(stack, request, stackTerraform) })),
      "in turn",
    );
    const open = plans.filter((plan) => plan !== undefined);
    if (open.some(({ stack }) => stack.capability === "account")) {
      checkAccountUnused(settings.name, await ports.livingEnvironments());
    }
    if (open.length > 0) {
      await ports.agree({
        resources: open.reduce((sum, { changes }) => sum + changes.length, 0),
        losses: open.flatMap(({ changes }) => lossesOf(changes)),
      });
    }
    for (const wave of wavesOf(stacks).toReversed()) {
      interrupts.throwIfRequested();
      await progress.run(
        open
          .filter(({ stack }) => wave.includes(stack))
          .map((plan) => ({
            title: `Destroy ${plan.stack.name}`,
            run: async (tell: (text: string) => void) => {
              await stackTerraform.apply(plan, (made, of) => tell(`${made} of ${of} removed`));
              done.push(plan.stack.name);
              return { text: "gone", value: undefined };
            },
          })),
        "together",
      );
    }
    return { stacks: open.map(({ stack, changes }) => ({ name: stack.name, removed: countsOf(changes).remove })) };
  } catch (error) {
    throw halfWay(error, { interrupts, done, all: stacks.map(({ name }) => name) });
  }
}

function checkDestroyable({ name, destroyable }: EnvironmentSettings): void {
  if (destroyable) return;
  throw new DeployError(
    "not-destroyable",
    `${name} isn't destroyable: its data shall outlive every command. How to end it for good: README, "End a lasting environment".`,
  );
}

/** Undefined for a stack that has nothing. Its dependencies may be gone too, so that it couldn't even be planned. */
async function planned(stack: StackFolder, { account }: TearDownRequest, terraform: StackTerraform) {
  await terraform.initialize(stack);
  const { isEmpty, accountId } = await terraform.recordedState(stack);
  if (isEmpty) return { text: "nothing there", value: undefined };
  checkStateAccount(stack.name, accountId, account);
  const plan: Plan = await terraform.plan(stack, "destroy");
  return { text: `${plan.changes.length} to destroy`, value: plan };
}
