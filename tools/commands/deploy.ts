import { type Command, Option } from "commander";
import { environments } from "../../config/environments.ts";
import { asDeployStep, type Images } from "../deploy/images.ts";
import { checkRecipients } from "../deploy/placeholders.ts";
import { keepRelease, takeDigests } from "../deploy/releases.ts";
import { rollOut } from "../deploy/roll-out.ts";
import { inSession, type SessionOptions } from "../deploy/session.ts";
import { agreeToDataLoss, agreeToShortLived } from "./agree.ts";
import type { Surroundings } from "./context.ts";
import { deployResult } from "./deploy-result.ts";
import { type CommandResult, usage } from "./result.ts";
import { smokeDeployed } from "./smoke.ts";

interface DeployOptions extends SessionOptions {
  readonly images?: "build" | "skip";
  readonly digests?: string;
  readonly shortLived?: boolean;
  readonly yes?: boolean;
}

const details = `
"npm run deploy -- …" is the same. Without --images they are built for AWS, and skipped with an endpoint.
Where data would be lost (a table, a bucket, a key, … destroyed or replaced) it asks first; without a terminal, or with
--json, it refuses unless --yes is there. Run again after a failure it goes on where it stopped.
Logs of Terraform: dist/deploy/<stack>.log. The provider is taken from TF_PLUGIN_DIR where that is set.
State: TERRAFORM_STATE_BUCKET and TERRAFORM_STATE_BUCKET_REGION (see bootstrap), else local files,
which in AWS are for short-lived environments, and for others only with --local-state.`;

/**
 * `cli deploy`: an environment from whatever state it is in to the one that is checked out.
 *
 * @param build the image build
 */
export const deployCommand = (build: Images) => ({
  isOnItsOwn: true,
  describe: (command: Command): Command =>
    command
      .description("Deploy an environment: checks, synthesis, account and registry, images, other stacks, smoke test.")
      .requiredOption("--env <name>", "environment of config/environments.ts, or a name for a short-lived one")
      .option("--endpoint <url>", "server that stands in for AWS, such as moto (default: AWS_ENDPOINT_URL, else AWS)")
      .addOption(
        new Option("--images <mode>", "build and push what has changed, or take the digest map that is there").choices([
          "build",
          "skip",
        ]),
      )
      .option("--digests <file>", "deploy the images of a release in dist/releases/ instead of building any")
      .option("--terraform <program>", "Terraform 1.11 or OpenTofu 1.10, or later", "terraform")
      .option("--short-lived", "don't ask whether a name that config/environments.ts doesn't know is meant")
      .option("--local-state", "keep the state in files of this machine, in AWS too")
      .option("--yes", "go on without asking where data would be lost")
      .option("--json", "print JSON on standard output, and never ask")
      .addHelpText("after", details),
  examples: [
    "deploy --env dev",
    "deploy --env prod --json",
    "deploy --env pr-123 --short-lived --json",
    "deploy --env prod --digests dist/releases/prod/20261120T105125Z-47e8fad.json",
    "deploy --env dev --endpoint http://127.0.0.1:5000 --images skip",
  ],
  async run(surroundings: Surroundings, options: DeployOptions): Promise<CommandResult> {
    const { digests } = options;
    if (digests !== undefined && options.images === "build") {
      return usage("Give --digests or --images build, not both: --digests takes images that were built before.");
    }
    const images = asDeployStep(build);
    return inSession(surroundings, options, async (session) => {
      const { target, settings, root, account, progress } = session;
      const { name: environment, imageDigestsFile } = settings;
      const hasEndpoint = target.endpoint !== undefined;
      const mode = digests === undefined ? (options.images ?? (hasEndpoint ? "skip" : "build")) : "skip";
      if (mode === "build" && hasEndpoint) {
        return usage("A server that stands in for AWS has no image registry: add --images skip.");
      }
      if (settings.shortLived) {
        await agreeToShortLived(Object.keys(environments), { environment, surroundings, options });
      } else if (options.shortLived === true) {
        return usage(`${environment} is in config/environments.ts: leave --short-lived out.`);
      }
      if (!hasEndpoint) checkRecipients(settings);
      if (mode === "build") await images.check();
      const putBack = digests === undefined ? undefined : takeDigests(root, digests, imageDigestsFile);
      const rolledOut = await rollOut(
        { settings, root, account, images: mode, allowsPlaceholder: hasEndpoint },
        {
          ...session,
          images,
          agreeToLosses: (losses) => agreeToDataLoss(losses, { environment, surroundings, options }),
        },
      ).catch((error: unknown) => {
        // Else the next deployment with --images skip would take digests that were never deployed.
        putBack?.();
        throw error;
      });
      const release = keepRelease(root, { environment, imageDigestsFile, nowMs: surroundings.now() });
      if (hasEndpoint) {
        progress.say("Smoke test: skipped, since a server that stands in for AWS runs no functions behind the API.");
      }
      const smoke = hasEndpoint ? undefined : await smokeDeployed(surroundings, target, rolledOut.webhookApiUrl);
      return deployResult({ environment, account, rolledOut, release, smoke });
    });
  },
});
