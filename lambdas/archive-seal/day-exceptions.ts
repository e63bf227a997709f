/**
 * Events that were accepted and aren't finished. There is no index of them, so the table of claims is read through: once
 * in an execution, whose seals all go by what its first one has found.
 */
import * as v from "valibot";
import { archiveKeys, type Exception, type Manifest, toldExceptionsSchema } from "../../config/archive.ts";
import { createEntryList, entriesIn, type ToldList } from "../shared/domain/archive/entry-list.ts";
import type { ArchiveObjects, ExceptionReader } from "../shared/domain/archive/ports.ts";
import { compareText } from "../shared/domain/archive/sums.ts";

type Objects = Pick<ArchiveObjects, "get" | "create">;
type OfManifest = Pick<Manifest, "exceptions" | "exceptionLists" | "earlierExceptions" | "earlierExceptionLists">;

/**
 * What the manifest of a day says of them: those first received on it, and those of earlier days, of which some were
 * claimed only after their own day's seal.
 *
 * @param startedAt of the execution, ISO 8601
 */
export async function exceptionsOfDay(
  objects: Objects,
  reader: ExceptionReader,
  { day, startedAt }: { readonly day: string; readonly startedAt: string },
): Promise<OfManifest> {
  const own = createEntryList<Exception>(objects);
  const earlier = createEntryList<Exception>(objects);
  for await (const exception of entriesIn(objects, await exceptionsAsOf(objects, reader, startedAt))) {
    const receivedOn = exception.receivedAt.slice(0, day.length);
    if (receivedOn === day) await own.add(exception);
    else if (receivedOn < day) await earlier.add(exception);
  }
  const [ofDay, ofEarlierDays] = [await own.end(), await earlier.end()];
  return {
    exceptions: inOrder(ofDay),
    ...(ofDay.lists.length > 0 && { exceptionLists: [...ofDay.lists] }),
    ...(ofEarlierDays.entries.length > 0 && { earlierExceptions: inOrder(ofEarlierDays) }),
    ...(ofEarlierDays.lists.length > 0 && { earlierExceptionLists: [...ofEarlierDays.lists] }),
  };
}

/** What the execution's first seal has found; found now where this is the first. */
async function exceptionsAsOf(
  objects: Objects,
  reader: ExceptionReader,
  startedAt: string,
): Promise<ToldList<Exception>> {
  const key = archiveKeys.exceptions(startedAt);
  const found = await objects.get(key);
  if (found !== undefined) return v.parse(toldExceptionsSchema, JSON.parse(new TextDecoder().decode(found)));
  const list = createEntryList<Exception>(objects);
  await reader.eachException((exception) => list.add(exception));
  const told = await list.end();
  await objects.create(key, new TextEncoder().encode(JSON.stringify(told)));
  return told;
}

function inOrder({ entries }: ToldList<Exception>): Exception[] {
  return entries.toSorted((a, b) => compareText(a.eventId, b.eventId));
}
