import { type BuildRequest, bakeFile, type ImageBuilder, mustSucceed, sourceDateEpoch } from "./image-builder.ts";
import type { RunProcess } from "./run-process.ts";

/** Builds all images in one run of `docker buildx bake`, which shares their stages. */
export function createDockerBuilder(run: RunProcess): ImageBuilder {
  return {
    name: "docker buildx",
    async buildAndPush(request) {
      const { registry, login } = request;
      if (login !== undefined) {
        const args = ["login", "--username", login.username, "--password-stdin", registry];
        mustSucceed(`docker login to ${registry}`, await run("docker", args, { input: login.password }));
      }
      mustSucceed("docker buildx bake", await run("docker", bakeArguments(request)));
    },
  };
}

/** Whether a daemon answers, and the plugin is there. */
export async function hasDocker(run: RunProcess): Promise<boolean> {
  const answers = [
    await run("docker", ["version", "--format", "{{.Server.Version}}"]),
    await run("docker", ["buildx", "version"]),
  ];
  return answers.every(({ exitCode }) => exitCode === 0);
}

function bakeArguments({ images, baseImage }: BuildRequest): readonly string[] {
  const settings = [
    `*.args.BASE_IMAGE=${baseImage}`,
    `*.args.SOURCE_DATE_EPOCH=${sourceDateEpoch}`,
    ...images.flatMap(({ name, reference, bundleSha256 }) => [
      `${name}.tags=${reference}`,
      `${name}.args.BUNDLE_SHA256=${bundleSha256}`,
    ]),
  ];
  return [
    ...["buildx", "bake", "--file", bakeFile, "--push", "--provenance=false", "--sbom=false", "--progress", "plain"],
    ...settings.flatMap((setting) => ["--set", setting]),
    ...images.map(({ name }) => name),
  ];
}
