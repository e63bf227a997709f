/** Held against GitHub's own library, Octokit's webhooks-methods: what it signs or accepts, and what it refuses. */
import { sign, verify, verifyWithFallback } from "@octokit/webhooks-methods";
import fc from "fast-check";
import { verifyGithub } from "../../../../../lambdas/shared/providers/github/verify.ts";
import { opened, signed } from "../samples.ts";
import { bothOf, itAgrees } from "../sdk-agreement.ts";

interface Webhook {
  readonly body: string;
  readonly secret: string;
  readonly signature: string;
}
const askUs = (bytes: string | Uint8Array, signature: string, secrets: string[]) =>
  verifyGithub({ body: Buffer.from(bytes), headers: new Map([["x-hub-signature-256", signature]]) }, { secrets });
const both = bothOf<Webhook>({
  sdkSays: ({ body, secret, signature }) => verify(secret, body, signature),
  weSay: ({ body, secret, signature }) => askUs(body, signature, [secret]),
});
const sdkSigns = async ([body, secret]: readonly [string, string]): Promise<Webhook> => ({
  body,
  secret,
  signature: await sign(secret, body),
});
const weSign = (body: string | Uint8Array, secret: string) =>
  signed("github", { body: Buffer.from(body), secretValue: { secrets: [secret] } }).headers.get(
    "x-hub-signature-256",
  ) ?? "";

const sample: Webhook = { body: '{"zen":"Zürich ☃"}', secret: "hush", signature: weSign('{"zen":"Zürich ☃"}', "hush") };

describe("beside GitHub's library", () => {
  itAgrees({
    both,
    unsigned: fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme", minLength: 1 })),
    sdkSigns,
    weSign: ([body, secret]) => ({ body, secret, signature: weSign(body, secret) }),
    sample,
  });

  const hex = sample.signature.slice("sha256=".length);
  it.each([
    ["upper-case hex", `sha256=${hex.toUpperCase()}`],
    ["a signature without its prefix", hex],
    ["the prefix of SHA-1", `sha1=${hex}`],
    ["a signature that is cut", `sha256=${hex.slice(1)}`],
    ["blanks around it", ` ${sample.signature} `],
    ["two signatures, as API Gateway joins two headers", `${sample.signature},${sample.signature}`],
    ["nothing", ""],
  ])("both refuse %s", async (_what, signature) => {
    expect(await both({ ...sample, signature })).toEqual([false, false]);
  });

  it("rule 3: both try every live secret, it in a function of its own", async () => {
    const { body, secret, signature } = sample;
    expect(await verifyWithFallback("new", body, signature, ["newer", secret])).toBe(true);
    expect(askUs(body, signature, ["new", "newer", secret]).kind).toBe("valid");
    expect(await verifyWithFallback("new", body, signature, ["newer"])).toBe(false);
    expect(askUs(body, signature, ["new", "newer"]).kind).toBe("refused");
  });

  it("rule 2: neither knows a time, since GitHub signs none: its delivery's id tells an old webhook apart", async () => {
    const { headers } = signed("github", { atMs: 0 });
    const others = signed("github").headers;
    expect(headers.get("x-hub-signature-256")).toBe(others.get("x-hub-signature-256"));
  });

  it("differs: it throws for an empty body; to us its signature holds, and reading it is the next step", async () => {
    await expect(verify("hush", "", weSign("", "hush"))).rejects.toThrow(TypeError);
    expect(askUs("", weSign("", "hush"), ["hush"]).kind).toBe("valid");
    expect(opened("github", { secrets: ["hush"] }).parse(Buffer.of())).toMatchObject({ kind: "invalid" });
  });

  it("differs: it throws for an empty secret at each webhook; we call the setting wrong beforehand", async () => {
    await expect(verify("", sample.body, sample.signature)).rejects.toThrow(TypeError);
    expect(() => opened("github", { secrets: [""] })).toThrow(/secrets/);
  });

  it("differs: bytes that are no UTF-8 are bytes to us, and can't be said to it", async () => {
    const body = Buffer.from([0x7b, 0xff, 0x7d]);
    const signature = weSign(body, "hush");
    expect(askUs(body, signature, ["hush"]).kind).toBe("valid");
    expect(await verify("hush", body.toString(), signature)).toBe(false);
  });
});
