import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lambdas } from "../../../config/lambdas.ts";
import { keepRelease, takeDigests } from "../../../tools/deploy/releases.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "releases-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const release = {
  environment: "dev",
  imageDigestsFile: "dist/image-digests-dev.json",
  nowMs: Date.parse("2026-11-20T10:51:25.123Z"),
};
const digestMap = (digit: string) =>
  JSON.stringify(Object.fromEntries(Object.keys(lambdas).map((name) => [name, `sha256:${digit.repeat(64)}`])));
const digests = () => readFileSync(join(root, release.imageDigestsFile), "utf8");

describe("a release", () => {
  it("is kept, and can be taken again", () => {
    const one = digestMap("1");
    mkdirSync(join(root, "dist"));
    writeFileSync(join(root, release.imageDigestsFile), one);
    const file = keepRelease(root, release);
    expect(file).toMatch(/^dist\/releases\/dev\/20261120T105125Z(-[0-9a-f]+)?\.json$/);

    const two = digestMap("2");
    writeFileSync(join(root, release.imageDigestsFile), two);
    const putBack = takeDigests(root, join(root, file ?? ""), release.imageDigestsFile);
    expect(digests()).toBe(one);
    putBack();
    expect(digests()).toBe(two);
  });

  it("that was taken where there were no digests leaves none when it is put back", () => {
    writeFileSync(join(root, "release.json"), digestMap("1"));
    takeDigests(root, join(root, "release.json"), release.imageDigestsFile)();
    expect(existsSync(join(root, release.imageDigestsFile))).toBe(false);
  });

  it.each([
    ["no JSON", "{", "is not JSON"],
    ["a map without all functions", JSON.stringify({ "fraud-detector": `sha256:${"1".repeat(64)}` }), "Invalid key"],
    ["a map of what isn't built", digestMap("0"), "fraud-detector: is no sha256 digest"],
    ["a map with a stranger", digestMap("1").replace("{", '{"stranger":"x",'), "stranger"],
  ])("with %s is refused by its own name, and the present digests stay", (_, text, words) => {
    mkdirSync(join(root, "dist"));
    writeFileSync(join(root, release.imageDigestsFile), "present");
    const file = join(root, "release.json");
    writeFileSync(file, text);
    const take = () => takeDigests(root, file, release.imageDigestsFile);
    expect(take).toThrow(expect.objectContaining({ code: "configuration" }));
    expect(take).toThrow(file);
    expect(take).toThrow(words);
    expect(digests()).toBe("present");
  });

  it("isn't kept where nothing was built", () => {
    expect(keepRelease(root, release)).toBeUndefined();
    expect(existsSync(join(root, "dist"))).toBe(false);
  });

  it("that isn't there is refused", () => {
    const take = () => takeDigests(root, join(root, "nothing.json"), release.imageDigestsFile);
    expect(take).toThrow(expect.objectContaining({ code: "configuration" }));
  });
});
