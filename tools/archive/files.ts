/** The files behind the views, brought to this machine as far as a statement needs them. */
import type { ArchiveObject } from "../../config/archive.ts";
import { objectsOf, type SealedManifest } from "./sealed-days.ts";
import type { ArchiveSource } from "./source.ts";

/** Files that the views are made of. */
export interface ArchiveFiles {
  /** Folder that the objects' keys are relative to. */
  readonly root: string;
  readonly transactions: readonly string[];
  /** Left out where the statement doesn't read them: they are most of the archive's bytes. Then there is no view. */
  readonly raw?: readonly string[];
}

/** Told of each object that is ready, of so many. */
export type TellReady = (ready: { readonly objects: number; readonly of: number; readonly bytes: number }) => void;

/**
 * Every object of transactions in the manifests, and of raw bodies where they are wanted.
 *
 * @throws ArchiveError as ArchiveSource.files
 */
export async function filesOf(
  source: ArchiveSource,
  manifests: readonly SealedManifest[],
  { withRaw, tell }: { readonly withRaw: boolean; readonly tell: TellReady },
): Promise<ArchiveFiles> {
  const transactions = objectsOf(manifests, "transactions");
  const raw = withRaw ? objectsOf(manifests, "raw") : [];
  let objects = 0;
  let bytes = 0;
  const paths = await source.files([...transactions, ...raw], (object: ArchiveObject) => {
    objects += 1;
    bytes += object.sizeBytes;
    tell({ objects, of: transactions.length + raw.length, bytes });
  });
  return {
    root: source.root,
    transactions: paths.slice(0, transactions.length),
    ...(withRaw ? { raw: paths.slice(transactions.length) } : {}),
  };
}
