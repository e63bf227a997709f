import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { protocols } from "../../../../local/aws/protocols.ts";
import { AwsError, type Principal } from "../../../../local/aws/types.ts";
import type { AwsRequest, AwsResponse } from "../../../../local/aws/wire.ts";
import { s3Backend } from "../../../../local/services/s3/backend.ts";
import { openObjectStore } from "../../../../local/services/s3/store.ts";

const operator: Principal = { kind: "operator" };
const blind: Principal = { kind: "function", functionName: "blind", roleArn: "arn:aws:iam::000000000000:role/blind" };

/** A backend over objects in memory, where `blind` may not list. */
function aBackend() {
  const store = openObjectStore({ now: () => Date.UTC(2026, 10, 20) });
  store.createBucket("bucket");
  const backend = s3Backend(store, (principal) => {
    if (principal === blind) throw new AwsError("AccessDenied", "may not list", { status: 403 });
  });
  /** Answers as the endpoint does, errors too. */
  const send = async (
    method: string,
    url: string,
    {
      headers = {},
      body = "",
      by = operator,
    }: { headers?: Record<string, string>; body?: string | Buffer; by?: Principal } = {},
  ): Promise<AwsResponse> => {
    const request: AwsRequest = { method, url, headers, body: Buffer.from(body) };
    const decoded = protocols.s3.decode(request);
    try {
      return (await backend.forward?.({ principal: by, ...decoded, request })) as AwsResponse;
    } catch (error) {
      if (error instanceof AwsError) return protocols.s3.encodeError(error, decoded.operation);
      throw error;
    }
  };
  const put = (key: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    send("PUT", `/bucket/${key}`, { headers, body });
  return { store, send, put };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64");

function crc32Of(text: string): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(text));
  return value.toString("base64");
}

