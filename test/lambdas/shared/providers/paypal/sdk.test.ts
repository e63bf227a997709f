/**
 * PayPal has no SDK for Node that checks signatures on the spot: its server SDK leaves webhooks out, and the one before
 * only had PayPal's API asked. A webhook that PayPal publishes names a certificate that is no longer to be had. So this
 * holds our verification against openssl, which signs and checks what PayPal's guide says, put together here.
 * Source: https://developer.paypal.com/api/rest/webhooks/rest/ ("Self verification method")
 */
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import * as v from "valibot";
import { certificateHeader, paypalCapabilities } from "../../../../../lambdas/shared/providers/paypal/capabilities.ts";
import { flipText } from "../flip-text.ts";
import { nowMs, opened, samples, signed } from "../samples.ts";
import { bothOf } from "../sdk-agreement.ts";
import { crc32 } from "./crc32.ts";

interface Webhook {
  readonly body: string;
  readonly id: string;
  readonly time: string;
  readonly webhookId: string;
  readonly signature: string;
}

const isInstalled = spawnSync("openssl", ["version"]).status === 0;
const certificates = samples.paypal.prepared?.[certificateHeader] ?? "";
const { testSender } = v.parse(paypalCapabilities.settings, samples.paypal.secretValue);
let folder: string;
const file = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "paypal-"));
  const { publicKey } = new X509Certificate(certificates);
  writeFileSync(file("public.pem"), publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(file("private.pem"), testSender?.privateKey ?? "");
});
afterAll(() => rmSync(folder, { recursive: true }));

const messageOf = ({ id, time, webhookId, body }: Omit<Webhook, "signature">) =>
  [id, time, webhookId, crc32(Buffer.from(body))].join("|");

function opensslVerifies(parts: Webhook): boolean {
  writeFileSync(file("signature"), Buffer.from(parts.signature, "base64"));
  const args = ["dgst", "-sha256", "-verify", file("public.pem"), "-signature", file("signature")];
  return spawnSync("openssl", args, { input: messageOf(parts) }).status === 0;
}
function opensslSigns(parts: Omit<Webhook, "signature">): Webhook {
  const { stdout } = spawnSync("openssl", ["dgst", "-sha256", "-sign", file("private.pem")], {
    input: messageOf(parts),
  });
  return { ...parts, signature: stdout.toString("base64") };
}

const both = bothOf<Webhook>({
  sdkSays: opensslVerifies,
  weSay({ body, id, time, webhookId, signature }) {
    const headers = {
      ...Object.fromEntries(signed("paypal").headers),
      "paypal-transmission-id": id,
      "paypal-transmission-time": time,
      "paypal-transmission-sig": signature,
    };
    const provider = opened("paypal", { secrets: [webhookId], testSender });
    return provider.verify({ body: Buffer.from(body), headers: new Map(Object.entries(headers)) }, nowMs);
  },
});

const letters = fc.string({ unit: fc.constantFrom(..."abcXYZ0189"), minLength: 1, maxLength: 40 });
const anything = fc.record({
  body: fc.string({ unit: "grapheme" }),
  id: letters,
  time: fc.integer({ min: -300, max: 300 }).map((seconds) => new Date(nowMs - 500 + seconds * 1000).toISOString()),
  webhookId: letters,
});
/** Each is two processes. */
const numRuns = 20;

(isInstalled ? describe : describe.skip)("beside openssl", () => {
  it("rule 1: both accept what it signs", async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (parts) => expect(await both(opensslSigns(parts))).toEqual([true, true])),
      { numRuns },
    );
  });

  it("rule 1: both accept what we sign", async () => {
    const body = '{"summary":"Zürich ☃"}';
    const { headers } = signed("paypal", { body: Buffer.from(body) });
    const [id = "", time = "", signature = ""] = ["id", "time", "sig"].map((of) =>
      headers.get(`paypal-transmission-${of}`),
    );
    const [webhookId = ""] = samples.paypal.secretValue.secrets;
    expect(await both({ body, id, time, webhookId, signature })).toEqual([true, true]);
  });

  it.each(["body", "id", "time", "webhookId", "signature"] as const)(
    "rule 1: both refuse any flipped bit of: %s",
    async (name) => {
      const signature = (parts: Webhook) => {
        const bytes = Buffer.from(parts.signature, "base64");
        return (at: number) => {
          const place = at % bytes.length;
          return Buffer.from(bytes.with(place, (bytes[place] ?? 0) ^ (1 << (at % 8)))).toString("base64");
        };
      };
      await fc.assert(
        fc.asyncProperty(anything, fc.nat(10_000), async (parts, at) => {
          fc.pre(parts.body !== "");
          const webhook = opensslSigns(parts);
          const flipped = name === "signature" ? signature(webhook)(at) : flipText(webhook[name], at);
          expect(await both({ ...webhook, [name]: flipped })).toEqual([false, false]);
        }),
        { numRuns },
      );
    },
  );

  it("rule 2, differs: it knows no clock; we refuse what is signed more than 300 s away", async () => {
    for (const seconds of [-301, 301]) {
      const time = new Date(nowMs - 500 + seconds * 1000).toISOString();
      expect(await both(opensslSigns({ body: "{}", id: "1", time, webhookId: "W" }))).toEqual([true, false]);
    }
  });

  it("differs: bars within an id move the bounds of what is signed; we take no id that has one", async () => {
    const time = new Date(nowMs - 500).toISOString();
    expect(await both(opensslSigns({ body: "{}", id: "a|b", time, webhookId: "W" }))).toEqual([true, false]);
  });

  it("differs: a CRC-32 is no digest, and two bodies of one sum are signed alike; nobody but the scheme can help that", async () => {
    // Both have the sum 1306201125; the scheme lets PayPal's signature of one stand for the other.
    const time = new Date(nowMs - 500).toISOString();
    const webhook = opensslSigns({ body: "plumless", id: "1", time, webhookId: "W" });
    expect(await both({ ...webhook, body: "buckeroo" })).toEqual([true, true]);
  });
});
