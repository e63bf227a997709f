/** Where images are built for real: a copy of the project, a registry with a base image, and buildah's own storage. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pushBaseImage } from "./base-image.ts";
import { type Registry, startRegistry } from "./registry.ts";

const root = join(__dirname, "../..");
const copied = ["config", "lambdas", "dockerfiles", "package.json", "package-lock.json", "tsconfig.json"];

/** What `cli images --json` prints, and the lines that it tells a person. */
interface Published {
  readonly digests: Readonly<Record<string, string>>;
  readonly pushed: readonly string[];
  readonly lines: string;
}

export interface Workplace {
  /** A copy of the project that may be changed. */
  readonly project: string;
  readonly registry: Registry;
  /** Variables for buildah and podman. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Runs `cli images` in the copy.
   * @param useDocker whether it may find the Docker daemon
   * @throws Error with what it said, when it fails
   */
  publish(environment: string, useDocker: boolean): Published;
  /** Makes buildah forget all that it has built and pulled. */
  forgetLayers(): void;
  remove(): void;
}

export async function createWorkplace(): Promise<Workplace> {
  const directory = mkdtempSync(join(tmpdir(), "image-tests-"));
  const project = join(directory, "project");
  for (const path of copied) cpSync(join(root, path), join(project, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  const variables = containerSettings(directory);
  let registry: Registry | undefined;
  const remove = () => {
    registry?.stop();
    forget(variables);
    // Where podman ran, its storage is mounted onto itself.
    spawnSync("umount", [join(directory, "storage/overlay")]);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    registry = await startRegistry(directory);
    const baseImage = pushBaseImage(directory, registry.host, variables);
    return { ...open({ directory, project, registry, baseImage, variables }), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

interface Prepared extends Pick<Workplace, "project" | "registry" | "variables"> {
  readonly directory: string;
  readonly baseImage: string;
}

function open({ directory, project, registry, baseImage, variables }: Prepared): Omit<Workplace, "remove"> {
  return {
    project,
    registry,
    variables,
    publish(environment, useDocker) {
      const tsx = pathToFileURL(require.resolve("tsx")).href;
      const args = ["images", "--env", environment, "--registry", registry.host, "--base", baseImage, "--json"];
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["--import", tsx, join(root, "tools/cli.ts"), ...args],
        {
          cwd: project,
          encoding: "utf8",
          env: { ...process.env, ...variables, ...(useDocker ? {} : { DOCKER_HOST: `unix://${directory}/no-docker` }) },
        },
      );
      if (status !== 0) throw new Error(`cli images ended with ${status}:\n${stderr}`);
      return { ...(JSON.parse(stdout) as Omit<Published, "lines">), lines: stderr };
    },
    forgetLayers: () => forget(variables),
  };
}

function forget(variables: Readonly<Record<string, string>>): void {
  spawnSync("buildah", ["rmi", "--all", "--force"], { env: { ...process.env, ...variables } });
}

/** Settings for buildah and podman that touch nothing of the machine's, and need no more rights than a container has. */
function containerSettings(directory: string): Readonly<Record<string, string>> {
  const storage = (driver: string) =>
    `[storage]\ndriver = "${driver}"\ngraphroot = "${directory}/storage"\nrunroot = "${directory}/run"\n`;
  const file = join(directory, "storage.conf");
  const containers = join(directory, "containers.conf");
  writeFileSync(
    containers,
    [
      '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
      '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\n',
    ].join("\n"),
  );
  const variables = { CONTAINERS_STORAGE_CONF: file, CONTAINERS_CONF: containers, BUILDAH_ISOLATION: "chroot" };
  mkdirSync(join(directory, "run"));
  writeFileSync(file, storage("overlay"));
  // Overlays can't be laid over overlays: within a container, files are copied instead.
  const works = spawnSync("buildah", ["info"], { env: { ...process.env, ...variables } }).status === 0;
  if (!works) writeFileSync(file, storage("vfs"));
  return variables;
}
