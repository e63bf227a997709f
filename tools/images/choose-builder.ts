import { createBuildahBuilder, hasBuildah } from "./buildah-builder.ts";
import { createDockerBuilder, hasDocker } from "./docker-builder.ts";
import type { ImageBuilder } from "./image-builder.ts";
import { ImagesError } from "./images-error.ts";
import type { RunProcess } from "./run-process.ts";

/**
 * Docker where its daemon answers, else buildah.
 * @throws ImagesError "no-builder" when neither does
 */
export async function chooseBuilder(run: RunProcess): Promise<ImageBuilder> {
  if (await hasDocker(run)) return createDockerBuilder(run);
  if (await hasBuildah(run)) return createBuildahBuilder(run);
  throw new ImagesError(
    "no-builder",
    "Nothing here can build images. Start Docker, with its buildx plugin, or install buildah " +
      "(on Debian and Ubuntu: apt-get install buildah), which needs no daemon.",
  );
}
