/**
 * Synthesizes the stacks of the selected environments into cdktf.out. `ENVIRONMENT_SUFFIX` selects one, all without.
 * Wrong settings end it with a list of all of them on standard error and exit code 2, before anything is written.
 */
import { App } from "cdktf";
import { ConfigurationError, readAll } from "./config/configuration-error.ts";
import { checkEnvironments } from "./config/environment-problems.ts";
import { type EnvironmentSettings, environments, selectEnvironments } from "./config/environments.ts";
import { readStateBucket } from "./config/state-bucket.ts";
import { readTags } from "./config/tags.ts";
import { addEnvironment } from "./stacks/addEnvironment.ts";
import { readImageDigests } from "./stacks/imageDigests.ts";
import { removeOldStacks } from "./stacks/removeOldStacks.ts";
import { readArguments } from "./stacks/synthArguments.ts";

/** The environments that the suffix selects, each with the digests of its images. */
function readEnvironments(suffix: string | undefined) {
  const selected = selectEnvironments(suffix);
  const withImages = (settings: EnvironmentSettings) => {
    return { settings, imageDigests: readImageDigests(settings.imageDigestsFile) };
  };
  const [, ...read] = readAll([
    () => checkEnvironments(selected, Object.values(environments)),
    ...selected.map((settings) => () => withImages(settings)),
  ]);
  return read;
}

function synthesize(): void {
  const [selected, tags, stateBucket] = readAll([
    () => readEnvironments(process.env.ENVIRONMENT_SUFFIX),
    () => readTags(process.env),
    () => readStateBucket(process.env),
  ]);
  const app = new App();
  for (const { settings, imageDigests } of selected) {
    if (settings.shortLived) {
      // A misspelt name would otherwise pass for a pull request's.
      console.error(`${settings.name} is not in config/environments.ts: a short-lived environment, derived from dev.`);
    }
    addEnvironment(app, { settings, imageDigests, tags, ...(stateBucket && { stateBucket }) });
  }
  app.synth();
  const names = selected.map(({ settings }) => settings.name);
  removeOldStacks(app, names);
  for (const stack of Object.keys(app.manifest.stacks)) {
    console.log(`${app.outdir}/stacks/${stack}/cdk.tf.json`);
  }
}

try {
  const help = readArguments(process.argv.slice(2), process.env.SYNTH_HCL_OUTPUT);
  if (help !== undefined) console.log(help);
  else synthesize();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
