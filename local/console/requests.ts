/**
 * What the console answers. Requests by another machine's name and from other sites' pages don't come this far
 * (../aws/visitors.ts), save by links to the console's pages. What changes something has to say besides that it comes
 * from the console's own page.
 */
import type { Visit } from "../aws/visitors.ts";
import type { AwsRequest, AwsResponse } from "../aws/wire.ts";

/** Below which everything of the console lies. */
export const consolePath = "/console";

/** Larger than any form of the console. */
const maxBodyBytes = 64 * 1024;

/**
 * Whether a request at the AWS endpoint's port is the console's. Signed ones are not: `/console/…` is also how an SDK
 * addresses a bucket of that name.
 */
export function isForConsole({ url, headers }: Visit): boolean {
  if (headers.authorization !== undefined || url.includes("X-Amz-Credential=")) return false;
  return url === consolePath || url.startsWith(`${consolePath}/`) || url.startsWith(`${consolePath}?`);
}

/** Why a request isn't answered, or undefined if it is. */
export function refusalOf({ method, headers, body }: AwsRequest): AwsResponse | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  if (method !== "POST") return refused(405, "wrong_method", "Ask with GET, or act with POST.");
  if (headers.origin !== `http://${headers.host}`)
    return refused(403, "wrong_origin", "What changes something has to come from the console's own page.");
  // A form of another page can't send this type without being asked first.
  if (!/^application\/json\b/.test(headers["content-type"] ?? "")) {
    return refused(415, "wrong_type", "Send application/json.");
  }
  return Buffer.byteLength(body) > maxBodyBytes
    ? refused(413, "too_large", `Send at most ${maxBodyBytes} bytes.`)
    : undefined;
}

function refused(status: number, code: string, message: string): AwsResponse {
  return {
    status,
    headers: { ...safeHeaders, "content-type": jsonType },
    body: JSON.stringify({ error: { code, message } }),
  };
}

export const jsonType = "application/json; charset=utf-8";

/** Of every answer: nothing is kept, framed, guessed or fetched from elsewhere. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};
