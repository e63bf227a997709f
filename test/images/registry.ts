/** A registry of the test's own, on a free port: Debian's docker-registry. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { run } from "./programs.ts";

export interface Registry {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** JSON of a manifest or of a blob, such as an image's configuration. */
  json(repository: string, kind: "manifests" | "blobs", version: string): Promise<Record<string, unknown>>;
  /** What `tar` lists of a layer: mode, owner, size, time and path of each entry. */
  layer(repository: string, digest: string): Promise<readonly string[]>;
  stop(): void;
}

/** Manifests of single images: asked with these alone, a registry doesn't give an index. */
const imageTypes =
  "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/json";

/** @param directory where it keeps what it is given */
export async function startRegistry(directory: string): Promise<Registry> {
  const host = `127.0.0.1:${await freePort()}`;
  const file = join(directory, "registry.yml");
  const config = {
    version: 0.1,
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, "registry") } },
    http: { addr: host },
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  // It would take variables named REGISTRY_… for settings, and other programs' are named so.
  const variables = Object.entries(process.env).filter(([key]) => !key.startsWith("REGISTRY_"));
  const child = spawn("docker-registry", ["serve", file], { stdio: "ignore", env: Object.fromEntries(variables) });
  await untilItAnswers(child, `http://${host}/v2/`);
  return {
    host,
    async json(repository, kind, version) {
      const answer = await fetch(`http://${host}/v2/${repository}/${kind}/${version}`, {
        headers: { accept: imageTypes },
      });
      if (!answer.ok) throw new Error(`${repository} ${version}: ${answer.status}`);
      return (await answer.json()) as Record<string, unknown>;
    },
    async layer(repository, digest) {
      const answer = await fetch(`http://${host}/v2/${repository}/blobs/${digest}`);
      const file = join(directory, "layer.tar.gz");
      writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
      return run("tar", ["--list", "--verbose", "--utc", "--full-time", "--gzip", "--file", file]).trim().split("\n");
    },
    stop: () => child.kill(),
  };
}

async function untilItAnswers(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await fetch(url).catch(() => undefined))?.ok) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error("docker-registry doesn't start");
    await wait(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
