import type { AwsRequest } from "../../../local/aws/wire.ts";
import { isForConsole, refusalOf, safeHeaders } from "../../../local/console/requests.ts";

const host = "127.0.0.1:4566";
const get: AwsRequest = { method: "GET", url: "/console/api/flow", headers: { host }, body: "" };
const post: AwsRequest = {
  method: "POST",
  url: "/console/api/send",
  headers: { host, origin: `http://${host}`, "content-type": "application/json" },
  body: "{}",
};

const statusOf = (request: AwsRequest, headers: Readonly<Record<string, string>> = {}) =>
  refusalOf({ ...request, headers: { ...request.headers, ...headers } })?.status;

describe("isForConsole", () => {
  it.each(["/console", "/console/", "/console?x=1", "/console/api/flow"])("takes %s", (url) => {
    expect(isForConsole({ ...get, url })).toBe(true);
  });

  it.each(["/", "/consoles", "/console-logs/key", "/_local/status"])("leaves %s to the AWS endpoint", (url) => {
    expect(isForConsole({ ...get, url })).toBe(false);
  });

  it("leaves a bucket of that name to S3", () => {
    expect(isForConsole({ ...get, headers: { host, authorization: "AWS4-HMAC-SHA256 …" } })).toBe(false);
    expect(isForConsole({ ...get, url: "/console/key?X-Amz-Credential=a%2Fb" })).toBe(false);
  });
});

describe("refusalOf", () => {
  it("lets the console's own page ask and act", () => {
    expect(statusOf(get)).toBeUndefined();
    expect(statusOf(post)).toBeUndefined();
  });

  it.each(["http://evil.example", "null", "https://127.0.0.1:4566", "http://127.0.0.1:3000"])(
    "does nothing for a page of %s",
    (origin) => {
      expect(statusOf(post, { origin })).toBe(403);
    },
  );

  it("does nothing for who doesn't say where he comes from", () => {
    const { origin: _, ...headers } = post.headers;
    expect(refusalOf({ ...post, headers })?.status).toBe(403);
  });

  it("does nothing for a form of another page, nor by other methods, nor for a body without end", () => {
    expect(statusOf(post, { "content-type": "text/plain" })).toBe(415);
    expect(statusOf({ ...post, method: "PUT" })).toBe(405);
    expect(statusOf({ ...post, body: "x".repeat(64 * 1024 + 1) })).toBe(413);
  });

  it("says no word of its own to caches, frames or scripts from elsewhere", () => {
    const { headers } = refusalOf({ ...post, headers: {} }) ?? { headers: {} };
    expect(headers).toMatchObject(safeHeaders);
    expect(safeHeaders["content-security-policy"]).not.toMatch(/unsafe|\*|https?:/);
  });
});
