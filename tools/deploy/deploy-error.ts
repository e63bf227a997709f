import { CodedError } from "../coded-error.ts";

/** Why a deployment didn't begin or didn't end. Scripts go by the code, people by the message. */
export type DeployErrorCode =
  /** A setting, a file or an option is wrong; nothing was done. */
  | "configuration"
  /** A name that config/environments.ts doesn't know, and nobody agreed to a short-lived environment. */
  | "unknown-environment"
  | "no-terraform"
  | "old-terraform"
  | "no-provider"
  | "no-credentials"
  | "no-answer"
  | "wrong-account"
  /** The environment's entry still has the example account, or example recipients. */
  | "placeholder-account"
  | "placeholder-recipients"
  /** The recorded state is of another account than the credentials. */
  | "foreign-state"
  | "state-locked"
  | "no-state-bucket"
  /** The state that was looked into has nothing of the environment. */
  | "no-state"
  /** The bucket's name is taken, or the bucket is elsewhere. */
  | "foreign-bucket"
  /** The state was kept elsewhere before. */
  | "backend-changed"
  /** A stack refers to one that isn't deployed. */
  | "missing-stack"
  | "missing-digest"
  /** The images can't be built or pushed. */
  | "images"
  /** A plan takes data away, and nobody agreed to it. */
  | "data-loss"
  | "not-destroyable"
  /** Other environments need the account stack that shall go. */
  | "account-in-use"
  | "stack-failed"
  | "interrupted"
  /** Deployed, but the webhook didn't get through. */
  | "smoke";

export class DeployError extends CodedError<DeployErrorCode> {
  override readonly name = "DeployError";
}
