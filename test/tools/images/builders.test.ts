/** The two builders: what they call, and what of it anybody could see. */
import { existsSync } from "node:fs";
import { createBuildahBuilder } from "../../../tools/images/buildah-builder.ts";
import { chooseBuilder } from "../../../tools/images/choose-builder.ts";
import { createDockerBuilder } from "../../../tools/images/docker-builder.ts";
import type { BuildRequest } from "../../../tools/images/image-builder.ts";
import { baseImage, fakePrograms } from "./samples.ts";

const registry = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
const login = { username: "AWS", password: "hidden-password" };
const request: BuildRequest = {
  images: [
    { name: "webhook-dedup", reference: `${registry}/webhook-dedup-dev:t1`, bundleSha256: "1".repeat(64) },
    { name: "fraud-detector", reference: `${registry}/fraud-detector-dev:t2`, bundleSha256: "2".repeat(64) },
  ],
  baseImage,
  registry,
};

describe.each([
  ["docker", createDockerBuilder],
  ["buildah", createBuildahBuilder],
] as const)("%s", (program, createBuilder) => {
  it("logs in first, with the password on standard input and nowhere else", async () => {
    const { run, calls, lines } = fakePrograms();
    await createBuilder(run).buildAndPush({ ...request, login });
    expect(lines()[0]).toMatch(new RegExp(`^${program} login .*--username AWS --password-stdin ${registry}$`));
    expect(calls.map(({ input }) => input).filter((input) => input !== undefined)).toEqual([login.password]);
    expect(lines().join("\n")).not.toContain(login.password);
  });

  it("logs in nowhere without a login", async () => {
    const { run, lines } = fakePrograms();
    await createBuilder(run).buildAndPush(request);
    expect(lines().filter((line) => line.includes("login"))).toEqual([]);
  });

  it("tells what the program said last when it fails", async () => {
    const { run } = fakePrograms(() => ({ exitCode: 3, output: "first\nsecond\n" }));
    await expect(createBuilder(run).buildAndPush(request)).rejects.toMatchObject({
      name: "ImagesError",
      code: "build-failed",
      message: expect.stringMatching(/failed with exit code 3:\n {2}first\n {2}second$/),
    });
  });
});

describe("docker", () => {
  it("bakes the functions asked for in one call, without attestations", async () => {
    const { run, calls } = fakePrograms();
    await createDockerBuilder(run).buildAndPush(request);
    expect(calls).toHaveLength(1);
    const args = calls[0]?.args ?? [];
    expect(args.slice(-2)).toEqual(["webhook-dedup", "fraud-detector"]);
    expect(args).toEqual(expect.arrayContaining(["--push", "--provenance=false", "--sbom=false"]));
    expect(args.filter((_, at) => args[at - 1] === "--set")).toEqual([
      `*.args.BASE_IMAGE=${baseImage}`,
      "*.args.SOURCE_DATE_EPOCH=315532800",
      `webhook-dedup.tags=${registry}/webhook-dedup-dev:t1`,
      `webhook-dedup.args.BUNDLE_SHA256=${"1".repeat(64)}`,
      `fraud-detector.tags=${registry}/fraud-detector-dev:t2`,
      `fraud-detector.args.BUNDLE_SHA256=${"2".repeat(64)}`,
    ]);
  });
});

describe("buildah", () => {
  it("builds for arm64 with the time that all images have, then pushes", async () => {
    const { run, lines } = fakePrograms();
    await createBuildahBuilder(run).buildAndPush(request);
    const [build, push, ...rest] = lines();
    for (const part of [
      "--platform linux/arm64",
      "--timestamp 315532800",
      "--build-arg FUNCTION=webhook-dedup",
      `--build-arg BASE_IMAGE=${baseImage}`,
      `--build-arg BUNDLE_SHA256=${"1".repeat(64)}`,
      `--tag ${registry}/webhook-dedup-dev:t1 .`,
    ])
      expect(build).toContain(part);
    expect(push).toBe(`buildah push ${registry}/webhook-dedup-dev:t1`);
    expect(rest).toHaveLength(2);
  });

  it.each([
    ["well", 0],
    ["badly", 1],
  ])("keeps its login in a file of its own, which is gone when it ends %s", async (_, exitCode) => {
    let wasThere = false;
    const { run, calls } = fakePrograms(({ args }) => {
      wasThere ||= existsSync(folderOf(args));
      return { exitCode: args[0] === "push" ? exitCode : 0 };
    });
    await createBuildahBuilder(run)
      .buildAndPush({ ...request, login })
      .catch(() => {});
    const push = calls.find(({ args }) => args[0] === "push")?.args ?? [];
    expect(wasThere).toBe(true);
    expect(push).toContain("--authfile");
    expect(existsSync(folderOf(push))).toBe(false);
  });

  it("speaks to a registry on this machine without TLS, and to no other", async () => {
    const { run, lines } = fakePrograms();
    const images = [{ name: "webhook-dedup", reference: "127.0.0.1:5000/a:t", bundleSha256: "1" }] as const;
    await createBuildahBuilder(run).buildAndPush({ images, baseImage, registry: "127.0.0.1:5000" });
    expect(lines().map((line) => line.includes("--tls-verify=false"))).toEqual([false, true]);
  });
});

/** Folder of the file with the logins; one that isn't there without it. */
function folderOf(args: readonly string[]): string {
  const file = args[args.indexOf("--authfile") + 1];
  return args.includes("--authfile") && file !== undefined ? file.replace(/\/[^/]+$/, "") : "/no such folder";
}

describe("the builder", () => {
  const only = (...present: readonly string[]) =>
    fakePrograms(({ program, args }) => ({ exitCode: present.includes(`${program} ${args[0]}`) ? 0 : undefined }));

  it.each([
    [["docker version", "docker buildx", "buildah --version"], "docker buildx"],
    [["docker buildx", "buildah --version"], "buildah"],
    [["docker version", "buildah --version"], "buildah"],
  ])("of a machine where %j answer", async (present, name) => {
    expect((await chooseBuilder(only(...present).run)).name).toBe(name);
  });

  it("has to be installed where there is none", async () => {
    await expect(chooseBuilder(only("docker buildx").run)).rejects.toMatchObject({
      code: "no-builder",
      message: expect.stringContaining("Start Docker, with its buildx plugin, or install buildah"),
    });
  });
});
