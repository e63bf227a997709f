/**
 * The digest maps of what was deployed, one file per release, so that there is something to go back to. Each is a map
 * as the image build writes it, and `deploy --digests <file>` takes it.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DeployError } from "./deploy-error.ts";

/** Puts an earlier release's digests in the place of the present ones. @throws DeployError when there is no such file */
export function takeDigests(root: string, from: string, imageDigestsFile: string): void {
  if (!existsSync(from)) {
    throw new DeployError(
      "configuration",
      `There is no file ${from}. Releases are kept in dist/releases/<environment>/.`,
    );
  }
  const to = join(root, imageDigestsFile);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/**
 * Keeps the digests of a deployment that has succeeded.
 *
 * @returns the file, from the root: `dist/releases/<environment>/<UTC time>-<commit>.json`; undefined without digests
 */
export function keepRelease(
  root: string,
  {
    environment,
    imageDigestsFile,
    nowMs,
  }: { readonly environment: string; readonly imageDigestsFile: string; readonly nowMs: number },
): string | undefined {
  const digests = join(root, imageDigestsFile);
  if (!existsSync(digests)) return undefined;
  const folder = join("dist/releases", environment);
  mkdirSync(join(root, folder), { recursive: true });
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, "");
  const file = join(
    folder,
    [time, commitOf(root)]
      .filter((part) => part !== "")
      .join("-")
      .concat(".json"),
  );
  copyFileSync(digests, join(root, file));
  return file;
}

/** Short hash of the commit that is checked out; empty outside of a Git repository. */
function commitOf(root: string): string {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}
