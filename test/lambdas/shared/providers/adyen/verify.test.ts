import { createHmac } from "node:crypto";
import type { AdyenSettings } from "../../../../../lambdas/shared/providers/adyen/capabilities.ts";
import { verifyAdyen } from "../../../../../lambdas/shared/providers/adyen/verify.ts";
import type { WebhookRequest } from "../../../../../lambdas/shared/providers/types.ts";
import { nobody } from "../../../../support/outside.ts";
import { nowMs, opened, samples } from "../samples.ts";

const key = "44".repeat(32);
const settings: AdyenSettings = { secrets: [key], capture: "automatic", testEvents: "record" };
const codeOf = (result: { readonly kind: string; readonly code?: string }) => result.code ?? result.kind;

/** Codes computed with Python's hmac. */
const plainCode = "4wuO4S3B6I/PZG+fb/dZn0pSb27TbLkf9A/YhrKvKjE=";

const item = (changes: object = {}) => ({
  pspReference: "7914073381342284",
  merchantAccountCode: "ExampleECOM",
  merchantReference: "order-1",
  amount: { value: 1130, currency: "EUR" },
  eventCode: "AUTHORISATION",
  success: "true",
  ...changes,
});
const mac = (text: string, hex = key) => createHmac("sha256", Buffer.from(hex, "hex")).update(text).digest("base64");
const withSignature = (one: object, hmacSignature: unknown) => ({ ...one, additionalData: { hmacSignature } });
const bodyOf = (...items: readonly unknown[]) =>
  Buffer.from(
    JSON.stringify({ live: "false", notificationItems: items.map((one) => ({ NotificationRequestItem: one })) }),
  );
const verify = (body: Buffer, headers: Readonly<Record<string, string>> = {}) =>
  verifyAdyen({ body, headers: new Map(Object.entries(headers)) }, settings);

describe("verifyAdyen, of items", () => {
  it("rule 1: accepts a known-good signature over the eight values, absent ones as nothing", () => {
    expect(plainCode).toBe(mac("7914073381342284::ExampleECOM:order-1:1130:EUR:AUTHORISATION:true"));
    expect(verify(bodyOf(withSignature(item(), plainCode)))).toEqual({ kind: "valid" });
    expect(verify(bodyOf(withSignature(item({ originalReference: null }), plainCode)))).toEqual({ kind: "valid" });
    expect(verify(bodyOf(withSignature(item({ success: true }), plainCode)))).toEqual({ kind: "valid" });
  });

  it("rule 1: signs colons and backslashes of the merchant's reference as they are", () => {
    const code = mac("7914073381342284::ExampleECOM:a\\:b:c:1130:EUR:AUTHORISATION:true");
    expect(verify(bodyOf(withSignature(item({ merchantReference: "a\\:b:c" }), code)))).toEqual({ kind: "valid" });
  });

  it("rule 1: refuses an item told anew with the colons at other places", () => {
    const text = "7914073381342284::ExampleECOM:or:der:1130:EUR:AUTHORISATION:true";
    const genuine = item({ merchantReference: "or:der" });
    expect(verify(bodyOf(withSignature(genuine, mac(text))))).toEqual({ kind: "valid" });
    const forgeries = [
      { merchantAccountCode: "ExampleECOM:or", merchantReference: "der" },
      { pspReference: "7914073381342284:", originalReference: "ExampleECOM", merchantAccountCode: "or" },
      { merchantReference: "or", amount: { value: "der", currency: "1130:EUR" } },
    ].map((changes) => item({ merchantReference: "der", ...changes }));
    const joined = (one: ReturnType<typeof item> & { readonly originalReference?: string }) =>
      [one.pspReference, one.originalReference ?? "", one.merchantAccountCode, one.merchantReference]
        .concat(String(one.amount.value), one.amount.currency, one.eventCode, one.success)
        .join(":");
    for (const forged of forgeries) {
      expect(joined(forged).replace("::E", ":E")).toBe(text.replace("::E", ":E"));
      expect(codeOf(verify(bodyOf(withSignature(forged, mac(text)))))).toBe("signature_mismatch");
    }
  });

  it("rule 1: signs an amount beyond 2^53 as it is written", () => {
    const signature = mac("7914073381342284::ExampleECOM:order-1:9007199254740993:EUR:AUTHORISATION:true");
    const text = bodyOf(withSignature(item(), signature)).toString().replace("1130", "9007199254740993");
    expect(verify(Buffer.from(text))).toEqual({ kind: "valid" });
  });

  it("rule 6: names the good items where some are bad", () => {
    const good = withSignature(item(), plainCode);
    const bad = withSignature(item({ amount: { value: 999_999, currency: "EUR" } }), plainCode);
    expect(verify(bodyOf(good, bad, item(), good, null, 7, withSignature(item(), 7)))).toEqual({
      kind: "valid",
      items: [0, 3],
    });
    expect(verify(bodyOf(good, good))).toEqual({ kind: "valid" });
  });

  it("rule 4: says precisely why it refuses", () => {
    expect(codeOf(verify(bodyOf(withSignature(item(), ""))))).toBe("signature_missing");
    expect(codeOf(verify(bodyOf(item())))).toBe("signature_missing");
    expect(codeOf(verify(bodyOf()))).toBe("signature_missing");
    expect(codeOf(verify(Buffer.from("not JSON")))).toBe("signature_missing");
    expect(codeOf(verify(Buffer.from('{"type":"balancePlatform.transfer.updated","data":{}}')))).toBe(
      "signature_missing",
    );
    for (const lax of [plainCode.replace("=", ""), `${plainCode} `, plainCode.replaceAll("+", "-")]) {
      expect(codeOf(verify(bodyOf(withSignature(item(), lax))))).toBe("signature_mismatch");
    }
    expect(codeOf(verify(bodyOf(withSignature(item({ success: ["true"] }), plainCode))))).toBe("signature_mismatch");
  });

  it("does no more than 500 items' work for a stranger", () => {
    const items = Array.from({ length: 501 }, () => withSignature(item(), plainCode));
    expect(codeOf(verify(bodyOf(...items)))).toBe("signature_malformed");
    expect(verify(bodyOf(...items.slice(1)))).toEqual({ kind: "valid" });
  });
});

