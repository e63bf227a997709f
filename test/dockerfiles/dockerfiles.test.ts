/** What the Dockerfile and the bake file promise, read from their text. That they build is shown by test/images. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lambdas } from "../../config/lambdas.ts";
import { sourceDateEpoch } from "../../tools/images/image-builder.ts";
import { defaultBaseImage } from "../../tools/images/publish.ts";

const textOf = (name: string) => readFileSync(join(__dirname, "../../dockerfiles", name), "utf8");
const bake = textOf("docker-bake.hcl");
const dockerfile = textOf("Dockerfile");

/** Instructions, with their continued lines, without comments. */
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll("\\\n", " ")
  .split("\n")
  .filter((line) => line.trim() !== "");
const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith("FROM ")));

describe("docker-bake.hcl", () => {
  it("has one image for each function of the manifest", () => {
    const [, list = ""] = /matrix = \{\s*function = \[([^\]]*)\]/.exec(bake) ?? [];
    const matrix = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    expect(matrix).toEqual(Object.keys(lambdas));
  });

  it("builds for arm64 alone, without the attestations that would make an index of the image", () => {
    expect(bake).toContain('platforms  = ["linux/arm64"]');
    expect(bake).toContain('attest = ["type=provenance,disabled=true", "type=sbom,disabled=true"]');
  });
});

describe("the Dockerfile", () => {
  it("needs no frontend from elsewhere", () => {
    expect(dockerfile).not.toMatch(/^#\s*syntax\s*=/im);
  });

  it("stands on one base, which is an argument", () => {
    const bases = instructions.flatMap((line) => /^FROM (?:--platform=\S+ )?(\S+)/.exec(line)?.[1] ?? []);
    expect(bases.map((base) => base.replaceAll(/[${}]/g, ""))).toEqual([
      "BASE_IMAGE",
      "dependencies",
      "bundles",
      "BASE_IMAGE",
    ]);
  });

  it("runs nothing for arm64: what runs is for the builder's platform, and the last stage only copies", () => {
    expect(instructions.filter((line) => /^FROM .*BASE_IMAGE/.test(line)).map((line) => line.split(" ")[1])).toEqual([
      "--platform=$BUILDPLATFORM",
      "--platform=$TARGETPLATFORM",
    ]);
    expect(lastStage.slice(1).filter((line) => !/^(COPY|ENV|CMD) /.test(line))).toEqual([]);
  });

  it("calls the handler that the bundle exports", () => {
    expect(lastStage.at(-1)).toBe('CMD ["index.handler"]');
  });
});

it("time and base are the same in the Dockerfile, the bake file and the command", () => {
  const epochs = [
    /ARG SOURCE_DATE_EPOCH=(\d+)/.exec(dockerfile),
    /"SOURCE_DATE_EPOCH" \{\s*default = "(\d+)"/.exec(bake),
  ];
  expect(epochs.map((match) => match?.[1])).toEqual([String(sourceDateEpoch), String(sourceDateEpoch)]);
  const bases = [/ARG BASE_IMAGE=(\S+)/.exec(dockerfile), /"BASE_IMAGE" \{\s*default = "([^"]+)"/.exec(bake)];
  expect(bases.map((match) => match?.[1])).toEqual([defaultBaseImage, defaultBaseImage]);
});
