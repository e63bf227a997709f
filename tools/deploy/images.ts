import type { EnvironmentSettings } from "../../config/environments.ts";
import type { LambdaName } from "../../config/lambdas.ts";
import { DeployError } from "./deploy-error.ts";

/** What a deployment needs of the image build. Errors of the build have a message that says what to do. */
export interface Images {
  /** Throws when images can't be built on this machine; asked before anything is deployed. */
  check(): Promise<void>;
  /** Builds, pushes what has changed and writes the digest map to `settings.imageDigestsFile`. */
  publish(options: {
    readonly settings: EnvironmentSettings;
    /** Host of the registry. */
    readonly registry: string;
    readonly report: (line: string) => void;
  }): Promise<{ readonly digests: Readonly<Record<LambdaName, string>>; readonly pushed: readonly LambdaName[] }>;
}

/**
 * The same build, with its errors as the deployment's. A build's own errors are named ImagesError and say what to do;
 * anything else is a bug and stays one.
 */
export function asDeployStep({ check, publish }: Images): Images {
  const explained = (error: unknown) => {
    const isBuilds = error instanceof Error && error.name === "ImagesError";
    throw isBuilds ? new DeployError("images", error.message, { cause: error }) : error;
  };
  return {
    check: () => check().catch(explained),
    publish: (options) => publish(options).catch(explained),
  };
}

/** Host of an account's private registry in ECR. */
export function registryHost(accountId: string, region: string): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}
