import { AwsError } from "../../aws/types.ts";
import { asksForChecksum, findObject, headersOf, type S3Operation } from "./shared.ts";
import type { ObjectRecord } from "./store.ts";

/** An object, or the range of it that is asked for. A checksum is of the whole, so a range comes without. */
export const getObject: S3Operation = (call) => {
  const object = findObject(call);
  const { sizeBytes } = object;
  const range = rangeOf(object, call.request.headers.range);
  const headers = headersOf(object, { withChecksum: range === undefined && asksForChecksum(call.request) });
  if (range === undefined) return { status: 200, headers, body: call.store.read(object, 0, sizeBytes) };
  const { start, end } = range;
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${start}-${end}/${sizeBytes}` },
    body: call.store.read(object, start, end - start + 1),
  };
};

/**
 * `bytes=0-9`, `bytes=10-` or `bytes=-10`; anything else is no range, as S3 takes it.
 * @throws AwsError InvalidRange (416)
 */
function rangeOf({ sizeBytes }: ObjectRecord, header: string | undefined) {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (start <= end) return { start, end };
  throw new AwsError("InvalidRange", "The requested range is not satisfiable", { status: 416 });
}
