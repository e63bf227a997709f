import { environments } from "../../../config/environments.ts";
import type { LambdaName } from "../../../config/lambdas.ts";
import type { DigestMap } from "../../../tools/images/digest-map.ts";
import type { BuildRequest } from "../../../tools/images/image-builder.ts";
import { ImagesError } from "../../../tools/images/images-error.ts";
import { type PublishDependencies, publish } from "../../../tools/images/publish-images.ts";
import { baseImage, forEachFunction, functionNames } from "./samples.ts";

/** A registry that keeps what is pushed, a builder that pushes all it is asked for, and what both saw. */
function aWorkplace() {
  const images = new Map<string, string>();
  const builds: BuildRequest[] = [];
  const lines: string[] = [];
  const written: DigestMap[] = [];
  let pushes = 0;
  const dependencies: PublishDependencies = {
    bundle: async () => forEachFunction((_, at) => String(at).repeat(64)),
    resolveBaseImage: async () => baseImage,
    registry: {
      host: "registry.example",
      digestOf: async (repository, tag) => images.get(`registry.example/${repository}:${tag}`),
      login: async () => ({ username: "AWS", password: "hidden-password" }),
    },
    chooseBuilder: async () => ({
      name: "a builder",
      async buildAndPush(request) {
        builds.push(request);
        for (const { reference } of request.images) {
          pushes += 1;
          images.set(reference, `sha256:${String(pushes).padStart(64, "0")}`);
        }
      },
    }),
    readRecipe: async () => "FROM base",
    writeDigests: async (digests) => {
      written.push(digests);
    },
    report: (line) => lines.push(line),
  };
  return { dependencies, builds, lines, written };
}

const bundlesWith = (changed: LambdaName) =>
  forEachFunction((name, at) => (name === changed ? "f" : String(at)).repeat(64));

describe("publishing images", () => {
  it("builds and pushes every function where the registry is empty, and writes all digests", async () => {
    const { dependencies, builds, written } = aWorkplace();
    const { digests, pushed } = await publish(environments.dev, dependencies);
    expect(pushed).toEqual(functionNames);
    expect(builds).toEqual([
      {
        registry: "registry.example",
        baseImage,
        login: { username: "AWS", password: "hidden-password" },
        images: functionNames.map((name, at) => ({
          name,
          reference: expect.stringMatching(new RegExp(`^registry\\.example/${name}-dev:[0-9a-f]{32}$`)),
          bundleSha256: String(at).repeat(64),
        })),
      },
    ]);
    expect(Object.keys(digests).sort()).toEqual([...functionNames].sort());
    expect(written).toEqual([digests]);
  });

  it("needs no builder and no login when nothing has changed, and writes the same map", async () => {
    const { dependencies, written } = aWorkplace();
    await publish(environments.dev, dependencies);
    const unneeded = async () => {
      throw new Error("nobody should have asked");
    };
    const again = await publish(environments.dev, {
      ...dependencies,
      chooseBuilder: unneeded,
      registry: { ...dependencies.registry, login: unneeded },
    });
    expect(again.pushed).toEqual([]);
    expect(written).toHaveLength(2);
    expect(written[1]).toEqual(written[0]);
  });

  it("pushes only the function whose bytes have changed; the others keep their digests", async () => {
    const { dependencies, builds } = aWorkplace();
    const before = await publish(environments.dev, dependencies);
    const after = await publish(environments.dev, {
      ...dependencies,
      bundle: async () => bundlesWith("webhook-dedup"),
    });
    expect(after.pushed).toEqual(["webhook-dedup"]);
    expect(builds[1]?.images.map(({ name }) => name)).toEqual(["webhook-dedup"]);
    expect(after.digests["webhook-dedup"]).not.toBe(before.digests["webhook-dedup"]);
    expect({ ...after.digests, "webhook-dedup": "" }).toEqual({ ...before.digests, "webhook-dedup": "" });
  });

  it.each<[string, Partial<PublishDependencies>]>([
    ["base image", { resolveBaseImage: async () => baseImage.replaceAll("b", "c") }],
    ["Dockerfile", { readRecipe: async () => "FROM base AS other" }],
  ])("pushes all when the %s has changed", async (_, change) => {
    const { dependencies } = aWorkplace();
    await publish(environments.dev, dependencies);
    expect((await publish(environments.dev, { ...dependencies, ...change })).pushed).toEqual(functionNames);
  });

  it("keeps the environments' images apart", async () => {
    const { dependencies } = aWorkplace();
    await publish(environments.dev, dependencies);
    expect((await publish(environments.staging, dependencies)).pushed).toEqual(functionNames);
  });

  it("says what it does, and no password", async () => {
    const { dependencies, lines } = aWorkplace();
    await publish(environments.dev, dependencies);
    await publish(environments.dev, dependencies);
    const text = lines.join("\n");
    expect(text).toContain(`Base image: ${baseImage}`);
    expect(text).toContain(`Building with a builder: ${functionNames.join(", ")} …`);
    expect(text).toMatch(/Pushed: registry\.example\/webhook-dedup-dev:[0-9a-f]{32}/);
    expect(text).toMatch(/Unchanged: webhook-dedup, in the registry as registry\.example\/webhook-dedup-dev:/);
    expect(text).not.toContain("hidden-password");
  });

  it("leaves the map from before when the build fails, or what was pushed isn't there", async () => {
    const { dependencies, written } = aWorkplace();
    const failing = new ImagesError("build-failed", "it broke");
    const builders = {
      failing: { name: "failing", buildAndPush: () => Promise.reject(failing) },
      idle: { name: "idle", buildAndPush: async () => {} },
    };
    const withBuilder = (name: keyof typeof builders) =>
      publish(environments.dev, { ...dependencies, chooseBuilder: async () => builders[name] });
    await expect(withBuilder("failing")).rejects.toBe(failing);
    await expect(withBuilder("idle")).rejects.toMatchObject({
      code: "registry-refused",
      message: expect.stringMatching(/^registry\.example\/webhook-validator-dev:[0-9a-f]{32} isn't there after/),
    });
    expect(written).toEqual([]);
  });
});
