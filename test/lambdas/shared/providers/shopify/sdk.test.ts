/** Held against Shopify's own library: what it accepts, and what it refuses. It has nothing that signs webhooks. */
import "@shopify/shopify-api/adapters/node";
import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiVersion, LogSeverity, shopifyApi, type WebhookValidation } from "@shopify/shopify-api";
import fc from "fast-check";
import { verifyShopify } from "../../../../../lambdas/shared/providers/shopify/verify.ts";
import { opened, signed } from "../samples.ts";
import { bothOf, itAgrees } from "../sdk-agreement.ts";

interface Webhook {
  readonly body: string;
  readonly secret: string;
  readonly signature: string;
}

/** Headers that Shopify sends besides, and that its library wants to be there. */
const others: Readonly<Record<string, string>> = {
  "x-shopify-topic": "orders/paid",
  "x-shopify-shop-domain": "example.myshopify.com",
  "x-shopify-api-version": ApiVersion.July26,
  "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
};

function askSdk(
  rawBody: string,
  secret: string,
  headers: Readonly<Record<string, string>>,
): Promise<WebhookValidation> {
  const shopify = shopifyApi({
    apiKey: "key",
    apiSecretKey: secret,
    apiVersion: ApiVersion.July26,
    hostName: "example.com",
    isEmbeddedApp: false,
    logger: { level: LogSeverity.Error },
  });
  // Of a request it reads headers, method and URL; the response is for other adapters.
  const rawRequest = { headers, method: "POST", url: "/" } as unknown as IncomingMessage;
  return shopify.webhooks.validate({ rawBody, rawRequest, rawResponse: {} as ServerResponse });
}
const askUs = (bytes: string | Uint8Array, signature: string, secrets: string[]) =>
  verifyShopify({ body: Buffer.from(bytes), headers: new Map([["x-shopify-hmac-sha256", signature]]) }, { secrets });
const both = bothOf<Webhook>({
  sdkSays: async ({ body, secret, signature }) =>
    (await askSdk(body, secret, { ...others, "x-shopify-hmac-sha256": signature })).valid,
  weSay: ({ body, secret, signature }) => askUs(body, signature, [secret]),
});
const weSign = (body: string | Uint8Array, secret = "hush") =>
  signed("shopify", { body: Buffer.from(body), secretValue: { secrets: [secret] } }).headers.get(
    "x-shopify-hmac-sha256",
  ) ?? "";

const body = '{"id":820982911946154508,"name":"Zürich ☃"}';
const sample: Webhook = { body, secret: "hush", signature: weSign(body) };
const good = sample.signature;

describe("beside Shopify's library", () => {
  itAgrees({
    both,
    unsigned: fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme", minLength: 1 })),
    // As its documentation has a receiver compute it: https://shopify.dev/docs/apps/build/webhooks/verify-deliveries
    sdkSigns: ([text, secret]) => {
      return { body: text, secret, signature: createHmac("sha256", secret).update(text, "utf8").digest("base64") };
    },
    weSign: ([text, secret]) => ({ body: text, secret, signature: weSign(text, secret) }),
    sample,
  });

  it.each([
    ["base64 without its padding", good.replace("=", "")],
    ["base64 that only decodes to the same bytes", Buffer.from(good, "base64").toString("base64url")],
    ["hex", Buffer.from(good, "base64").toString("hex")],
    ["blanks around it", ` ${good} `],
    ["two signatures, as API Gateway joins two headers", `${good},${good}`],
    ["nothing", ""],
  ])("both refuse %s", async (_what, signature) => {
    expect(await both({ ...sample, signature })).toEqual([false, false]);
  });

  it("both refuse what differs in bits that decoders of base64 ignore", async () => {
    const lax = good.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);
    expect(Buffer.from(lax, "base64")).toEqual(Buffer.from(good, "base64"));
    expect(await both({ ...sample, signature: lax })).toEqual([false, false]);
  });

  it("rule 2: neither knows a time, since Shopify signs none: its event's id tells an old webhook apart", () => {
    expect(signed("shopify", { atMs: 0 }).headers).toEqual(signed("shopify").headers);
  });

  it("rule 3, differs: it has one secret; we as many as are live, so that one can follow another", async () => {
    expect(await both({ ...sample, secret: "new" })).toEqual([false, false]);
    expect(askUs(body, good, ["new", "hush"]).kind).toBe("valid");
  });

  it.each(Object.keys(others))(
    "differs: without %s it refuses what is signed; we need no unsigned header for it",
    async (name) => {
      const { [name]: _none, ...rest } = others;
      const { valid } = await askSdk(body, "hush", { ...rest, "x-shopify-hmac-sha256": good });
      expect([valid, askUs(body, good, ["hush"]).kind]).toEqual([false, "valid"]);
    },
  );

  it("differs: it takes deliveries of Events, too, which are a preview with bodies of another kind; we none yet", async () => {
    const events = Object.entries({ ...others, "x-shopify-hmac-sha256": good, "x-shopify-event-id": "e-1" });
    const headers = Object.fromEntries(events.map(([name, value]) => [name.replace("x-", ""), value]));
    expect(await askSdk(body, "hush", headers)).toMatchObject({ valid: true, webhookType: "events" });
    const request = { body: Buffer.from(body), headers: new Map(Object.entries(headers)) };
    expect(verifyShopify(request, { secrets: ["hush"] })).toMatchObject({ code: "signature_missing" });
  });

  it("differs: it refuses an empty body; to us its signature holds, and reading it is the next step", async () => {
    expect(await both({ body: "", secret: "hush", signature: weSign("") })).toEqual([false, true]);
    expect(opened("shopify", { secrets: ["hush"] }).parse(Buffer.of())).toMatchObject({ kind: "invalid" });
  });

  it("differs: it throws for an empty secret at each webhook; we call the setting wrong beforehand", async () => {
    await expect(async () => askSdk(body, "", { ...others, "x-shopify-hmac-sha256": good })).rejects.toThrow();
    expect(() => opened("shopify", { secrets: [""] })).toThrow(/secrets/);
  });

  it("differs: bytes that are no UTF-8 are bytes to us, and can't be said to it", async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    const signature = weSign(bytes);
    expect(askUs(bytes, signature, ["hush"]).kind).toBe("valid");
    expect((await askSdk(bytes.toString(), "hush", { ...others, "x-shopify-hmac-sha256": signature })).valid).toBe(
      false,
    );
  });
});
