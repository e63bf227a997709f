/**
 * The chain of manifests. A place in it is taken by creating the place's key with the manifest's bytes; then these very
 * bytes are signed and stored. So two seals at the same time can't follow the same manifest, and what a crash left
 * between the two steps is finished by whoever comes next, byte for byte.
 */
import { createHash } from "node:crypto";
import { archiveKeys, chainPrefix, type Manifest } from "../../../../config/archive.ts";
import { sha256Hex } from "../raw-webhook.ts";
import { manifestBytes, parseManifest } from "./manifest-text.ts";
import type { ArchiveObjects, ManifestSigner } from "./ports.ts";

/** A manifest in its place. */
export interface Link {
  readonly key: string;
  /** Of its bytes, lower-case hex. */
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly bytes: Uint8Array;
}

/** Reading takes no signer. */
export function createChainReader(objects: Pick<ArchiveObjects, "get" | "list">) {
  async function linkAt(key: string): Promise<Link | undefined> {
    const bytes = await objects.get(key);
    return bytes === undefined ? undefined : linkOf(bytes);
  }

  /** The last place that is taken, whether or not its manifest is stored yet; undefined before the first. */
  async function lastTaken(): Promise<Link | undefined> {
    const last = (await objects.list(chainPrefix)).at(-1);
    if (last !== undefined) return linkAt(last.key);
    // The places aren't part of the archive, so they may be gone; then the manifests themselves say it.
    const links = await linksBelow("manifests/");
    return links.at(-1);
  }

  /** Manifests whose key begins so, in the order of the chain. */
  async function linksBelow(prefix: string): Promise<readonly Link[]> {
    const keys = (await objects.list(prefix)).filter(({ key }) => key.endsWith(".json")).map(({ key }) => key);
    const links: Link[] = [];
    for (const key of keys) {
      const link = await linkAt(key);
      if (link !== undefined) links.push(link);
    }
    return links.toSorted((a, b) => a.manifest.sequence - b.manifest.sequence);
  }

  return {
    lastTaken,
    /** A manifest and those before it that were sealed since a time, epoch milliseconds. */
    async backFrom(last: Link, sinceMs: number): Promise<readonly Link[]> {
      const links: Link[] = [];
      let link: Link | undefined = last;
      while (link !== undefined && Date.parse(link.manifest.sealedAt) >= sinceMs) {
        links.push(link);
        const { previous }: Manifest = link.manifest;
        link = previous && (await linkAt(previous.key));
      }
      return links;
    },
    /** A day's manifest and those of its addenda, in the order of the chain. */
    ofDay: (day: string) => linksBelow(`manifests/dt=${day}.`),
  };
}

/** Sequence of the last place that is taken, as far as keys tell it; 0 before the first. */
export async function lastSequence(objects: Pick<ArchiveObjects, "list">): Promise<number> {
  const last = (await objects.list(chainPrefix)).at(-1);
  if (last !== undefined) return Number(last.key.slice(chainPrefix.length, -".json".length));
  return (await objects.list("manifests/")).filter(({ key }) => key.endsWith(".json")).length;
}

export type Chain = ReturnType<typeof createChain>;

export function createChain(objects: Pick<ArchiveObjects, "get" | "list" | "create">, signer: ManifestSigner) {
  const reader = createChainReader(objects);

  /** Signs and stores a manifest whose place is taken. The signature comes first: no manifest is ever without one. */
  async function store(link: Link): Promise<Link> {
    const { key, bytes, manifest } = link;
    const stored = await objects.get(key);
    if (stored === undefined) {
      const digest = createHash("sha256").update(bytes).digest();
      const signature = await signer.sign(digest, manifest.signingKey.arn);
      await objects.create(archiveKeys.signature(key), signature);
      await objects.create(key, bytes);
    } else if (sha256Hex(stored) !== link.sha256) {
      throw new Error(`${key} is not the manifest that has its place in the chain: run the audit before anything else`);
    }
    return link;
  }

  return {
    ofDay: reader.ofDay,
    backFrom: reader.backFrom,
    /** The last manifest, stored: what a crash left unfinished is finished first. */
    async head(): Promise<Link | undefined> {
      const last = await reader.lastTaken();
      return last === undefined ? undefined : store(last);
    },
    /** Adds a manifest; undefined when somebody else has taken its place meanwhile. */
    async append(manifest: Manifest): Promise<Link | undefined> {
      const bytes = manifestBytes(manifest);
      const taken = await objects.create(archiveKeys.chain(manifest.sequence), bytes);
      return taken === "created" ? store(linkOf(bytes)) : undefined;
    },
  };
}

function linkOf(bytes: Uint8Array): Link {
  const manifest = parseManifest(bytes);
  return { key: manifestKey(manifest), sha256: sha256Hex(bytes), manifest, bytes };
}

function manifestKey({ kind, day, sequence }: Manifest): string {
  return archiveKeys.manifest(day, kind === "addendum" ? sequence : undefined);
}
