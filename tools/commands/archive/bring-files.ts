import { ArchiveError } from "../../archive/archive-error.ts";
import { type ArchiveFiles, filesOf, type TellReady } from "../../archive/files.ts";
import type { SealedManifest } from "../../archive/sealed-days.ts";
import type { ArchiveSource } from "../../archive/source.ts";
import type { CommonOptions, Surroundings } from "../context.ts";
import { sizeText } from "../text/size.ts";
import { withProgress } from "../with-progress.ts";

export interface Wanted {
  readonly source: ArchiveSource;
  readonly manifests: readonly SealedManifest[];
  readonly withRaw: boolean;
}

/** The files of the views; a download under way is shown on standard error. @throws ArchiveError as filesOf */
export async function bringFiles(
  surroundings: Surroundings,
  options: CommonOptions,
  { source, manifests, withRaw }: Wanted,
): Promise<ArchiveFiles> {
  const bring = (tell: TellReady) => filesOf(source, manifests, { withRaw, tell });
  if (!source.isRemote) return bring(() => undefined);
  const days = new Set(manifests.map(({ manifest }) => manifest.day)).size;
  let last = "no objects";
  const run = async (tell: (text: string) => void) => {
    const value = await bring(({ objects, of, bytes }) => {
      last = `${objects} of ${of} objects, ${sizeText(bytes)}`;
      tell(last);
    });
    return { text: last, value };
  };
  const title = `${days} sealed ${days === 1 ? "day" : "days"} of ${source.place}`;
  const files = await withProgress(surroundings, options, { title, run });
  if (files === undefined) throw new ArchiveError("missing", `Nothing came of ${source.place}.`);
  return files;
}