describe("an object", () => {
  it("comes back as it was put, with its headers", async () => {
    const { put, send } = aBackend();
    await put("a%20key", "bytes", {
      "content-type": "text/plain",
      "x-amz-meta-a": "b",
      "content-encoding": "aws-chunked",
    });
    const answer = await send("GET", "/bucket/a%20key");
    expect(answer).toMatchObject({ status: 200, body: Buffer.from("bytes") });
    expect(answer.headers).toEqual({
      "content-type": "text/plain",
      "x-amz-meta-a": "b",
      etag: `"${createHash("md5").update("bytes").digest("hex")}"`,
      "last-modified": "Fri, 20 Nov 2026 00:00:00 GMT",
      "accept-ranges": "bytes",
    });
  });

  it.each([
    ["bytes=0-1", 206, "ab", "bytes 0-1/5"],
    ["bytes=3-", 206, "de", "bytes 3-4/5"],
    ["bytes=-2", 206, "de", "bytes 3-4/5"],
    ["bytes=1-99", 206, "bcde", "bytes 1-4/5"],
    ["lines=1-2", 200, "abcde", undefined],
  ])("gives the range %s", async (range, status, body, contentRange) => {
    const { put, send } = aBackend();
    await put("key", "abcde");
    const answer = await send("GET", "/bucket/key", { headers: { range } });
    expect([answer.status, answer.body.toString(), answer.headers["content-range"]]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  it("has no range beyond its end", async () => {
    const { put, send } = aBackend();
    await put("key", "abcde");
    expect(await send("GET", "/bucket/key", { headers: { range: "bytes=5-9" } })).toMatchObject({ status: 416 });
  });

  it("tells its length and checksum without its bytes", async () => {
    const { put, send } = aBackend();
    await put("key", "abcde", { "x-amz-checksum-sha256": sha256("abcde") });
    const head = await send("HEAD", "/bucket/key", { headers: { "x-amz-checksum-mode": "ENABLED" } });
    expect(head).toMatchObject({
      status: 200,
      body: "",
      headers: {
        "content-length": "5",
        "x-amz-checksum-sha256": sha256("abcde"),
        "x-amz-checksum-type": "FULL_OBJECT",
      },
    });
    expect((await send("HEAD", "/bucket/key")).headers).not.toHaveProperty("x-amz-checksum-sha256");
  });

  it("gives its checksum with the whole of it, and with no part", async () => {
    const { put, send } = aBackend();
    await put("key", "abcde", { "x-amz-checksum-sha256": sha256("abcde") });
    const asking = { "x-amz-checksum-mode": "ENABLED" };
    expect((await send("GET", "/bucket/key", { headers: asking })).headers).toHaveProperty("x-amz-checksum-sha256");
    const part = await send("GET", "/bucket/key", { headers: { ...asking, range: "bytes=0-1" } });
    expect(part.headers).not.toHaveProperty("x-amz-checksum-sha256");
  });

  it("is gone once it is deleted, and can be deleted again", async () => {
    const { put, send } = aBackend();
    await put("key", "abcde");
    expect(await send("DELETE", "/bucket/key")).toMatchObject({ status: 204 });
    expect(await send("DELETE", "/bucket/key")).toMatchObject({ status: 204 });
    expect(await send("GET", "/bucket/key")).toMatchObject({ status: 404, body: expect.stringContaining("NoSuchKey") });
  });

  it("that isn't there is forbidden to whoever may not list", async () => {
    const { send } = aBackend();
    expect(await send("GET", "/bucket/key", { by: blind })).toMatchObject({
      status: 403,
      body: expect.stringContaining("AccessDenied"),
    });
    expect(await send("HEAD", "/bucket/key", { by: blind })).toEqual({ status: 403, headers: {}, body: "" });
    expect(await send("HEAD", "/bucket/key")).toEqual({ status: 404, headers: {}, body: "" });
  });

  it("needs a bucket", async () => {
    const { send } = aBackend();
    for (const [method, url] of [
      ["PUT", "/other/key"],
      ["GET", "/other/key"],
      ["GET", "/other?list-type=2"],
    ] as const) {
      expect(await send(method, url)).toMatchObject({ status: 404, body: expect.stringContaining("NoSuchBucket") });
    }
    expect(await send("HEAD", "/other")).toMatchObject({ status: 404 });
    expect(await send("HEAD", "/bucket")).toMatchObject({ status: 200 });
  });
});

describe("a write", () => {
  it.each([
    ["there is one already", { "if-none-match": "*" }, "key", 412],
    ["there is none yet", { "if-none-match": "*" }, "new", 200],
    [
      "it is still the one that was read",
      { "if-match": `"${createHash("md5").update("one").digest("hex")}"` },
      "key",
      200,
    ],
    ["it is another by now", { "if-match": '"other"' }, "key", 412],
    ["there is none to be the one that was read", { "if-match": '"one"' }, "new", 412],
  ])("keeps its condition when %s", async (_name, headers, key, status) => {
    const { put, send } = aBackend();
    await put("key", "one");
    expect(await put(key, "two", headers)).toMatchObject({ status });
    expect((await send("GET", "/bucket/key")).body.toString()).toBe(status === 200 && key === "key" ? "two" : "one");
  });

  it("wins alone among many that would create", async () => {
    const { put, send } = aBackend();
    const writes = Array.from({ length: 10 }, (_, index) => put("key", `${index}`, { "if-none-match": "*" }));
    expect((await Promise.all(writes)).filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await send("GET", "/bucket/key")).body.toString()).toBe("0");
  });

  it.each([
    ["x-amz-checksum-sha256", sha256("bytes")],
    ["x-amz-checksum-crc32", crc32Of("bytes")],
    ["x-amz-checksum-sha1", createHash("sha1").update("bytes").digest("base64")],
  ])("is checked by %s, which it answers", async (name, value) => {
    const { put, store } = aBackend();
    expect((await put("key", "bytes", { [name]: value })).headers).toMatchObject({ [name]: value });
    expect(await put("key", "bytez", { [name]: value })).toMatchObject({
      status: 400,
      body: expect.stringContaining("BadDigest"),
    });
    expect(store.find("bucket", "key")?.sizeBytes).toBe(5);
  });

  it("is checked by its MD5", async () => {
    const { put } = aBackend();
    expect(await put("key", "bytes", { "content-md5": "x" })).toMatchObject({ status: 400 });
  });

  it("can't be checked by what isn't computed here", async () => {
    const { put } = aBackend();
    expect(await put("key", "bytes", { "x-amz-checksum-crc64nvme": "x" })).toMatchObject({
      status: 501,
      body: expect.stringContaining("CRC64NVME"),
    });
  });

  it("may come in chunks, with its checksum after the last", async () => {
    const { put, send } = aBackend();
    const headers = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-trailer": "x-amz-checksum-crc32",
    };
    const chunks = (checksum: string) =>
      `3\r\nbyt\r\n2;chunk-signature=0\r\nes\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`;
    expect(await put("key", chunks(crc32Of("bytes")), headers)).toMatchObject({ status: 200 });
    expect((await send("GET", "/bucket/key")).body.toString()).toBe("bytes");
    expect(await put("key", chunks(crc32Of("other")), headers)).toMatchObject({ status: 400 });
    expect(await put("key", "no chunks", headers)).toMatchObject({ body: expect.stringContaining("IncompleteBody") });
  });
});

describe("a list", () => {
  const keys = ["a/1", "a/2", "b/1", "c", "c&d", "é"];
  async function listed(query: string) {
    const { put, send } = aBackend();
    for (const key of keys) await put(encodeURIComponent(key).replace("%2F", "/"), "x");
    const body = (await send("GET", `/bucket?list-type=2${query}`)).body.toString();
    const all = (tag: string) => [...body.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "g"))].map(([, text]) => text);
    return { body, keys: all("Key"), prefixes: all("Prefix").slice(1), token: all("NextContinuationToken")[0] };
  }

  it("has every key, in the order of their bytes", async () => {
    expect((await listed("")).keys).toEqual(["a/1", "a/2", "b/1", "c", "c&amp;d", "é"]);
  });

  it("has the keys below a prefix", async () => expect((await listed("&prefix=a/")).keys).toEqual(["a/1", "a/2"]));

  it("joins keys up to a delimiter", async () => {
    expect(await listed("&delimiter=/")).toMatchObject({ keys: ["c", "c&amp;d", "é"], prefixes: ["a/", "b/"] });
  });

  it("goes on page by page", async () => {
    const first = await listed("&max-keys=2&delimiter=/");
    expect(first).toMatchObject({ keys: [], prefixes: ["a/", "b/"] });
    const second = await listed(`&max-keys=2&delimiter=/&continuation-token=${first.token}`);
    expect(second).toMatchObject({ keys: ["c", "c&amp;d"], prefixes: [] });
    const third = await listed(`&max-keys=2&delimiter=/&continuation-token=${second.token}`);
    expect(third).toMatchObject({ keys: ["é"], token: undefined });
  });

  it("begins after a key", async () => expect((await listed("&start-after=b/1")).keys).toEqual(["c", "c&amp;d", "é"]));
  it("encodes keys when asked", async () => expect((await listed("&encoding-type=url")).keys).toContain("c%26d"));
  it("takes no made-up token", async () =>
    expect((await listed("&continuation-token=!")).body).toContain("InvalidArgument"));
});

it("buckets are listed", async () => {
  expect((await aBackend().send("GET", "/")).body).toContain("<Name>bucket</Name>");
});

it.each([
  ["PUT", "/bucket/key?tagging", {}],
  ["PUT", "/bucket/key?retention", {}],
  ["POST", "/bucket/key?uploads", {}],
  ["GET", "/bucket?versioning", {}],
  ["PUT", "/bucket/key", { "x-amz-copy-source": "/bucket/other" }],
  ["PUT", "/bucket/key", { "x-amz-tagging": "a=b" }],
  ["PUT", "/bucket/key", { "x-amz-object-lock-mode": "GOVERNANCE" }],
])("%s %s %j is refused by name", async (method, url, headers) => {
  const { put, send, store } = aBackend();
  await put("key", "one");
  expect(await send(method, url, { headers: headers as Record<string, string>, body: "<x/>" })).toMatchObject({
    status: 501,
    body: expect.stringContaining("NotImplemented"),
  });
  expect(store.find("bucket", "key")?.sizeBytes).toBe(3);
});
