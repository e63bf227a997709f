/**
 * Seals a day or an addendum: one manifest that says all that its slices came to, in its place in the chain, signed.
 * What is sealed already is answered as it is; what a crash left half done is finished, never made anew.
 */
import * as v from "valibot";
import { type Manifest, type SliceResult, sliceResultSchema } from "../../config/archive.ts";
import { createChain, type Link } from "../shared/domain/archive/chain.ts";
import { releasesOf } from "../shared/domain/archive/execution-history.ts";
import type {
  ArchiveObjects,
  ExceptionReader,
  ManifestSigner,
  WaitingMessages,
} from "../shared/domain/archive/ports.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";
import { PermanentError, RetryableError } from "../shared/domain/retryable-error.ts";
import { exceptionsOfDay } from "./day-exceptions.ts";
import { leftoversOf } from "./leftovers.ts";
import { assertComplete, type Merged, mergeSlices } from "./merge-slices.ts";
import { writeTableFiles } from "./table-files.ts";

export interface SealPorts extends ExceptionReader, WaitingMessages {
  readonly objects: ArchiveObjects;
  readonly signer: ManifestSigner;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told of each manifest that is new in the chain. */
  readonly onSealed?: (manifest: Manifest) => void;
}

export interface SealRequest {
  readonly day: string;
  /** Given when the day is sealed and this is what came late; its own sequence is the one that is free by then. */
  readonly addendum?: number | undefined;
  /** When the execution began, ISO 8601; now when absent. */
  readonly startedAt?: string | undefined;
  readonly slices: readonly { readonly key: string }[];
}

export interface Sealed {
  /** Key of the manifest that says where the day stands. */
  readonly manifest: string;
  /** Sealed objects of transactions that are to be released: as many as an execution has room for. */
  readonly objects: readonly { readonly key: string }[];
}

const readsAtATime = 16;
/** Seals that may come in between, one after the other. */
const maxAttempts = 10;

/**
 * @param archive the environment, whose name the manifests bear, and the archive's bucket, which Athena is told
 */
export function createSealing(
  ports: SealPorts,
  { environment, bucket }: { readonly environment: string; readonly bucket: string },
) {
  const { objects, signer, now } = ports;
  const chain = createChain(objects, signer);

  /**
   * @throws PermanentError when the slices aren't those of the whole day, or when the archive has gone on since they
   * were made; a new plan takes account of that.
   */
  return async function seal({ day, addendum, startedAt, slices: keys }: SealRequest): Promise<Sealed> {
    const slices = await inParallel(keys, readsAtATime, ({ key }) => readSlice(key));
    const isAddendum = addendum !== undefined;
    assertComplete(day, slices, !isAddendum);
    const merged = mergeSlices(slices);
    const asOf = startedAt ?? new Date(now()).toISOString();
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      // First the head, then the day: whatever is in the chain up to the head is among the day's manifests then.
      const head = await chain.head();
      const links = await chain.ofDay(day);
      const earlier = isAddendum ? earlierAddendum(links, slices, merged) : earlierSeal(links, merged);
      if (earlier !== undefined) {
        await writeTableFiles(objects, bucket, links);
        return limited(earlier, slices.length);
      }
      const manifest = await manifestOf({ day, isAddendum, startedAt: asOf, merged, head });
      const link = await chain.append(manifest);
      if (link === undefined) continue;
      ports.onSealed?.(manifest);
      await writeTableFiles(objects, bucket, [...links, link]);
      return limited(sealed(link, merged), slices.length);
    }
    throw new RetryableError("chain-contended", "Other seals took every place in the chain; it is tried again");
  };

  async function readSlice(key: string): Promise<SliceResult> {
    const bytes = await objects.get(key);
    if (bytes === undefined) throw new PermanentError("slice-missing", `Not sealed: there is no result ${key}`);
    return v.parse(sliceResultSchema, JSON.parse(new TextDecoder().decode(bytes)));
  }

  async function manifestOf(options: {
    readonly day: string;
    readonly isAddendum: boolean;
    readonly startedAt: string;
    readonly merged: Merged;
    readonly head: Link | undefined;
  }): Promise<Manifest> {
    const { day, isAddendum, startedAt, merged, head } = options;
    const { objects: own, facts, lateDecisions, sums, firstReceivedAt, lastReceivedAt } = merged;
    const nowMs = now();
    return {
      version: 1,
      kind: isAddendum ? "addendum" : "day",
      day,
      sequence: (head?.manifest.sequence ?? 0) + 1,
      ...(head && { previous: { key: head.key, sha256: head.sha256 } }),
      sealedAt: new Date(nowMs).toISOString(),
      environment,
      signingKey: await signer.currentKey(),
      objects: own,
      facts,
      lateDecisions,
      sums,
      ...(firstReceivedAt !== undefined && { firstReceivedAt }),
      ...(lastReceivedAt !== undefined && { lastReceivedAt }),
      undecided: merged.undecided,
      missingBodies: merged.missingBodies,
      ...(isAddendum ? { exceptions: [] } : await exceptionsOfDay(objects, ports, { day, startedAt })),
      waiting: await ports.waiting(),
      abandoned: await leftoversOf({ objects, chain, day, own, head, nowMs }),
    };
  }
}

/** The day's own seal, if it has one: nothing is made a second time. */
function earlierSeal(links: readonly Link[], merged: Merged): Sealed | undefined {
  const link = links.find(({ manifest }) => manifest.kind === "day");
  return link && sealed(link, merged);
}

/**
 * The answer where there is nothing to seal: no row is new, or an earlier attempt has sealed these very objects.
 *
 * @throws PermanentError when another addendum was sealed after the slices had looked: it may have the same rows.
 */
function earlierAddendum(links: readonly Link[], slices: readonly SliceResult[], merged: Merged): Sealed | undefined {
  const last = links.at(-1);
  if (last === undefined)
    throw new PermanentError("day-not-sealed", "Not sealed: an addendum needs its day's manifest");
  const [object] = merged.objects;
  if (object === undefined) return { manifest: last.key, objects: merged.unreleased.map((key) => ({ key })) };
  const own = links.find(({ manifest }) => manifest.objects.some(({ key }) => key === object.key));
  if (own !== undefined) return sealed(own, merged);
  if (slices.some(({ after }) => after !== last.manifest.sequence)) {
    const advice = "Start daily-archive again, so that it plans anew";
    throw new PermanentError("archive-went-on", `Not sealed: another addendum of the day came in between. ${advice}`);
  }
  return undefined;
}

function sealed({ key, manifest }: Link, { unreleased }: Merged): Sealed {
  const own = manifest.objects.filter(({ kind }) => kind === "transactions").map((object) => object.key);
  return { manifest: key, objects: [...new Set([...own, ...unreleased])].map((one) => ({ key: one })) };
}

/** What is left out stays in the index, so that a later plan finds it. */
function limited({ manifest, objects }: Sealed, slices: number): Sealed {
  return { manifest, objects: objects.slice(0, releasesOf(slices)) };
}
