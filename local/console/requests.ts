/**
 * Whom the console answers. It listens on this machine only, but every page that a browser has open could send requests
 * here: a request has to be addressed to this machine by name (or a name that is rebound to it would do), and one that
 * comes from a page has to come from the console's own.
 */
import type { AwsRequest, AwsResponse } from "../aws/wire.ts";

/** Below which everything of the console lies. */
export const consolePath = "/console";

/** Larger than any form of the console. */
const maxBodyBytes = 64 * 1024;

/**
 * Whether a request at the AWS endpoint's port is the console's. Signed ones are not: `/console/…` is also how an SDK
 * addresses a bucket of that name.
 */
export function isForConsole({ url, headers }: AwsRequest): boolean {
  if (headers.authorization !== undefined || url.includes("X-Amz-Credential=")) return false;
  return url === consolePath || url.startsWith(`${consolePath}/`) || url.startsWith(`${consolePath}?`);
}

/** Names that lead to this machine and to no other. */
const ownHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/** Why a request isn't answered, or undefined if it is. */
export function refusalOf({ method, headers, body }: AwsRequest): AwsResponse | undefined {
  const { host = "", origin } = headers;
  if (!ownHost.test(host)) {
    return refused(
      421,
      "wrong_host",
      `The console answers at 127.0.0.1 and localhost, not at "${host.slice(0, 100)}".`,
    );
  }
  const isOwn = origin === `http://${host}`;
  const site = headers["sec-fetch-site"];
  const isForeign = site === "cross-site" || site === "same-site";
  // A link from elsewhere may lead to the page; nothing else may be asked for from there.
  const isNavigation = headers["sec-fetch-mode"] === "navigate" && method === "GET";
  if ((origin !== undefined && !isOwn) || (isForeign && !isNavigation)) {
    return refused(403, "wrong_origin", "The console answers its own pages only.");
  }
  if (method === "GET" || method === "HEAD") return undefined;
  if (method !== "POST") return refused(405, "wrong_method", "Ask with GET, or act with POST.");
  if (!isOwn) return refused(403, "wrong_origin", "What changes something has to come from the console's own page.");
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
