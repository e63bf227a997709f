import type { ArchiveSource } from "../../archive/source.ts";
import { lastDueDay } from "../../audit/days.ts";
import { manifestPlace } from "../../audit/keys.ts";
import type { Finding } from "../section.ts";

/** The last sealed day. Whether what is sealed is whole and unchanged is for `audit` to say. */
export async function checkArchive(source: Pick<ArchiveSource, "manifestKeys">, nowMs: number): Promise<Finding> {
  const days = (await source.manifestKeys()).flatMap((key) => {
    const place = manifestPlace(key);
    return place === undefined || place.addendum !== undefined ? [] : [place.day];
  });
  const lastSealedDay = days.sort().at(-1);
  const dueDay = lastDueDay(nowMs);
  const data = { ...(lastSealedDay !== undefined && { lastSealedDay }), dueDay };
  if (lastSealedDay === undefined) {
    return { state: "ok", lines: ["no day is sealed yet: the first is two days after the first event"], data };
  }
  if (lastSealedDay >= dueDay)
    return { state: "ok", lines: [`${lastSealedDay} is sealed, the last that is due`], data };
  return {
    state: "problem",
    lines: [`${lastSealedDay} is the last sealed day; ${dueDay} is due`],
    next: ["archive", "seal"],
    data,
  };
}
