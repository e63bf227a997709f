import { setTimeout as wait } from "node:timers/promises";
import { protocols } from "../../../../local/aws/protocols.ts";
import type { AwsRequest } from "../../../../local/aws/wire.ts";
import type { Fauxqs } from "../../../../local/emulators/fauxqs.ts";
import { s3Backend } from "../../../../local/services/s3/backend.ts";

/** An emulator that keeps objects by their path, slowly, and takes no notice of conditions. */
function aBackend() {
  const objects = new Map<string, Buffer>();
  const inject: Fauxqs["inject"] = async ({ method, url, payload }) => {
    const path = url.split("?")[0] ?? "";
    await wait(2);
    if (method === "PUT") objects.set(path, Buffer.from(payload));
    const found = objects.get(path);
    const headers = found === undefined ? {} : { etag: `"${found.toString()}"`, "transfer-encoding": "chunked" };
    return { statusCode: found === undefined ? 404 : 200, headers, rawPayload: found ?? Buffer.alloc(0) };
  };
  const backend = s3Backend({ inject } as Fauxqs);
  const send = async (method: string, url: string, headers: Record<string, string> = {}, body = "") => {
    const request: AwsRequest = { method, url, headers, body: Buffer.from(body) };
    const call = { principal: { kind: "operator" } as const, ...protocols.s3.decode(request), request };
    const answer = await backend.forward?.(call).catch((error: { code: string; status: number }) => error);
    return answer;
  };
  return { objects, send };
}

describe("S3's guard", () => {
  it("passes plain requests on", async () => {
    const { send } = aBackend();
    expect(await send("PUT", "/bucket/key?x-id=PutObject", {}, "one")).toMatchObject({ status: 200 });
    const read = await send("GET", "/bucket/key");
    expect(read).toMatchObject({ status: 200, body: Buffer.from("one") });
    expect(read).not.toHaveProperty("headers.transfer-encoding");
  });

  it.each([
    ["there is one already", { "if-none-match": "*" }, "key", 412],
    ["there is none yet", { "if-none-match": "*" }, "new", 200],
    ["it is still the one that was read", { "if-match": '"one"' }, "key", 200],
    ["it is another by now", { "if-match": '"other"' }, "key", 412],
    ["there is none to be the one that was read", { "if-match": '"one"' }, "new", 412],
  ])("keeps the condition of a write when %s", async (_name, headers, key, status) => {
    const { objects, send } = aBackend();
    await send("PUT", "/bucket/key", {}, "one");
    expect(await send("PUT", `/bucket/${key}`, headers, "two")).toMatchObject({ status });
    expect(objects.get(`/bucket/${key}`)?.toString()).toBe(status === 200 ? "two" : key === "key" ? "one" : undefined);
  });

  it("lets one of many create-only writes win", async () => {
    const { objects, send } = aBackend();
    const writes = Array.from({ length: 10 }, (_, index) =>
      send("PUT", "/bucket/key", { "if-none-match": "*" }, `${index}`),
    );
    const statuses = (await Promise.all(writes)).map((answer) => answer?.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(9);
    expect(objects.get("/bucket/key")?.toString()).toBe("0");
  });

  it.each([
    ["PUT", "/bucket/key?tagging"],
    ["PUT", "/bucket/key?retention"],
    ["PUT", "/bucket/key?legal-hold"],
    ["GET", "/bucket?versioning"],
    ["GET", "/bucket?acl"],
  ])("refuses %s %s, which the emulator would take for something else", async (method, url) => {
    const { objects, send } = aBackend();
    await send("PUT", "/bucket/key", {}, "one");
    expect(await send(method, url, {}, "<Tagging/>")).toMatchObject({ code: "NotImplemented", status: 501 });
    expect(objects.get("/bucket/key")?.toString()).toBe("one");
  });
});
