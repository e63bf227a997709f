import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BuildRequest,
  dockerfile,
  type ImageBuilder,
  type ImageOrder,
  mustSucceed,
  platform,
  sourceDateEpoch,
} from "./image-builder.ts";
import { isPlainHttp } from "./image-reference.ts";
import type { RunProcess } from "./run-process.ts";

/** Builds image by image with buildah, which needs no daemon. Its layers are kept, so the stages are shared all the same. */
export function createBuildahBuilder(run: RunProcess): ImageBuilder {
  return {
    name: "buildah",
    async buildAndPush(request) {
      // The password is for this run only: it doesn't stay in the user's own file of logins.
      const directory = await mkdtemp(join(tmpdir(), "images-"));
      try {
        const authorization = await logIn(run, request, join(directory, "auth.json"));
        for (const image of request.images) {
          mustSucceed(`buildah build of ${image.name}`, await run("buildah", buildArguments(image, request)));
          const push = ["push", ...tlsArguments(request.registry), ...authorization, image.reference];
          mustSucceed(`buildah push of ${image.name}`, await run("buildah", push));
        }
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

export async function hasBuildah(run: RunProcess): Promise<boolean> {
  return (await run("buildah", ["--version"])).exitCode === 0;
}

/** @returns the arguments that let buildah push */
async function logIn(run: RunProcess, { registry, login }: BuildRequest, file: string): Promise<readonly string[]> {
  if (login === undefined) return [];
  const authorization = ["--authfile", file];
  const args = ["login", ...authorization, "--username", login.username, "--password-stdin", registry];
  mustSucceed(`buildah login to ${registry}`, await run("buildah", args, { input: login.password }));
  return authorization;
}

function buildArguments({ name, reference, bundleSha256 }: ImageOrder, { baseImage }: BuildRequest): readonly string[] {
  const values = {
    FUNCTION: name,
    BASE_IMAGE: baseImage,
    BUNDLE_SHA256: bundleSha256,
    SOURCE_DATE_EPOCH: String(sourceDateEpoch),
    // Releases before 1.30 don't know it by themselves.
    BUILDPLATFORM: `linux/${process.arch === "x64" ? "amd64" : process.arch}`,
  };
  return [
    ...["build", "--file", dockerfile, "--ignorefile", `${dockerfile}.dockerignore`, "--platform", platform],
    ...["--layers", "--timestamp", String(sourceDateEpoch), ...tlsArguments(baseImage)],
    ...Object.entries(values).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]),
    ...["--tag", reference, "."],
  ];
}

/** A registry on this machine speaks plain HTTP. */
function tlsArguments(reference: string): readonly string[] {
  const host = reference.split("/")[0] ?? "";
  return isPlainHttp(host) ? ["--tls-verify=false"] : [];
}
