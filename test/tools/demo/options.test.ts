import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usageExitCode, wholeNumber, writableFile } from "../../../tools/demo/options.ts";

const folder = mkdtempSync(join(tmpdir(), "options-"));

describe("writableFile", () => {
  it("takes a file that can be made, and one that is there, which it leaves as it is", () => {
    expect(writableFile(join(folder, "new.json"))).toBe(join(folder, "new.json"));
    expect(existsSync(join(folder, "new.json"))).toBe(true);
    writeFileSync(join(folder, "old.json"), "kept");
    writableFile(join(folder, "old.json"));
    expect(readFileSync(join(folder, "old.json"), "utf8")).toBe("kept");
  });

  it.each([
    ["in a folder that isn't there", "/nonexistent/x", /folder doesn't exist/],
    ["that is a folder", folder, /is a folder/],
    ["below a file", join(folder, "old.json", "x"), /folder is a file/],
  ])("refuses one %s in words", (_what, file, words) => {
    expect(() => writableFile(file)).toThrow(words);
  });
});

it.each(["59", "60.5", "many", ""])("wholeNumber refuses %j", (value) => {
  expect(() => wholeNumber(60)(value)).toThrow("whole number from 60");
});

it("a usage error ends with 2, help with 0", () => {
  expect([usageExitCode({ exitCode: 1 }), usageExitCode({ exitCode: 0 })]).toEqual([2, 0]);
});
