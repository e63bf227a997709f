/** Requests and answers as they travel, whatever carries them (a socket, a worker's message port). */

export interface AwsRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text where the carrier has text: bytes cost a copy for each thread that they cross. */
  readonly body: Buffer | string;
}

/** Path and query of a request's target as they came: nothing is resolved, so that a key such as `a/../b` stays itself. */
export function splitTarget(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const target = url.replace(/^https?:\/\/[^/?]*/i, "");
  const end = target.indexOf("?");
  const path = end < 0 ? target : target.slice(0, end);
  return { path: path === "" ? "/" : path, query: new URLSearchParams(end < 0 ? "" : target.slice(end + 1)) };
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer | string;
}

/** What the signature of a request says of it: who, and of which service. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const scopePattern = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;

/**
 * Reads the credential scope of a SigV4 header. The signature itself isn't checked: the endpoint listens on this
 * machine only, and an access key says no more here than which role a call is made with.
 */
export function credentialScope(request: AwsRequest): CredentialScope | undefined {
  const header = request.headers.authorization;
  const match = header === undefined ? presigned(request.url) : scopePattern.exec(header);
  const [, accessKeyId, region, service] = match ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}

function presigned(url: string): RegExpExecArray | null {
  const credential = splitTarget(url).query.get("X-Amz-Credential");
  return credential === null ? null : scopePattern.exec(`Credential=${credential}`);
}
