/**
 * A stand-in for AWS's base image, from Debian's and npm's packages, for the machine's own platform and arm64: same
 * paths, same variables, another system below them. What is built on it is our part of an image; what AWS puts below is
 * not tried here.
 */
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./programs.ts";

/** What Node needs, and for the platform that bundles, what the Dockerfile's commands need. */
const debianPackages = {
  toRun: "libc6,libstdc++6,libgcc-s1,libatomic1,base-files",
  toBundle: "dash,coreutils,sed,grep,bash",
} as const;

const certificates = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Makes the image and pushes it, as an index of two platforms.
 * @param directory for what is made on the way
 * @param variables that buildah runs with
 * @returns the reference
 */
export function pushBaseImage(
  directory: string,
  registry: string,
  variables: Readonly<Record<string, string>>,
): string {
  const index = "localhost/base:24";
  const buildah = (...args: readonly string[]) => run("buildah", args, variables).trim();
  buildah("manifest", "create", index);
  const own = process.arch === "x64" ? "amd64" : process.arch;
  for (const architecture of new Set([own, "arm64"])) {
    const container = buildah("from", "--arch", architecture, "scratch");
    const isOwn = architecture === own;
    buildah("add", container, debianRoot(directory, architecture, isOwn), "/");
    buildah("copy", container, nodeFiles(directory, architecture, isOwn), "/");
    buildah("config", "--arch", architecture, "--os", "linux", "--workingdir", "/var/task", ...settings, container);
    buildah("commit", "--rm", container, `${index}-${architecture}`);
    buildah("manifest", "add", index, `${index}-${architecture}`);
  }
  const reference = `${registry}/lambda/nodejs:24`;
  buildah("manifest", "push", "--all", "--tls-verify=false", index, `docker://${reference}`);
  return reference;
}

/** As in AWS's image, but for the entry point, which is a shell script there. */
const settings = [
  ...["--env", "LAMBDA_TASK_ROOT=/var/task", "--env", "PATH=/var/lang/bin:/usr/local/bin:/usr/bin:/bin"],
  ...["--entrypoint", '["/var/lang/bin/node", "/var/runtime/runtime.cjs"]'],
];

/** Debian's packages unpacked, as a tar. None of their scripts is run, so no emulation is needed. */
function debianRoot(directory: string, architecture: string, isOwn: boolean): string {
  const tar = join(directory, `debian-${architecture}.tar`);
  const packages = isOwn ? `${debianPackages.toRun},${debianPackages.toBundle}` : debianPackages.toRun;
  const hooks = "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr";
  run("mmdebstrap", [
    ...["--quiet", "--variant=extract", `--architectures=${architecture}`, hooks, `--include=${packages}`],
    // Device files can't be made everywhere, and aren't needed.
    ...["--dpkgopt=path-exclude=/usr/share/doc/*", "--skip=output/dev", "bookworm", tar],
  ]);
  return tar;
}

/** Node, npm where functions are bundled, and the runtime, under AWS's paths. */
function nodeFiles(directory: string, architecture: string, isOwn: boolean): string {
  const root = join(directory, `node-${architecture}`);
  for (const folder of ["var/lang/bin", "var/lang/lib/node_modules", "var/runtime", "var/task", "etc/ssl/certs", "tmp"])
    mkdirSync(join(root, folder), { recursive: true });
  cpSync(join(__dirname, "stand-in/runtime.cjs"), join(root, "var/runtime/runtime.cjs"));
  cpSync(isOwn ? process.execPath : packedNode(directory, architecture), join(root, "var/lang/bin/node"));
  if (!isOwn) return root;
  const npm = dirname(dirname(process.env.npm_execpath ?? run("which", ["npm"]).trim()));
  cpSync(npm, join(root, "var/lang/lib/node_modules/npm"), { recursive: true, dereference: true });
  // This machine's registry and certificates, which may be a company's.
  const npmSettings = [`registry=${run("npm", ["config", "get", "registry"]).trim()}`, `cafile=${certificates}`];
  if (existsSync(certificates)) cpSync(certificates, join(root, certificates));
  writeFileSync(join(root, "var/lang/lib/node_modules/npm/npmrc"), npmSettings.join("\n"));
  const script = '#!/bin/sh\nexec /var/lang/bin/node /var/lang/lib/node_modules/npm/bin/npm-cli.js "$@"\n';
  writeFileSync(join(root, "var/lang/bin/npm"), script, { mode: 0o755 });
  return root;
}

/** Node's binary for another architecture, from npm's registry, of the version that runs the tests. */
function packedNode(directory: string, architecture: string): string {
  const folder = join(directory, `packed-${architecture}`);
  mkdirSync(folder);
  const name = `node-linux-${architecture}@${process.versions.node}`;
  const file = run("npm", ["pack", "--silent", "--pack-destination", folder, name]).trim().split("\n").at(-1) ?? "";
  run("tar", ["--extract", "--file", join(folder, file), "--directory", folder, "package/bin/node"]);
  return join(folder, "package/bin/node");
}
