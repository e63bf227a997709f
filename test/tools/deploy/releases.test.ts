import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
const digests = () => readFileSync(join(root, release.imageDigestsFile), "utf8");

describe("a release", () => {
  it("is kept, and can be taken again", () => {
    mkdirSync(join(root, "dist"));
    writeFileSync(join(root, release.imageDigestsFile), '{"one": 1}');
    const file = keepRelease(root, release);
    expect(file).toMatch(/^dist\/releases\/dev\/20261120T105125Z(-[0-9a-f]+)?\.json$/);

    writeFileSync(join(root, release.imageDigestsFile), '{"two": 2}');
    takeDigests(root, join(root, file ?? ""), release.imageDigestsFile);
    expect(digests()).toBe('{"one": 1}');
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
