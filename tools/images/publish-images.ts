/** Which images have to be built, and that they are: the deed of `cli images`, as a function of what it needs. */
import type { EnvironmentSettings } from "../../config/environments.ts";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { names } from "../../config/names.ts";
import { contentTag } from "./content-tag.ts";
import type { DigestMap } from "./digest-map.ts";
import type { ImageBuilder, ImageOrder } from "./image-builder.ts";
import type { ImageRegistry } from "./image-registry.ts";
import { ImagesError } from "./images-error.ts";

export interface PublishDependencies {
  /** Bundles every function; gives the SHA-256 of each bundle. */
  bundle(): Promise<Readonly<Record<LambdaName, string>>>;
  /** The base image by digest, as the registry has it now. */
  resolveBaseImage(): Promise<string>;
  readonly registry: ImageRegistry;
  /** Asked for only when something has to be built: a machine without a builder can publish what is there already. */
  chooseBuilder(): Promise<ImageBuilder>;
  /** Text of the Dockerfile. */
  readRecipe(): Promise<string>;
  writeDigests(digests: DigestMap): Promise<void>;
  /** Tells a person what happens, line by line. */
  report(line: string): void;
}

export interface PublishedImages {
  readonly digests: Record<LambdaName, string>;
  /** Functions that were built and pushed now; the others were in the registry already. */
  readonly pushed: readonly LambdaName[];
  /** What they stand on, by digest. */
  readonly baseImage: string;
}

interface Image extends ImageOrder {
  readonly repository: string;
  readonly tag: string;
}

/**
 * Sees to it that the registry holds the image of every function as it is now, and writes the map of their digests. The
 * map is written last, and whole: a build that fails leaves the one from before.
 *
 * @throws ImagesError
 */
export async function publish(settings: EnvironmentSettings, to: PublishDependencies): Promise<PublishedImages> {
  const { registry, report } = to;
  const baseImage = await to.resolveBaseImage();
  report(`Base image: ${baseImage}`);
  const images = imagesOf({ bundles: await to.bundle(), baseImage, recipe: await to.readRecipe(), settings, registry });
  const before = await digestsIn(registry, images);
  const missing = images.filter(({ name }) => !before.has(name));
  for (const { name, reference } of images.filter(({ name }) => before.has(name))) {
    report(`Unchanged: ${name}, in the registry as ${reference}`);
  }
  if (missing.length > 0) {
    const builder = await to.chooseBuilder();
    report(`Building with ${builder.name}: ${missing.map(({ name }) => name).join(", ")} …`);
    const login = await registry.login();
    await builder.buildAndPush({
      images: missing.map(({ name, reference, bundleSha256 }) => ({ name, reference, bundleSha256 })),
      baseImage,
      registry: registry.host,
      ...(login === undefined ? {} : { login }),
    });
  }
  const pushed = await digestsIn(registry, missing);
  for (const { name, reference } of missing) {
    if (!pushed.has(name)) throw new ImagesError("registry-refused", `${reference} isn't there after it was pushed.`);
    report(`Pushed: ${reference}`);
  }
  const digests = Object.fromEntries([...before, ...pushed]) as Record<LambdaName, string>;
  await to.writeDigests(digests);
  return { digests, pushed: missing.map(({ name }) => name), baseImage };
}

function imagesOf(made: {
  readonly bundles: Readonly<Record<LambdaName, string>>;
  readonly baseImage: string;
  readonly recipe: string;
  readonly settings: EnvironmentSettings;
  readonly registry: ImageRegistry;
}): readonly Image[] {
  const { bundles, baseImage, recipe, settings, registry } = made;
  const repositories = names(settings.name);
  return (Object.keys(lambdas) as LambdaName[]).map((name) => {
    const repository = repositories.lambda(name);
    const bundleSha256 = bundles[name];
    const tag = contentTag({ bundleSha256, baseImage, recipe });
    return { name, repository, tag, bundleSha256, reference: `${registry.host}/${repository}:${tag}` };
  });
}

/** The digests of those that the registry holds. */
async function digestsIn(registry: ImageRegistry, images: readonly Image[]): Promise<Map<LambdaName, string>> {
  const digests = await Promise.all(
    images.map(async ({ name, repository, tag }) => [name, await registry.digestOf(repository, tag)] as const),
  );
  return new Map(digests.flatMap(([name, digest]) => (digest === undefined ? [] : [[name, digest] as const])));
}
