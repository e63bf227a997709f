/**
 * `cli images` for real: builds with buildah, and with Docker where its daemon answers, on a stand-in for AWS's base
 * image, pushes to a registry on this machine, and runs what it has pushed. `npm run test:images`; minutes, not seconds.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environments } from "../../config/environments.ts";
import { functionNames } from "../tools/images/samples.ts";
import { invoke } from "./invoke.ts";
import { hasDocker, noBuild, noRun } from "./programs.ts";
import { createWorkplace, type Workplace } from "./workplace.ts";

interface Blob {
  readonly digest: string;
}

jest.setTimeout(10 * 60_000);

const untold = (reason: string | undefined, what: string) =>
  reason === undefined ? what : `${what} – SKIPPED, ${reason}`;
for (const reason of [noBuild, noRun]) if (reason !== undefined) process.stderr.write(`Images, skipped: ${reason}\n`);
const describeBuild = noBuild === undefined ? describe : describe.skip;
const itRuns = noRun === undefined ? it : it.skip;
const itWithDocker = hasDocker ? it : it.skip;

describeBuild(untold(noBuild, "images, built and pushed"), () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await createWorkplace();
  });
  afterAll(() => place?.remove());

  let first: Readonly<Record<string, string>> = {};

  it("are one for each function, and their digests are written down", () => {
    const { digests, pushed, lines } = place.publish("dev", false);
    first = digests;
    expect(lines).toContain("Building with buildah: ");
    expect(pushed).toEqual(functionNames);
    expect(Object.keys(digests)).toEqual(functionNames);
    expect(new Set(Object.values(digests)).size).toBe(functionNames.length);
    expect(JSON.parse(readFileSync(join(place.project, "dist/image-digests-dev.json"), "utf8"))).toEqual(digests);
  });

  it("are what Lambda takes: no index, arm64, one file of ours that anybody may read", async () => {
    for (const name of functionNames) {
      const manifest = await place.registry.json(`${name}-dev`, "manifests", first[name] ?? "");
      expect(manifest.mediaType).toMatch(/image\.manifest\.v1\+json$|distribution\.manifest\.v2\+json$/);
      const { digest } = manifest.config as Blob;
      expect(await place.registry.json(`${name}-dev`, "blobs", digest)).toMatchObject({
        architecture: "arm64",
        created: "1980-01-01T00:00:00Z",
        config: { Cmd: ["index.handler"], WorkingDir: "/var/task" },
      });
      const ours = (manifest.layers as readonly Blob[]).at(-1)?.digest ?? "";
      const files = (await place.registry.layer(`${name}-dev`, ours)).filter((entry) => !entry.startsWith("d"));
      expect(files).toEqual([expect.stringMatching(/^-rw-r--r-- .* 1980-01-01 00:00:00 var\/task\/index\.cjs$/)]);
    }
  });

  itRuns(untold(noRun, "answer an event, with a read-only file system, under emulation"), async () => {
    const answer = await invoke({
      image: `${place.registry.host}/webhook-validator-dev@${first["webhook-validator"]}`,
      event: {
        httpMethod: "POST",
        path: "/webhooks/nobody",
        headers: {},
        multiValueHeaders: {},
        pathParameters: { provider: "nobody" },
        body: "e30=",
        isBase64Encoded: true,
        requestContext: { requestId: "request-1" },
      },
      environment: {
        WEBHOOK_EVENTS_QUEUE_URL: "http://127.0.0.1:1/q",
        WEBHOOK_PAYLOADS_BUCKET: "b",
        ROUTING_THRESHOLDS_USD: JSON.stringify(environments.dev.routingThresholdsUsd),
        PROVIDER_SECRETS: "{}",
        ENVIRONMENT: "dev",
      },
      variables: place.variables,
    });
    expect(answer).toMatchObject({ statusCode: 404, body: expect.stringContaining("unknown_provider") });
  });

  it("are left alone the second time", () => {
    const { digests, pushed, lines } = place.publish("dev", false);
    expect(pushed).toEqual([]);
    expect(digests).toEqual(first);
    expect(lines).not.toContain("Building");
  });

  it("have the same digests when all is built anew", () => {
    place.forgetLayers();
    const { digests, pushed } = place.publish("staging", false);
    expect(pushed).toEqual(functionNames);
    expect(digests).toEqual(first);
  });

  it("are pushed for the function whose bytes have changed, and for no other", () => {
    appendFileSync(join(place.project, "lambdas/fraud-detector/handler.ts"), "\nexport const changed = true;\n");
    const { digests, pushed } = place.publish("dev", false);
    expect(pushed).toEqual(["fraud-detector"]);
    expect(digests["fraud-detector"]).not.toBe(first["fraud-detector"]);
    expect({ ...digests, "fraud-detector": "" }).toEqual({ ...first, "fraud-detector": "" });
  });

  itWithDocker(untold(hasDocker ? undefined : "no Docker daemon answers", "are baked by docker buildx, too"), () => {
    const { pushed, lines } = place.publish("prod", true);
    expect(lines).toContain("Building with docker buildx: ");
    expect(pushed).toEqual(functionNames);
    expect(place.publish("prod", true).pushed).toEqual([]);
  });
});