describe("verifyAdyen, of whole bodies", () => {
  const body = Buffer.from('{"type":"balancePlatform.transfer.updated","environment":"live","data":{"id":"T1"}}');

  it("rule 1: accepts the header's signature over the exact bytes", () => {
    expect(verify(body, { hmacsignature: mac(body.toString()) })).toEqual({ kind: "valid" });
    const spaced = Buffer.from(`${body.toString()} `);
    expect(codeOf(verify(spaced, { hmacsignature: mac(body.toString()) }))).toBe("signature_mismatch");
    const twice = { hmacsignature: `${mac(body.toString())},${mac(body.toString())}` };
    expect(codeOf(verify(body, twice))).toBe("signature_mismatch");
  });

  it("doesn't believe items where the header is wrong", () => {
    const signed = bodyOf(withSignature(item(), plainCode));
    expect(codeOf(verify(signed, { hmacsignature: "forged" }))).toBe("signature_mismatch");
  });

  it("takes a key of hexadecimal digits of one case, and no other", () => {
    for (const secret of ["ab".repeat(16), "AB".repeat(32)]) opened("adyen", { secrets: [secret] });
    for (const secret of ["aB".repeat(32), "AB".repeat(15), `${"AB".repeat(16)}A`, "whsec_c2VjcmV0", "XY".repeat(32)]) {
      expect(() => opened("adyen", { secrets: [secret] })).toThrow("wrong at: secrets.0");
    }
  });
});

describe("prepareAdyen", () => {
  const { secrets } = samples.adyen.secretValue;
  const credentials = [
    { username: "adyen", password: "näw:pass" },
    { username: "adyen", password: "old" },
  ];
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  const prepare = async (authorization?: string, value: object = { secrets, credentials }) => {
    const headers = new Map(authorization === undefined ? [] : [["authorization", authorization]]);
    const request: WebhookRequest = { body: new Uint8Array(), headers };
    return codeOf(await opened("adyen", value).prepare(request, nobody, nowMs));
  };

  it("lets the agreed senders in, and no other", async () => {
    expect(await prepare(basic("adyen:näw:pass"))).toBe("prepared");
    expect(await prepare(basic("adyen:old").replace("Basic", "basic"))).toBe("prepared");
    expect(await prepare()).toBe("credentials_missing");
    expect(await prepare("")).toBe("credentials_missing");
    for (const given of [basic("adyen:other"), basic("adyen"), "adyen:old", `${basic("adyen:old")},x`, "Bearer x"]) {
      expect(await prepare(given)).toBe("credentials_mismatch");
    }
  });

  it("asks nobody who he is where nothing is agreed", async () => {
    expect(await prepare(undefined, { secrets })).toBe("prepared");
    expect(await prepare(basic("any:body"), { secrets })).toBe("prepared");
  });

  it("refuses a user's name with a colon in it, which the header can't tell from a password", () => {
    const wrong = { secrets, credentials: [{ username: "a:b", password: "topsecret" }] };
    expect(() => opened("adyen", wrong)).toThrow("wrong at: credentials.0.username");
  });

  it("keeps the password out of what is archived", () => {
    expect(opened("adyen", { secrets, credentials }).archivedHeaders).not.toContain("authorization");
  });
});
