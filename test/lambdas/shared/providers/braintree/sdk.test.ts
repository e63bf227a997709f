/** Braintree's own SDK beside ours: what it signs and accepts, what it refuses, and where the two differ. */
import { createRequire } from "node:module";
import fc from "fast-check";
import { fieldAt } from "../../../../../lambdas/shared/domain/exact-json.ts";
import { signers } from "../../../../../lambdas/shared/providers/sign.ts";
import { flipText } from "../flip-text.ts";
import { opened } from "../samples.ts";

interface Fields {
  readonly bt_signature: string;
  readonly bt_payload: string;
}
interface Notification {
  readonly kind: string;
  readonly timestamp: string;
  readonly [object: string]: unknown;
}
/** What is used here of the SDK, which has no types of its own. */
interface Gateway {
  readonly webhookTesting: { sampleNotification(kind: string, id: string, sourceMerchantId?: string): Promise<Fields> };
  readonly webhookNotification: { parse(signature: string, payload: string): Promise<Notification> };
}
interface Sdk {
  readonly BraintreeGateway: new (settings: object) => Gateway;
  readonly Environment: { readonly Sandbox: unknown };
  readonly WebhookNotification: { readonly Kind: Readonly<Record<string, string>> };
}

const require = createRequire(import.meta.url);
const sdk = require("braintree") as Sdk;
const kinds = Object.values(sdk.WebhookNotification.Kind);
const secret = "integration_public_key:integration_private_key";

function gatewayOf(pair: string): Gateway {
  const [publicKey, privateKey] = pair.split(":");
  return new sdk.BraintreeGateway({ environment: sdk.Environment.Sandbox, merchantId: "m", publicKey, privateKey });
}
const gateway = gatewayOf(secret);

function bodyOf({ bt_signature, bt_payload }: Fields): Buffer {
  return Buffer.from(new URLSearchParams({ bt_signature, bt_payload }).toString());
}

const oursOf = (fields: Fields, pair = secret) =>
  opened("braintree", { secrets: [pair] }).verify({ headers: new Map(), body: bodyOf(fields) }, Date.now()).kind ===
  "valid";
const theirsOf = (fields: Fields, pair = secret) =>
  gatewayOf(pair)
    .webhookNotification.parse(fields.bt_signature, fields.bt_payload)
    .then(
      () => true,
      () => false,
    );
/** Whether each accepts: the SDK, and we. */
const both = async (fields: Fields, pair = secret) => [await theirsOf(fields, pair), oursOf(fields, pair)];

/** A notification of any XML, as we sign it. */
function signedBy(xml: string, secrets: readonly string[] = [secret]): Fields {
  const request = { body: Buffer.from(xml), nowMs: Date.now(), deliveryId: "", topic: "" };
  const form = new URLSearchParams(
    Buffer.from(signers.braintree({ ...request, secretValue: { secrets } }).body).toString(),
  );
  return { bt_signature: form.get("bt_signature") ?? "", bt_payload: form.get("bt_payload") ?? "" };
}

const sampleOf = (kind: string, id = "abc123") => gateway.webhookTesting.sampleNotification(kind, id, "source");

