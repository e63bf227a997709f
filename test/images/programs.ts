/** Programs that the tests of images run, and whether they are there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Runs a program to its end; gives its standard output.
 * @throws Error with what it said, when it fails
 */
export function run(
  program: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, ...variables },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(" ")} ended with ${status ?? error?.message}:\n${stdout}${stderr}`);
}

function isThere(program: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$0"', program]).status === 0;
}

const toBuild = ["buildah", "docker-registry", "mmdebstrap"];
const missing = toBuild.filter((program) => !isThere(program));

/** Why nothing can be built here; undefined when it can. */
export const noBuild =
  missing.length === 0 ? undefined : `not here: ${missing.join(", ")} (Debian: apt-get install ${missing.join(" ")})`;

/** Whether a Docker daemon with buildx answers. */
export const hasDocker =
  spawnSync("docker", ["version"]).status === 0 && spawnSync("docker", ["buildx", "version"]).status === 0;

const canEmulate = process.arch === "arm64" || existsSync("/proc/sys/fs/binfmt_misc/qemu-aarch64");

/** Why no image can be run here; undefined when one can. */
export const noRun = !isThere("podman")
  ? "not here: podman (Debian: apt-get install podman runc)"
  : canEmulate
    ? undefined
    : "this machine doesn't run arm64 programs (Debian: apt-get install qemu-user-static, then register it: .ci/image-tools)";
