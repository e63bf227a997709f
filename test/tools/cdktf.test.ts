/** `tools/cdktf` with a program in the place of npx, which tells what it was given. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktf-"));
  writeFileSync(join(folder, "npx"), '#!/bin/sh\necho "$CHECKPOINT_DISABLE $*"\n');
  chmodSync(join(folder, "npx"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

it("passes its words on, and asks nobody for newer versions", () => {
  const script = join(__dirname, "../../tools/cdktf");
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const said = execFileSync("sh", [script, "diff", "data-dev"], { encoding: "utf8", env });
  expect(said).toMatch(/^1 --yes --package cdktf-cli@\S+ --package node-\S+ -- cdktf diff data-dev\n$/);
});
