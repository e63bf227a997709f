import { ConfigurationError } from "../config/configuration-error.ts";

const help = `Usage: npm run synth

Writes Terraform's JSON of each stack to cdktf.out/stacks/<capability>-<environment>/cdk.tf.json and prints the paths.
It needs neither Terraform nor credentials nor a network.

Environment variables:
  ENVIRONMENT_SUFFIX             the one environment to synthesize; all when unset
  TERRAFORM_STATE_BUCKET         S3 bucket for Terraform's state; local files when unset
  TERRAFORM_STATE_BUCKET_REGION  its region; the environment's when unset
  REPOSITORY, COMMIT_AUTHOR, PR_NUMBER, TEAM
                                 tags on every resource

Exit codes: 0 written, 2 a wrong setting, 1 anything else.`;

/**
 * The help when it is asked for, undefined when there is something to synthesize. Refuses HCL, which CDKTF would write
 * without a word and Terraform couldn't read (docs/adr/0014), and arguments that would be ignored.
 *
 * @param hclOutput the variable SYNTH_HCL_OUTPUT, which `cdktf synth --hcl` sets for us
 * @throws ConfigurationError
 */
export function readArguments(args: readonly string[], hclOutput: string | undefined): string | undefined {
  if (args.includes("--help")) return help;
  if (args.includes("--hcl") || hclOutput === "true") {
    throw new ConfigurationError(
      "There is no HCL: CDKTF renders our policies as something that Terraform can't parse (docs/adr/0014). " +
        "Terraform and OpenTofu read the JSON in cdktf.out/stacks as it is; synthesize without --hcl and SYNTH_HCL_OUTPUT.",
    );
  }
  if (args.length > 0) {
    throw new ConfigurationError(
      `npm run synth takes no "${args.join(" ")}": it is told everything by environment variables, see --help.`,
    );
  }
  return undefined;
}
