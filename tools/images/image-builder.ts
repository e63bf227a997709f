import type { LambdaName } from "../../config/lambdas.ts";
import type { RegistryLogin } from "./image-registry.ts";
import { ImagesError } from "./images-error.ts";
import type { ProcessResult } from "./run-process.ts";

/** One function's image, as it has to become. */
export interface ImageOrder {
  readonly name: LambdaName;
  /** Where it is pushed to: `<registry>/<repository>:<tag>`. */
  readonly reference: string;
  /** Of the function's bundle. The build fails when it makes other bytes. */
  readonly bundleSha256: string;
}

export interface BuildRequest {
  readonly images: readonly ImageOrder[];
  /** By digest, so that it is the one that the tags were derived from. */
  readonly baseImage: string;
  /** Host of the registry, with its port where it has one. */
  readonly registry: string;
  /** Absent where the registry takes anybody. */
  readonly login?: RegistryLogin;
}

/** A program that builds images by dockerfiles/ and pushes them. */
export interface ImageBuilder {
  /** For people: "docker buildx". */
  readonly name: string;
  /**
   * Builds and pushes all of them.
   * @throws ImagesError "build-failed" with the last lines of what the program said
   */
  buildAndPush(request: BuildRequest): Promise<void>;
}

export const dockerfile = "dockerfiles/Dockerfile";
export const bakeFile = "dockerfiles/docker-bake.hcl";

/**
 * The time that files and images bear, in seconds: 1980-01-01, not the time of the build or of the commit, so that same
 * bytes have the same digest. The Dockerfile and the bake file have the same one by default.
 */
export const sourceDateEpoch = 315_532_800;

export const platform = "linux/arm64";

const shownLines = 60;

/** @throws ImagesError "build-failed" unless the program ended well */
export function mustSucceed(deed: string, { exitCode, output }: ProcessResult): void {
  if (exitCode === 0) return;
  const lines = output.trimEnd().split("\n").slice(-shownLines);
  throw new ImagesError("build-failed", [`${deed} failed with exit code ${exitCode}:`, ...lines].join("\n  "));
}
