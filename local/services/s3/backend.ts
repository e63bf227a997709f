/**
 * S3, played by fauxqs, behind a guard: what it would answer wrongly is refused instead. It ignores conditional writes
 * (we answer 412 where the condition fails) and takes tags, locks and versions for the object's body (501).
 */
import type { Backend } from "../../aws/backends.ts";
import { AwsError } from "../../aws/types.ts";
import { type AwsRequest, splitTarget } from "../../aws/wire.ts";
import type { Fauxqs } from "../../emulators/fauxqs.ts";

const covered = new Set([
  "ListBuckets",
  "ListObjects",
  "ListObjectsV2",
  "HeadBucket",
  "GetObject",
  "HeadObject",
  "PutObject",
  "DeleteObject",
  "CreateMultipartUpload",
  "UploadPart",
  "CompleteMultipartUpload",
  "AbortMultipartUpload",
]);

export function s3Backend(emulator: Fauxqs): Backend {
  const inject = (request: AwsRequest) =>
    emulator.inject({ method: request.method, url: request.url, headers: request.headers, payload: request.body });

  /** One write of a key at a time, or two with the same condition could both find it met. */
  const writes = new Map<string, Promise<unknown>>();
  async function inTurn<T>(key: string, act: () => Promise<T>): Promise<T> {
    const before = writes.get(key) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(act);
    writes.set(key, turn);
    try {
      return await turn;
    } finally {
      if (writes.get(key) === turn) writes.delete(key);
    }
  }

  async function checkCondition(request: AwsRequest): Promise<void> {
    const noneMatch = request.headers["if-none-match"];
    const match = request.headers["if-match"];
    if (noneMatch === undefined && match === undefined) return;
    const { path } = splitTarget(request.url);
    const head = await inject({ method: "HEAD", url: path, headers: {}, body: Buffer.alloc(0) });
    const etag = head.statusCode === 200 ? head.headers.etag : undefined;
    const lost =
      noneMatch !== undefined ? etag !== undefined && (noneMatch === "*" || noneMatch === etag) : etag !== match;
    if (!lost) return;
    throw new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
      status: 412,
    });
  }

  return {
    async call({ operation }) {
      throw new AwsError("NotImplemented", `S3 ${operation} is only served over HTTP.`, { status: 501 });
    },
    async forward({ operation, request }) {
      if (!covered.has(operation)) {
        throw new AwsError("NotImplemented", `S3 ${operation} is not covered by the local runtime.`, { status: 501 });
      }
      // Reads may answer 304 to a condition; the emulator ignores it there too, which costs only bytes.
      const isWrite = operation === "PutObject" || operation === "CompleteMultipartUpload";
      const write = async () => {
        await checkCondition(request);
        return inject(request);
      };
      const answer = isWrite ? await inTurn(splitTarget(request.url).path, write) : await inject(request);
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(answer.headers))
        if (value !== undefined) headers[name] = String(value);
      delete headers["transfer-encoding"];
      return { status: answer.statusCode, headers, body: answer.rawPayload };
    },
  };
}
