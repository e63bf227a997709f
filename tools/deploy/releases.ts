/**
 * The digest maps of what was deployed, one file per release, so that there is something to go back to. Each is a map
 * as the image build writes it, and `deploy --digests <file>` takes it.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { DeployError } from "./deploy-error.ts";

/** Digests of all functions; a release with fewer would deploy a function without an image. */
const releaseSchema = v.strictObject(
  v.entriesFromList(
    Object.keys(lambdas) as LambdaName[],
    v.pipe(v.string(), v.regex(/^sha256:(?!0{64}$)[0-9a-f]{64}$/, "is no sha256 digest of an image")),
  ),
);

/**
 * Puts an earlier release's digests in the place of the present ones.
 *
 * @returns what puts the present ones back, for a deployment that fails
 * @throws DeployError "configuration" when there is no such file or it isn't a release; nothing is changed then
 */
export function takeDigests(root: string, from: string, imageDigestsFile: string): () => void {
  if (!existsSync(from)) {
    throw new DeployError(
      "configuration",
      `There is no file ${from}. Releases are kept in dist/releases/<environment>/.`,
    );
  }
  const release = readRelease(from);
  const to = join(root, imageDigestsFile);
  const present = existsSync(to) ? readFileSync(to) : undefined;
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, release);
  return () => {
    if (present === undefined) rmSync(to, { force: true });
    else writeFileSync(to, present);
  };
}

/** The file's text, once it is known to be a release. */
function readRelease(file: string): string {
  const text = readFileSync(file, "utf8");
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new DeployError("configuration", `${file} is not JSON, so it is no release.`, { cause });
  }
  const { success, issues = [] } = v.safeParse(releaseSchema, content);
  if (success) return text;
  const problems = issues.map((issue) => [v.getDotPath(issue), issue.message].filter((part) => part).join(": "));
  const advice = "A release holds the digest of each function in config/lambdas.ts, and nothing else.";
  throw new DeployError("configuration", `${file} is no release: ${problems.join("; ")}. ${advice}`);
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
