import type { Command } from "commander";
import { explainError } from "../aws/explain-error.ts";
import { resolveTarget } from "../aws/target.ts";
import { ImagesError } from "../images/images-error.ts";
import { defaultBaseImage, environmentRegistry, publishImages } from "../images/publish.ts";
import type { PublishedImages } from "../images/publish-images.ts";
import type { CommonOptions, Surroundings } from "./context.ts";
import { type CommandResult, failed, usage } from "./result.ts";
import { tableLines } from "./text/table.ts";

interface ImagesOptions extends CommonOptions {
  readonly registry?: string;
  readonly base: string;
}

/** `cli images`: the functions' images, built where they have changed, pushed, and written down for the stacks. */
export const imagesCommand = {
  describe: (command: Command): Command =>
    command
      .description("Build the functions' images, push those that the registry doesn't hold, write their digests.")
      .option("--registry <host>", "registry to push to (default: ECR of your credentials' account)")
      .option("--base <image>", "base image, by tag or by digest", defaultBaseImage)
      .addHelpText("after", notes),
  examples: ["images --env dev", "images --env dev --registry 127.0.0.1:5000 --json"],
  async run(surroundings: Surroundings, options: ImagesOptions): Promise<CommandResult> {
    if (options.local)
      return usage("The local runtime runs the bundles themselves, without images. Leave --local out.");
    if (options.env === undefined) return usage("Say whose images: --env with the environment's name.");
    if (options.registry !== undefined && !/^[a-z0-9.-]+(:\d+)?$/i.test(options.registry)) {
      return usage(
        `"${options.registry}" is no registry's host. Write it like 127.0.0.1:5000, without a scheme or a path.`,
      );
    }
    const resolved = resolveTarget(options, surroundings.variables);
    if (resolved.kind === "usage") return resolved;
    const { target } = resolved;
    const settings = { ...target.settings, region: target.region };
    try {
      const registry = options.registry ?? (await environmentRegistry(settings, target.endpoint));
      surroundings.err(`Images of ${settings.name}, to ${registry}.`);
      const report = (line: string) => surroundings.err(line);
      const published = await publishImages({
        settings,
        registry,
        report,
        baseImage: options.base,
        ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
      });
      return done(published, { registry, file: settings.imageDigestsFile });
    } catch (error) {
      return failed(error instanceof ImagesError ? error.message : explainError(error, target));
    }
  },
};

const notes = `
An image's tag comes from its content: the function's bundle, the base image's digest and the Dockerfile. What the
registry holds under its tag is neither built nor pushed again. Nothing that runs is changed: functions take the new
digests with the next deploy. Builds with Docker (buildx) where its daemon answers, else with buildah.`;

/** The result as text and as data. */
export function done(
  { digests, pushed, baseImage }: PublishedImages,
  { registry, file }: { readonly registry: string; readonly file: string },
): CommandResult {
  const rows = Object.entries(digests).map(([name, digest]) => [
    name,
    pushed.some((one) => one === name) ? "pushed" : "unchanged",
    digest,
  ]);
  const table = tableLines([{ title: "FUNCTION" }, { title: "IMAGE" }, { title: "DIGEST" }], rows);
  const text = [...table, "", `${pushed.length} of ${rows.length} pushed; digests in ${file}.`].join("\n");
  return { kind: "done", text, json: { registry, baseImage, digests, pushed, file } };
}
