import { asksForChecksum, findObject, headersOf, type S3Operation } from "./shared.ts";

/** What is known of an object, its checksum too if that is asked for. */
export const headObject: S3Operation = (call) => {
  const object = findObject(call);
  const headers = headersOf(object, { withChecksum: asksForChecksum(call.request) });
  return { status: 200, headers: { ...headers, "content-length": String(object.sizeBytes) }, body: "" };
};
