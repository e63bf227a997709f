/**
 * The verify call of each provider's own SDK, by the provider's name, whether the provider is there yet or not. Each
 * begins with the bytes, as we do, and decodes them where it takes text; some parse it, too, and none translates. Each is
 * loaded when it is measured.
 */
import { createRequire } from "node:module";
import type { Work } from "./subjects.ts";
import type { BenchWebhook } from "./webhooks.ts";

interface Peer {
  /** The package and the call in it. */
  readonly what: string;
  /** Whether it reads the body, too. */
  readonly parses: boolean;
  load(asked: Question): Promise<Work>;
}

interface Question {
  readonly bytes: Uint8Array;
  /** The body's text, decoded anew. */
  text(): string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The value of a header; empty where there is none. */
  header(name: string): string;
  readonly settings: Readonly<Record<string, unknown>>;
}

const peers: Readonly<Record<string, Peer>> = {
  stripe: {
    what: "stripe, webhooks.constructEvent",
    parses: true,
    async load({ bytes, secret, header }) {
      const { default: Stripe } = await import("stripe");
      return () => Stripe.webhooks.constructEvent(bytes, header("stripe-signature"), secret);
    },
  },
  github: {
    what: "@octokit/webhooks-methods, verify",
    parses: false,
    async load({ text, secret, header }) {
      const { verify } = await import("@octokit/webhooks-methods");
      return holds(() => verify(secret, text(), header("x-hub-signature-256")));
    },
  },
  shopify: {
    what: "@shopify/shopify-api, webhooks.validate",
    parses: false,
    async load({ text, secret, headers }) {
      await import("@shopify/shopify-api/adapters/node");
      const { ApiVersion, LogSeverity, shopifyApi } = await import("@shopify/shopify-api");
      const { webhooks } = shopifyApi({
        apiKey: "key",
        apiSecretKey: secret,
        apiVersion: ApiVersion.July26,
        hostName: "example.com",
        isEmbeddedApp: false,
        logger: { level: LogSeverity.Error },
      });
      const others = {
        "x-shopify-shop-domain": "example.myshopify.com",
        "x-shopify-api-version": ApiVersion.July26,
        "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
      };
      // Of a request it reads the headers, the method and the URL.
      const rawRequest = { headers: { ...headers, ...others }, method: "POST", url: "/" };
      type Asked = Parameters<typeof webhooks.validate>[0];
      const asked = { rawRequest, rawResponse: {} } as unknown as Omit<Asked, "rawBody">;
      return holds(async () => (await webhooks.validate({ ...asked, rawBody: text() })).valid);
    },
  },
  "standard-webhooks": {
    what: "standardwebhooks, Webhook.verify",
    parses: true,
    async load({ text, secret, headers }) {
      const { Webhook } = await import("standardwebhooks");
      const webhook = new Webhook(secret);
      return () => webhook.verify(text(), headers);
    },
  },
  adyen: {
    what: "@adyen/api-library, HmacValidator.validateHMAC",
    parses: true,
    async load({ text, secret }) {
      const { default: HmacValidator } = required("@adyen/api-library/lib/src/utils/hmacValidator.js") as {
        default: new () => { validateHMAC(item: unknown, key: string): boolean };
      };
      const validator = new HmacValidator();
      return holds(() => {
        const { notificationItems } = JSON.parse(text()) as {
          notificationItems: readonly { readonly NotificationRequestItem: unknown }[];
        };
        return notificationItems.every((item) => validator.validateHMAC(item.NotificationRequestItem, secret));
      });
    },
  },
  square: {
    what: "square, WebhooksHelper.verifySignature",
    parses: false,
    async load({ text, secret, header, settings }) {
      const { WebhooksHelper } = await import("square");
      const [notificationUrl = ""] = settings.notificationUrls as readonly string[];
      const signatureHeader = header("x-square-hmacsha256-signature");
      return holds(() =>
        WebhooksHelper.verifySignature({ requestBody: text(), signatureHeader, signatureKey: secret, notificationUrl }),
      );
    },
  },
  paddle: {
    what: "@paddle/paddle-node-sdk, webhooks.isSignatureValid",
    parses: false,
    async load({ text, secret, header }) {
      const { Paddle } = await import("@paddle/paddle-node-sdk");
      const { webhooks } = new Paddle("no API key");
      return holds(() => webhooks.isSignatureValid(text(), secret, header("paddle-signature")));
    },
  },
  razorpay: {
    what: "razorpay, validateWebhookSignature",
    parses: false,
    async load({ text, secret, header }) {
      const { validateWebhookSignature } = required("razorpay") as {
        validateWebhookSignature(body: string, signature: string, secret: string): boolean;
      };
      return holds(() => validateWebhookSignature(text(), header("x-razorpay-signature"), secret));
    },
  },
  braintree: {
    what: "braintree, webhookNotification.parse",
    parses: true,
    async load({ text, secret }) {
      const { BraintreeGateway, Environment } = required("braintree") as {
        BraintreeGateway: new (
          settings: object,
        ) => {
          webhookNotification: { parse(signature: string, payload: string): Promise<unknown> };
        };
        Environment: { Sandbox: unknown };
      };
      const [publicKey, privateKey] = secret.split(":");
      const settings = { environment: Environment.Sandbox, merchantId: "m", publicKey, privateKey };
      const { webhookNotification } = new BraintreeGateway(settings);
      return () => {
        const form = new URLSearchParams(text());
        return webhookNotification.parse(form.get("bt_signature") ?? "", form.get("bt_payload") ?? "");
      };
    },
  },
  gocardless: {
    what: "gocardless-nodejs, webhooks.parse",
    parses: true,
    async load({ text, secret, header }) {
      const { parse } = required("gocardless-nodejs/webhooks") as {
        parse(body: string, secret: string, signature: string): unknown;
      };
      return () => parse(text(), secret, header("webhook-signature"));
    },
  },
  mollie: {
    what: "mollie-api-typescript, SignatureValidator.validate",
    parses: false,
    async load({ text, secret, header }) {
      const { SignatureValidator } = await import("mollie-api-typescript");
      return holds(() => SignatureValidator.validate(text(), [secret], header("x-mollie-signature")));
    },
  },
};

/** The SDK's verification of a webhook; absent where there is no SDK that verifies. */
export async function sdkOf({
  provider,
  sent,
  secretValue,
}: BenchWebhook): Promise<(Pick<Peer, "what" | "parses"> & { readonly work: Work }) | undefined> {
  const peer = peers[provider];
  if (peer === undefined) return undefined;
  const body = Buffer.from(sent.body);
  const headers = Object.fromEntries(sent.headers);
  const [secret = ""] = secretValue.secrets;
  const work = await peer.load({
    bytes: body,
    text: () => body.toString(),
    secret,
    headers,
    header: (name) => headers[name] ?? "",
    settings: secretValue,
  });
  return { what: peer.what, parses: peer.parses, work };
}

/** Packages that know CommonJS only, or have no types. */
const required = createRequire(import.meta.url);

/** The work, throwing where it says no, so that nobody measures a refusal. */
function holds(ask: () => boolean | Promise<boolean>): Work {
  const check = (isValid: boolean) => {
    if (!isValid) throw new Error("The SDK refuses what we signed.");
    return isValid;
  };
  return () => {
    const answer = ask();
    return typeof answer === "boolean" ? check(answer) : answer.then(check);
  };
}
