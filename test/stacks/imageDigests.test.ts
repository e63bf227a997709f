import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../../config/configuration-error.ts";
import { readImageDigests } from "../../stacks/imageDigests.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const placeholder = `sha256:${"0".repeat(64)}`;

describe("readImageDigests", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "digests-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function written(content: unknown): string {
    const file = join(folder, "digests.json");
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  it("reads what was built, and puts a placeholder for the rest", () => {
    expect(readImageDigests(written({ "fraud-detector": digest }))).toMatchObject({
      "fraud-detector": digest,
      "webhook-dedup": placeholder,
    });
  });

  it("puts a placeholder for all before the first build", () => {
    expect(new Set(Object.values(readImageDigests(join(folder, "none.json"))))).toEqual(new Set([placeholder]));
  });

  it("refuses functions and digests that are none, all at once", () => {
    const file = written({ "fraud-detector": "latest", "no-such-function": digest });
    expect(() => readImageDigests(file)).toThrow(
      /digests\.json: "fraud-detector" has no sha256 digest; "no-such-function" is not in config\/lambdas\.ts\./,
    );
  });

  it.each([
    ["{", /digests\.json is not JSON\. Build the images again/],
    [null, /digests\.json holds no JSON object\./],
    [[digest], /digests\.json holds no JSON object\./],
    [{ "no-such-function": digest }, /is not in config/],
  ])("takes %j for a wrong setting, not for a bug", (content, words) => {
    const file = written(content);
    expect(() => readImageDigests(file)).toThrow(ConfigurationError);
    expect(() => readImageDigests(file)).toThrow(words);
  });
});
