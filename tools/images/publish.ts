/** The images of an environment, built, pushed and written down: what `cli images` and the deployment do. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { type EnvironmentSettings, placeholderAccountId } from "../../config/environments.ts";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { bundleLambdas, bundlePath } from "../../lambdas/bundle.ts";
import { chooseBuilder } from "./choose-builder.ts";
import { sha256 } from "./content-tag.ts";
import { writeDigestMap } from "./digest-map.ts";
import { createEcrRegistry, ownEcrHost, parseEcrHost } from "./ecr-registry.ts";
import { dockerfile } from "./image-builder.ts";
import { isDigest, parseReference } from "./image-reference.ts";
import type { ImageRegistry } from "./image-registry.ts";
import { ImagesError } from "./images-error.ts";
import { manifestDigest } from "./manifest-digest.ts";
import { createPlainRegistry } from "./plain-registry.ts";
import { type PublishedImages, publish } from "./publish-images.ts";
import { createRunProcess } from "./run-process.ts";

/** Runs on arm64 and amd64, so that the bundles can be made on it, too. */
export const defaultBaseImage = "public.ecr.aws/lambda/nodejs:24";

export interface PublishOptions {
  readonly settings: EnvironmentSettings;
  /** Host of ECR, or of a registry that takes anybody. */
  readonly registry: string;
  /** Gets a line for each step. */
  readonly report: (line: string) => void;
  /** Base image by tag, which is looked up, or by digest, which is taken as it is (default: `defaultBaseImage`). */
  readonly baseImage?: string;
  /** AWS endpoint to use instead of AWS's own. */
  readonly endpoint?: string;
}

/**
 * Builds the images that the registry doesn't hold yet, pushes them, and writes `settings.imageDigestsFile`. Works on
 * the project in the working directory.
 *
 * @throws ImagesError that says what to do: nothing builds here, no credentials, wrong account, no repository, …
 */
export async function publishImages(options: PublishOptions): Promise<PublishedImages> {
  const { settings, report, baseImage = defaultBaseImage } = options;
  const root = process.cwd();
  return publish(settings, {
    bundle: () => bundleHashes(root),
    resolveBaseImage: () => pinned(baseImage),
    registry: openRegistry(options),
    chooseBuilder: () => chooseBuilder(createRunProcess(root)),
    readRecipe: () => readFile(join(root, dockerfile), "utf8"),
    writeDigests: (digests) => writeDigestMap(resolve(root, settings.imageDigestsFile), digests),
    report,
  });
}

/** @throws ImagesError "no-builder" when nothing on this machine builds images */
export async function checkBuilder(): Promise<void> {
  await chooseBuilder(createRunProcess(process.cwd()));
}

/**
 * The ECR registry that images of an environment go to: the one of the credentials' account, in the environment's region.
 * @throws ImagesError "no-credentials"
 */
export function environmentRegistry(settings: EnvironmentSettings, endpoint: string | undefined): Promise<string> {
  return ownEcrHost(ecrClient(settings.region, endpoint));
}

/** @throws ImagesError "wrong-account" when the registry is another account's than the environment's */
export function openRegistry({ settings, registry, endpoint }: PublishOptions): ImageRegistry {
  const ecr = parseEcrHost(registry);
  if (ecr === undefined) return createPlainRegistry(registry);
  const { accountId, name } = settings;
  if (accountId !== placeholderAccountId && ecr.accountId !== accountId) {
    throw new ImagesError(
      "wrong-account",
      `${registry} is of account ${ecr.accountId}, but ${name} lives in ${accountId}.`,
    );
  }
  return createEcrRegistry(ecrClient(ecr.region, endpoint), registry);
}

/**
 * A base image by digest.
 * @throws ImagesError "bad-base-image" when it isn't in its registry
 */
export async function pinned(image: string): Promise<string> {
  const reference = parseReference(image);
  if (isDigest(reference.version)) return image;
  const digest = await manifestDigest(reference);
  if (digest === undefined)
    throw new ImagesError("bad-base-image", `There is no image ${image}. Check its name and tag.`);
  return `${reference.registry}/${reference.repository}@${digest}`;
}

function ecrClient(region: string, endpoint: string | undefined): ECRClient {
  // What is said is what is called: no variable or profile sends it elsewhere.
  return new ECRClient({ region, ignoreConfiguredEndpointUrls: true, ...(endpoint === undefined ? {} : { endpoint }) });
}

/** SHA-256 of each function's bundle, made anew. */
async function bundleHashes(root: string): Promise<Record<LambdaName, string>> {
  await bundleLambdas(root);
  const hashes = (Object.keys(lambdas) as LambdaName[]).map(
    async (name) => [name, sha256(await readFile(join(root, bundlePath(name))))] as const,
  );
  return Object.fromEntries(await Promise.all(hashes)) as Record<LambdaName, string>;
}
