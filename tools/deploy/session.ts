/** What `deploy` and `destroy` have in common: the target, the checks before anything is done, Terraform, progress. */
import { ConfigurationError } from "../../config/configuration-error.ts";
import { type EnvironmentSettings, selectEnvironments } from "../../config/environments.ts";
import { describeTarget, type Target } from "../aws/target.ts";
import type { Surroundings } from "../commands/context.ts";
import { type CommandResult, failedAs, usage } from "../commands/result.ts";
import { accountOfCredentials, checkAccount } from "./account.ts";
import { DeployError } from "./deploy-error.ts";
import { type Interrupts, listenForInterrupts } from "./interrupts.ts";
import { deployTarget, variablesFor } from "./place.ts";
import { checkAccountIsNamed } from "./placeholders.ts";
import { type Progress, plainProgress, terminalProgress } from "./progress.ts";
import { checkStatePlace, type StatePlace, statePlace } from "./state-place.ts";
import { synthesize } from "./synthesize.ts";
import { createTerraform } from "./terraform/run.ts";
import { createStackTerraform, type StackTerraform } from "./terraform/stack.ts";
import { checkTerraform } from "./terraform/version.ts";

export interface SessionOptions {
  readonly env: string;
  readonly endpoint?: string;
  readonly terraform: string;
  readonly localState?: boolean;
  readonly json?: boolean;
}

export interface Session {
  readonly target: Target;
  readonly settings: EnvironmentSettings;
  readonly root: string;
  /** Of the credentials. */
  readonly account: string;
  readonly state: StatePlace;
  readonly stackTerraform: StackTerraform;
  readonly progress: Progress;
  readonly interrupts: Interrupts;
  /** Gives what was said besides. */
  synthesize(): Promise<string>;
}

/**
 * Checks that the deed can be done (Terraform, credentials, account), says where, and lets `act` do it. What goes wrong
 * ends the command with the message of its DeployError, and with `{"error": {"code", "message"}}` for programs.
 */
export async function inSession(
  surroundings: Surroundings,
  options: SessionOptions,
  act: (session: Session) => Promise<CommandResult>,
): Promise<CommandResult> {
  const { variables, err, now } = surroundings;
  // Some that call themselves terminals have no width; lines that move would be one letter wide there.
  const isTerminal = process.stderr.isTTY === true && process.stderr.columns >= 40 && options.json !== true;
  const progress = isTerminal ? terminalProgress(process.stderr) : plainProgress(err, now);
  const interrupts = listenForInterrupts(process, () =>
    progress.say("Stopping: Terraform ends what is under way and writes its state. This may take a minute."),
  );
  // Where synthesis writes too; npm sets it to the project's root.
  const root = process.cwd();
  let discardPlans = () => {};
  try {
    const settings = environmentOf(options.env);
    const target = deployTarget(settings, options.endpoint, variables);
    const told = variablesFor(target, variables);
    const state = statePlace(root, variables);
    const terraform = createTerraform({ program: options.terraform, variables: told, interrupts });
    const [checked] = await progress.run(
      [
        {
          title: "Check",
          async run() {
            checkStatePlace(state, {
              settings,
              isAws: target.endpoint === undefined,
              localState: options.localState === true,
            });
            return check(await checkTerraform(terraform, root), target, variables);
          },
        },
      ],
      "in turn",
    );
    err(`State: ${state.text}`);
    const account = checked ?? "";
    err(`Acting on ${describeTarget({ ...target, isLocal: false }, account)}.`);
    const pluginDirectory = variables.TF_PLUGIN_DIR || undefined;
    const stackTerraform = createStackTerraform({ terraform, root, interrupts, pluginDirectory, now });
    discardPlans = stackTerraform.discardPlans;
    return await act({
      target,
      settings,
      root,
      account,
      state,
      stackTerraform,
      progress,
      interrupts,
      synthesize: () => synthesize(root, settings.name, told),
    });
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return error.code === "configuration" ? usage(error.message) : failedAs(error);
  } finally {
    discardPlans();
    interrupts.close();
  }
}

async function check(version: string, target: Target, variables: Surroundings["variables"]) {
  const account = await accountOfCredentials(target, variables);
  checkAccount(account, target.settings);
  if (target.endpoint === undefined) checkAccountIsNamed(account, target.settings);
  return { text: `${version}, account ${account}`, value: account };
}

/** @throws DeployError "configuration" */
function environmentOf(name: string): EnvironmentSettings {
  try {
    const [settings] = name === "" ? [] : selectEnvironments(name);
    if (settings === undefined) throw new ConfigurationError("--env names no environment.");
    return settings;
  } catch (error) {
    if (error instanceof ConfigurationError) throw new DeployError("configuration", error.message, { cause: error });
    throw error;
  }
}
