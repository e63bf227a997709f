import { CodedError } from "../coded-error.ts";

/** Why images couldn't be built or pushed, by what has to be done about it. */
export type ImagesErrorCode =
  /** Neither Docker with buildx nor buildah answers on this machine. */
  | "no-builder"
  /** The builder ended with an error, whose last lines the message holds. */
  | "build-failed"
  /** The name of the base image can't be read, or it isn't in its registry. */
  | "bad-base-image"
  /** There are no AWS credentials, or they are refused. */
  | "no-credentials"
  /** The credentials, or the registry, are of another account than the environment's. */
  | "wrong-account"
  /** The stack `registry` of the environment isn't deployed. */
  | "no-repository"
  /** The registry gives no answer, or one that isn't a registry's. */
  | "registry-unreachable"
  /** The registry answers and refuses, or doesn't hold what was pushed. */
  | "registry-refused";

export class ImagesError extends CodedError<ImagesErrorCode> {
  override readonly name = "ImagesError";
}
