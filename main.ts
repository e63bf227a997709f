/**
 * Synthesizes the stacks of the selected environments into cdktf.out. `ENVIRONMENT_SUFFIX` selects one, all without.
 * A wrong setting ends it with one line on standard error and exit code 2.
 */
import { App } from "cdktf";
import { ConfigurationError } from "./config/configuration-error.ts";
import { type EnvironmentSettings, selectEnvironments } from "./config/environments.ts";
import { addEnvironment } from "./stacks/addEnvironment.ts";
import { readImageDigests } from "./stacks/imageDigests.ts";
import { removeOldStacks } from "./stacks/removeOldStacks.ts";
import { readArguments } from "./stacks/synthArguments.ts";

const { ENVIRONMENT_SUFFIX, SYNTH_HCL_OUTPUT, TERRAFORM_STATE_BUCKET, TERRAFORM_STATE_BUCKET_REGION } = process.env;
const { REPOSITORY, COMMIT_AUTHOR, PR_NUMBER, TEAM } = process.env;

/** Tags for what the pipeline that deploys has told; those that it hasn't are left out. */
const told = { Repository: REPOSITORY, CommitAuthor: COMMIT_AUTHOR, PrNumber: PR_NUMBER, Team: TEAM };
const tags = Object.fromEntries(Object.entries(told).flatMap(([key, value]) => (value ? [[key, value] as const] : [])));

function stateBucket(settings: EnvironmentSettings) {
  const region = TERRAFORM_STATE_BUCKET_REGION || settings.region;
  return TERRAFORM_STATE_BUCKET ? { stateBucket: { bucket: TERRAFORM_STATE_BUCKET, region } } : {};
}

function synthesize(environments: readonly EnvironmentSettings[]): void {
  const app = new App();
  for (const settings of environments) {
    const imageDigests = readImageDigests(settings.imageDigestsFile);
    addEnvironment(app, { settings, tags, imageDigests, ...stateBucket(settings) });
  }
  app.synth();
  removeOldStacks(
    app,
    environments.map(({ name }) => name),
  );
  for (const stack of Object.keys(app.manifest.stacks)) {
    console.log(`${app.outdir}/stacks/${stack}/cdk.tf.json`);
  }
}

try {
  const help = readArguments(process.argv.slice(2), SYNTH_HCL_OUTPUT);
  if (help !== undefined) console.log(help);
  else synthesize(selectEnvironments(ENVIRONMENT_SUFFIX));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