describe("the SDK", () => {
  it.each(kinds)("signs a sample of %s that we accept and read as it does", async (kind) => {
    const fields = await sampleOf(kind);
    expect(await both(fields)).toEqual([true, true]);
    const theirs = await gateway.webhookNotification.parse(fields.bt_signature, fields.bt_payload);
    const parsed = opened("braintree", { secrets: [secret] }).parse(bodyOf(fields));
    if (parsed.kind === "invalid") throw new Error(parsed.message);
    const ours = (...path: string[]) => fieldAt(parsed.value, "notification", ...path);
    expect([ours("kind"), ours("timestamp")]).toEqual([theirs.kind, theirs.timestamp]);
    for (const object of ["transaction", "dispute", "subscription", "disbursement"]) {
      for (const field of ["id", "amount", "status"]) {
        const ofTheirs = (theirs[object] as Record<string, unknown> | undefined)?.[field];
        expect(ours("subject", object, field)).toBe(ofTheirs);
      }
    }
  });

  it("accepts what we sign, with whatever text in it, and reads the same from it", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "☃", "&amp;", "&lt;", " ", "\n") });
    await fc.assert(
      fc.asyncProperty(text, async (id) => {
        const timestamp = new Date().toISOString();
        const xml = `<notification><kind>check</kind><timestamp>${timestamp}</timestamp><subject><check><id>x${id}x</id></check></subject></notification>`;
        const fields = signedBy(xml, ["other:key", secret]);
        expect(await both(fields)).toEqual([true, true]);
        const theirs = await gateway.webhookNotification.parse(fields.bt_signature, fields.bt_payload);
        const parsed = opened("braintree", { secrets: [secret] }).parse(bodyOf(fields));
        if (parsed.kind === "invalid") throw new Error(parsed.message);
        const ours = fieldAt(parsed.value, "notification", "subject", "check", "id");
        expect(ours).toBe(fieldAt(theirs, "subject", "check", "id"));
      }),
      { numRuns: 50 },
    );
  });

  it("refuses, as we do, a signature, a payload and a secret with any bit flipped", async () => {
    const fields = await sampleOf("transaction_settled");
    const { bt_signature, bt_payload } = fields;
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), async (at) => {
        expect(await both({ ...fields, bt_signature: flipText(bt_signature, at) })).toEqual([false, false]);
        // The last character is the line end, without which the payload is the same.
        const flipped = flipText(bt_payload.trimEnd(), at);
        expect(await both({ ...fields, bt_payload: flipped })).toEqual([false, false]);
        const [publicKey, privateKey = ""] = secret.split(":");
        const other = privateKey.slice(0, at % privateKey.length);
        expect(await both(fields, `${publicKey}:${other}0${privateKey.slice(other.length + 1)}`)).toEqual([
          false,
          false,
        ]);
      }),
    );
  });

  it("accepts, as we do, a payload without its last line end, and the right one of several signatures", async () => {
    const fields = await sampleOf("check");
    expect(await both({ ...fields, bt_payload: fields.bt_payload.trimEnd() })).toEqual([true, true]);
    expect(await both({ ...fields, bt_signature: `other|00&${fields.bt_signature}` })).toEqual([true, true]);
    expect(await both({ ...fields, bt_signature: `other|00` })).toEqual([false, false]);
    expect(await both({ ...fields, bt_payload: `${fields.bt_payload}!` })).toEqual([false, false]);
  });
});

describe("the SDK and we differ", () => {
  it("in age: it accepts any, we a week, so that a captured notification outlives no event id", async () => {
    const xml = "<notification><kind>check</kind><timestamp>2020-01-01T00:00:00Z</timestamp><subject/></notification>";
    const fields = signedBy(xml);
    expect(await both(fields)).toEqual([true, false]);
  });

  it("in what follows a signature: it ignores a third part and null characters, we want the signature alone", async () => {
    const fields = await sampleOf("check");
    expect(await both({ ...fields, bt_signature: `${fields.bt_signature}|more` })).toEqual([true, false]);
    expect(await both({ ...fields, bt_signature: `${fields.bt_signature}\0` })).toEqual([true, false]);
  });

  it("in two signatures by one key: it takes the first, we try each, as with any scheme of several", async () => {
    const fields = await sampleOf("check");
    const first = `integration_public_key|00&${fields.bt_signature}`;
    expect(await both({ ...fields, bt_signature: first })).toEqual([false, true]);
  });

  it("in keys: it has one pair, we as many as are live", async () => {
    const fields = await sampleOf("check");
    const provider = opened("braintree", { secrets: ["new:one", secret] });
    expect(provider.verify({ headers: new Map(), body: bodyOf(fields) }, Date.now()).kind).toBe("valid");
    expect(await both(fields, "new:one")).toEqual([false, false]);
  });

  it("in an empty payload: it says that there is none, we that nothing can be read in it", async () => {
    const fields = signedBy("");
    expect(await theirsOf(fields)).toBe(false);
    expect(opened("braintree", { secrets: [secret] }).parse(bodyOf(fields))).toMatchObject({ kind: "invalid" });
  });

  it("in document types: it reads past them, we refuse what has one", async () => {
    const timestamp = new Date().toISOString();
    const xml = `<!DOCTYPE a><notification><kind>check</kind><timestamp>${timestamp}</timestamp><subject/></notification>`;
    const fields = signedBy(xml);
    expect(await theirsOf(fields)).toBe(true);
    expect(opened("braintree", { secrets: [secret] }).parse(bodyOf(fields))).toMatchObject({ kind: "invalid" });
  });
});
