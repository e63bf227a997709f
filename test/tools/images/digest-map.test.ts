import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImageDigests } from "../../../stacks/imageDigests.ts";
import { writeDigestMap } from "../../../tools/images/digest-map.ts";
import { digests } from "./samples.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "digest-map-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the map of digests", () => {
  it("is what the stacks read, in a folder that needn't be there", async () => {
    const file = join(folder, "dist/digests.json");
    await writeDigestMap(file, digests);
    expect(readImageDigests(file)).toEqual(digests);
  });

  it("takes the place of the one before, and leaves nothing else behind", async () => {
    const file = join(folder, "digests.json");
    writeFileSync(file, "{");
    await writeDigestMap(file, digests);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(digests);
    expect(readdirSync(folder)).toEqual(["digests.json"]);
  });

  it("leaves nothing half-done where it can't be put", async () => {
    mkdirSync(join(folder, "digests.json/in-the-way"), { recursive: true });
    await expect(writeDigestMap(join(folder, "digests.json"), digests)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(["digests.json"]);
  });
});
