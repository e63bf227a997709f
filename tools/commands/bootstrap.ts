import { S3Client } from "@aws-sdk/client-s3";
import type { Command } from "commander";
import { ConfigurationError, readAll } from "../../config/configuration-error.ts";
import { selectEnvironments } from "../../config/environments.ts";
import { regionForm } from "../../config/names.ts";
import { newBucketNameProblem } from "../../config/state-bucket.ts";
import { allTags, readTags } from "../../config/tags.ts";
import { accountOfCredentials, checkAccount } from "../deploy/account.ts";
import { DeployError } from "../deploy/deploy-error.ts";
import { awsPlace, clientOptionsFor } from "../deploy/place.ts";
import { makeStateBucket, missingOf } from "../deploy/state-bucket.ts";
import { consent, type Surroundings } from "./context.ts";
import { type CommandResult, failedAs, usage } from "./result.ts";

interface BootstrapOptions {
  readonly env?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly endpoint?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `cli bootstrap`: the bucket for Terraform's state, once per account. */
export const bootstrapCommand = {
  isOnItsOwn: true,
  describe: (command: Command): Command =>
    command
      .description("Make the bucket for Terraform's state, once per account: versioned, encrypted, private, TLS only.")
      .option("--env <name>", "environment in whose account and region it shall be")
      .option("--region <name>", "region it shall be in (default: the environment's)")
      .option("--bucket <name>", "its name (default: TERRAFORM_STATE_BUCKET, else terraform-state-<account>-<region>)")
      .option("--endpoint <url>", "server that stands in for AWS, such as moto (default: AWS_ENDPOINT_URL, else AWS)")
      .option("--yes", "don't ask before making it in AWS")
      .option("--json", "print JSON on standard output, and never ask")
      .addHelpText("after", "\nRun again it makes what is missing, and prints the same two lines for the shell."),
  examples: ["bootstrap --env dev", "bootstrap --region eu-central-1 --bucket acme-terraform-state"],
  async run(surroundings: Surroundings, options: BootstrapOptions): Promise<CommandResult> {
    try {
      return await bootstrap(surroundings, options);
    } catch (error) {
      if (error instanceof ConfigurationError) return usage(error.message);
      if (!(error instanceof DeployError)) throw error;
      return error.code === "configuration" ? usage(error.message) : failedAs(error);
    }
  },
};

async function bootstrap(surroundings: Surroundings, options: BootstrapOptions): Promise<CommandResult> {
  const { variables, err, ask } = surroundings;
  const [[settings], told] = readAll([
    () => (options.env ? selectEnvironments(options.env) : []),
    () => readTags(variables),
    () => checkNames(options, variables),
  ]);
  const region = options.region ?? settings?.region;
  if (region === undefined) return usage("Say where: --env for an environment's account and region, or --region.");
  const place = awsPlace(region, options.endpoint, variables);
  const account = await accountOfCredentials(place, variables);
  if (settings !== undefined) checkAccount(account, settings);
  const bucket = options.bucket ?? (variables.TERRAFORM_STATE_BUCKET || `terraform-state-${account}-${region}`);
  // Path style, as Terraform's backend uses it with an endpoint: a bucket's name is no host there.
  const s3 = new S3Client({ ...clientOptionsFor(place, variables), forcePathStyle: place.endpoint !== undefined });
  const isTlsOnly = place.endpoint?.startsWith("http:") !== true;
  const tags = allTags({
    own: settings?.tags ?? {},
    told,
    ...(settings && { environment: settings.usesAccountStackOf ?? settings.name }),
    stack: "state",
  });
  const state = { bucket, region, account, isTlsOnly, tags };
  try {
    const missing = await missingOf(s3, state);
    err(`The state bucket ${bucket}, account ${account}, ${region}${place.endpoint ? `, at ${place.endpoint}` : ""}:`);
    if (missing.length > 0) {
      const obstacle = await consent(account, `Change it: ${missing.join(", ")}`, {
        ask: options.json === true ? async () => undefined : ask,
        isGiven: options.yes === true || place.isLocal,
      });
      if (obstacle !== undefined) return obstacle;
    }
    const done = await makeStateBucket(s3, state);
    for (const line of done) err(`  ${line}`);
    if (done.length === 0) err("  is as it should be.");
    if (!isTlsOnly) err("  takes requests without TLS, since the endpoint has none.");
    const exported = { TERRAFORM_STATE_BUCKET: bucket, TERRAFORM_STATE_BUCKET_REGION: region };
    const text = Object.entries(exported).map(([name, value]) => `export ${name}=${value}`);
    return { kind: "done", text: text.join("\n"), json: { ...exported, done } };
  } finally {
    s3.destroy();
  }
}

/** @throws ConfigurationError with what is wrong with the bucket's name and its region, as far as they are given */
function checkNames({ bucket, region }: BootstrapOptions, variables: Surroundings["variables"]): void {
  const [source, name] =
    bucket === undefined ? ["TERRAFORM_STATE_BUCKET", variables.TERRAFORM_STATE_BUCKET] : ["--bucket", bucket];
  // An empty variable counts as none, an empty option as a mistake.
  const nameProblem =
    name === undefined || (name === "" && bucket === undefined) ? undefined : newBucketNameProblem(name);
  const problems = [
    ...(nameProblem === undefined ? [] : [`${source} is "${name}": ${nameProblem}.`]),
    ...(region === undefined || regionForm.test(region)
      ? []
      : [`--region is "${region}": write a region such as "eu-central-1".`]),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems);
}
