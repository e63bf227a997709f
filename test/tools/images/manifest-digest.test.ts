/** Against a registry of the test's own, over HTTP. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { manifestDigest } from "../../../tools/images/manifest-digest.ts";
import { pinned } from "../../../tools/images/publish.ts";

const digest = `sha256:${"d".repeat(64)}`;
let server: Server | undefined;
afterEach(() => server?.close());

/** @returns the registry's host */
async function registry(answer: (request: IncomingMessage, response: ServerResponse, host: string) => void) {
  const started = createServer((request, response) => answer(request, response, host));
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(started.address() as AddressInfo).port}`;
  return host;
}

describe("the digest behind a tag", () => {
  it("is what the registry says, of indexes and of single images", async () => {
    const asked: string[] = [];
    const host = await registry(({ method, url, headers }, response) => {
      asked.push(`${method} ${url}`);
      expect(headers.accept).toContain("application/vnd.oci.image.index.v1+json");
      expect(headers.accept).toContain("application/vnd.docker.distribution.manifest.v2+json");
      response.writeHead(200, { "docker-content-digest": digest }).end();
    });
    expect(await manifestDigest({ registry: host, repository: "lambda/nodejs", version: "24" })).toBe(digest);
    expect(asked).toEqual(["HEAD /v2/lambda/nodejs/manifests/24"]);
  });

  it("is got with a token where the registry wants one of everybody", async () => {
    const host = await registry(({ url, headers }, response, self) => {
      if (url?.startsWith("/token")) {
        expect(url).toBe("/token?service=registry.example&scope=aws");
        response.end(JSON.stringify({ token: "for-anybody" }));
      } else if (headers.authorization === "Bearer for-anybody") {
        response.writeHead(200, { "docker-content-digest": digest }).end();
      } else {
        const challenge = `Bearer realm="http://${self}/token",service="registry.example",scope="aws"`;
        response.writeHead(401, { "www-authenticate": challenge }).end();
      }
    });
    expect(await manifestDigest({ registry: host, repository: "a", version: "1" })).toBe(digest);
  });

  it("is none where there is no such tag", async () => {
    const host = await registry((_, response) => response.writeHead(404).end());
    expect(await manifestDigest({ registry: host, repository: "a", version: "1" })).toBeUndefined();
    await expect(pinned(`${host}/a:1`)).rejects.toMatchObject({ code: "bad-base-image" });
  });

  it.each([
    [401, { "www-authenticate": 'Basic realm="private"' }],
    [500, {}],
    [200, { "docker-content-digest": "latest" }],
    [200, {}],
  ])("isn't made of an answer %d with %j", async (status, headers) => {
    const host = await registry((_, response) => response.writeHead(status, headers).end());
    await expect(manifestDigest({ registry: host, repository: "a", version: "1" })).rejects.toMatchObject({
      code: "registry-refused",
      message: expect.stringContaining(`answers ${status} when it is asked for a:1`),
    });
  });

  it("isn't made of silence", async () => {
    const host = await registry((request) => request.socket.destroy());
    await expect(manifestDigest({ registry: host, repository: "a", version: "1" })).rejects.toMatchObject({
      code: "registry-unreachable",
      message: `The registry ${host} doesn't answer. Check its name and the network.`,
    });
  });
});

describe("a base image", () => {
  it("is taken by its digest; one that has a digest already is taken as it is", async () => {
    const host = await registry((_, response) => response.writeHead(200, { "docker-content-digest": digest }).end());
    expect(await pinned(`${host}/lambda/nodejs:24`)).toBe(`${host}/lambda/nodejs@${digest}`);
    expect(await pinned(`registry.invalid/a@${digest}`)).toBe(`registry.invalid/a@${digest}`);
  });
});
