/** Terraform's errors in words that say what to do. What isn't known here is quoted as it is. */
import { DeployError } from "../deploy-error.ts";
import type { StackFolder } from "../stacks.ts";
import { explainLock, isLockError } from "./lock.ts";
import type { Diagnostic } from "./messages.ts";

export interface Failure {
  readonly stack: StackFolder;
  /** Name or path of the program. */
  readonly program: string;
  readonly errors: readonly Diagnostic[];
  /** The rest of what was said, for when there are no errors in it. */
  readonly output: string;
  readonly log: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

type Rule = readonly [pattern: RegExp, explain: (failure: Failure, text: string) => DeployError];

/** The first that matches the text of an error explains it. */
const rules: readonly Rule[] = [
  [
    /Failed to query available provider packages|Failed to install provider|Required plugins are not installed|Could not retrieve the list of available versions/,
    ({ stack, log }) =>
      new DeployError(
        "no-provider",
        `Terraform can't get the AWS provider for ${stack.name}. Allow it to reach its registry, or say where the provider lies: TF_PLUGIN_DIR=<directory>, or provider_installation in the CLI configuration. Log: ${log}`,
      ),
  ],
  [
    /NoSuchBucket|S3 bucket ".*" does not exist|Error refreshing state: .*NotFound/,
    ({ stack }) =>
      new DeployError(
        "no-state-bucket",
        `The state bucket ${stack.backend.bucket ?? ""} isn't there. Make it with "npm run cli -- bootstrap", or correct TERRAFORM_STATE_BUCKET and TERRAFORM_STATE_BUCKET_REGION.`,
      ),
  ],
  [
    /No valid credential sources|failed to refresh cached credentials|ExpiredToken|InvalidClientTokenId|no EC2 IMDS role found/,
    ({ stack, log }) =>
      new DeployError(
        "no-credentials",
        `Terraform finds no valid AWS credentials for ${stack.name}. Log in (aws sso login) or set AWS_PROFILE. Log: ${log}`,
      ),
  ],
  [
    /Backend configuration changed|Backend initialization required|backend configuration has changed/i,
    ({ stack, program }) =>
      new DeployError(
        "backend-changed",
        `The state of ${stack.name} was kept elsewhere before. To move it here: "${program} -chdir=${stack.shown} init -migrate-state". To leave it there and use what is here: delete ${stack.shown}/.terraform.`,
      ),
  ],
  [
    /AWS account ID not allowed|AWS Account ID not allowed/,
    ({ stack }, text) =>
      new DeployError("wrong-account", `Your credentials are of another account than ${stack.name}'s. ${text}`),
  ],
  [
    /Unable to find remote state|No stored state was found/,
    ({ stack, log }) =>
      new DeployError(
        "missing-stack",
        `${stack.name} refers to the state of ${stack.dependencies.join(", ")}, and one of them isn't deployed. Deploy the environment from the beginning. Log: ${log}`,
      ),
  ],
];

/** @returns the error that a person sees: one of the known ones, or "stack-failed" with Terraform's own words */
export function explainFailure(failure: Failure): DeployError {
  const { stack, errors, output, log } = failure;
  const texts = errors.map(textOf);
  const locked = errors.find(isLockError);
  if (locked !== undefined) return explainLock(locked, failure);
  for (const text of texts.length > 0 ? texts : [output]) {
    const found = rules.find(([pattern]) => pattern.test(text));
    if (found !== undefined) return found[1](failure, text);
  }
  const said = texts.length > 0 ? texts.slice(0, mostErrors).join("\n") : output.trim().slice(-mostCharacters);
  const more = texts.length > mostErrors ? `\n… and ${texts.length - mostErrors} more.` : "";
  const advice = texts.some((text) => existsAlready.test(text)) ? `\n${otherState(stack)}` : "";
  return new DeployError(
    "stack-failed",
    `${stack.name} failed. Terraform says:\n${indented(said + more)}${advice}\nLog: ${log}`,
  );
}

/** How services say that what shall be created is there. */
const existsAlready = /AlreadyExists|EntityAlreadyExists|ResourceInUseException|BucketAlreadyOwnedByYou/;

function otherState({ name, backend }: StackFolder): string {
  const place = backend.bucket === undefined ? `the local file terraform.${name}.tfstate` : `s3://${backend.bucket}`;
  return `AWS has it already, but the state in ${place} doesn't know it: ${name} was probably deployed with another state. Set TERRAFORM_STATE_BUCKET as it was then, or run this where that state's files are. If no state has it, import it ("terraform import") or delete it.`;
}

const mostErrors = 3;
const mostCharacters = 2_000;

function textOf({ summary, detail, address }: Diagnostic): string {
  const place = address === undefined ? "" : `${address}: `;
  return `${place}${summary}${detail === "" ? "" : `\n${detail}`}`.slice(0, mostCharacters);
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
