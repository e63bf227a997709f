/** Held against Adyen's own library: what it signs or accepts, and what it refuses. */
import HmacValidator from "@adyen/api-library/lib/src/utils/hmacValidator.js";
import fc from "fast-check";
import type { AdyenSettings } from "../../../../../lambdas/shared/providers/adyen/capabilities.ts";
import { adyenScheme, verifyAdyen } from "../../../../../lambdas/shared/providers/adyen/verify.ts";
import { macOf } from "../../../../../lambdas/shared/providers/signatures.ts";
import { samples, signed } from "../samples.ts";

const sdk = new HmacValidator();
const key = "C0FFEE12".repeat(8);
const settings: AdyenSettings = { secrets: [key], capture: "automatic", testEvents: "record" };

interface Item {
  readonly pspReference: string;
  readonly originalReference?: string;
  readonly merchantAccountCode: string;
  readonly merchantReference: string;
  readonly amount: { readonly value: number; readonly currency: string };
  readonly eventCode: string;
  readonly success: string;
  readonly additionalData?: { readonly hmacSignature: string };
}
/** The library's type names the event codes of its own day. */
type SdkItem = Parameters<typeof sdk.validateHMAC>[0];

const item: Item = {
  pspReference: "QFQTPCQ8HXSKGK82",
  originalReference: "",
  merchantAccountCode: "ExampleECOM",
  merchantReference: "order:1\\2",
  amount: { value: 1130, currency: "EUR" },
  eventCode: "AUTHORISATION",
  success: "true",
};

const signedBySdk = (one: Item, hex = key): Item => ({
  ...one,
  additionalData: { hmacSignature: sdk.calculateHmac(one as unknown as SdkItem, hex) },
});
const bodyOf = (text: string) =>
  Buffer.from(`{"live":"true","notificationItems":[{"NotificationRequestItem":${text}}]}`);
const weAccept = (text: string, hex = key) =>
  verifyAdyen({ body: bodyOf(text), headers: new Map() }, { ...settings, secrets: [hex] }).kind === "valid";
function sdkAccepts(text: string, hex = key): boolean {
  try {
    return sdk.validateHMAC(JSON.parse(text) as SdkItem, hex);
  } catch {
    return false;
  }
}
const both = (text: string, hex?: string) => [sdkAccepts(text, hex), weAccept(text, hex)];

/** Plain text: what only merchants choose may have colons. */
const word = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll(":", ""));
const anyItem: fc.Arbitrary<Item> = fc.record({
  pspReference: word,
  originalReference: word,
  merchantAccountCode: word,
  merchantReference: fc.string({ unit: "grapheme" }),
  amount: fc.record({ value: fc.maxSafeInteger(), currency: word }),
  eventCode: word,
  success: fc.constantFrom("true", "false"),
});

describe("items, against Adyen's library", () => {
  it("what it signs we accept, whatever the values are", () => {
    fc.assert(fc.property(anyItem, (one) => expect(both(JSON.stringify(signedBySdk(one)))).toEqual([true, true])));
  });

  it("what we sign it accepts", () => {
    const [secret = ""] = samples.adyen.secretValue.secrets;
    fc.assert(
      fc.property(anyItem, (one) => {
        const body = Buffer.from(JSON.stringify({ notificationItems: [{ NotificationRequestItem: one }] }));
        const sent = JSON.parse(Buffer.from(signed("adyen", { body }).body).toString()) as {
          notificationItems: [{ NotificationRequestItem: SdkItem }];
        };
        expect(sdk.validateHMAC(sent.notificationItems[0].NotificationRequestItem, secret)).toBe(true);
      }),
    );
  });

  it("both refuse any other value of what is signed", () => {
    const known = signedBySdk(item);
    const others = fc.record(
      { pspReference: word, merchantAccountCode: word, merchantReference: word, eventCode: word, success: word },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(others, (changes) => {
        const changed = { ...known, ...changes };
        fc.pre(JSON.stringify(changed) !== JSON.stringify(known));
        expect(both(JSON.stringify(changed))).toEqual([false, false]);
      }),
    );
    for (const amount of [
      { value: 1131, currency: "EUR" },
      { value: 1130, currency: "USD" },
    ]) {
      expect(both(JSON.stringify({ ...known, amount }))).toEqual([false, false]);
    }
  });

  it("both refuse any flipped bit of the signed values, the signature's bytes and the key", () => {
    const known = signedBySdk(item);
    const values = ["pspReference", "merchantAccountCode", "merchantReference", "eventCode", "success"] as const;
    for (const name of values) {
      for (let at = 0; at < known[name].length * 7; at++) {
        const text = JSON.stringify({ ...known, [name]: flip(known[name], at) });
        expect(both(text)).toEqual([false, false]);
      }
    }
    const bytes = Buffer.from(known.additionalData?.hmacSignature ?? "", "base64");
    for (let at = 0; at < bytes.length * 8; at++) {
      const hmacSignature = flipBytes(bytes, at).toString("base64");
      expect(both(JSON.stringify({ ...known, additionalData: { hmacSignature } }))).toEqual([false, false]);
      const otherKey = flipBytes(Buffer.from(key, "hex"), at).toString("hex");
      expect(both(JSON.stringify(known), otherKey)).toEqual([false, false]);
    }
  });

  it("both refuse an item without a signature", () => {
    for (const additionalData of [undefined, {}, { hmacSignature: "" }, { hmacSignature: null }]) {
      expect(both(JSON.stringify({ ...item, additionalData }))).toEqual([false, false]);
    }
  });

  it("both take a truth value for its word, and null for nothing", () => {
    const known = signedBySdk(item);
    expect(both(JSON.stringify({ ...known, success: true, originalReference: null }))).toEqual([true, true]);
  });

  it("differs: it decodes signatures, and so forgives their form; we compare texts, so that no two are one", () => {
    const { hmacSignature = "" } = signedBySdk(item).additionalData ?? {};
    for (const lax of [hmacSignature.replace("=", ""), `${hmacSignature} `, ` ${hmacSignature}`]) {
      expect(both(JSON.stringify({ ...item, additionalData: { hmacSignature: lax } }))).toEqual([true, false]);
    }
  });

  it("differs: it takes an item whose colons could be read in two ways; we only where they are the merchant's", () => {
    const { additionalData } = signedBySdk({ ...item, merchantReference: "a:b" });
    const forged = { ...item, merchantAccountCode: "ExampleECOM:a", merchantReference: "b", additionalData };
    expect(both(JSON.stringify(forged))).toEqual([true, false]);
  });

  it("differs: it reads amounts as floats; we read beyond 2^53, as Adyen signs them", () => {
    const beyond = "QFQTPCQ8HXSKGK82::ExampleECOM:order:9007199254740993:EUR:AUTHORISATION:true";
    const hmacSignature = sdk.calculateHmac(beyond, key);
    const one = { ...item, merchantReference: "order", additionalData: { hmacSignature } };
    const text = JSON.stringify(one).replace("1130", "9007199254740993");
    expect(both(text)).toEqual([false, true]);
  });

  it("differs: it makes a text of any value; we sign nothing but text, numbers and truth values", () => {
    const one = signedBySdk({ ...item, merchantReference: "order" });
    expect(both(JSON.stringify({ ...one, merchantReference: ["order"] }))).toEqual([true, false]);
  });

  it("differs: it throws where a part is missing; we refuse", () => {
    const { amount: _none, ...broken } = signedBySdk(item);
    expect(() => sdk.validateHMAC(broken as unknown as SdkItem, key)).toThrow(TypeError);
    expect(weAccept(JSON.stringify(broken))).toBe(false);
  });
});

describe("whole bodies, against Adyen's library", () => {
  const ours = (body: string, hmacsignature: string, hex = key) =>
    verifyAdyen(
      { body: Buffer.from(body), headers: new Map([["hmacsignature", hmacsignature]]) },
      { ...settings, secrets: [hex] },
    ).kind === "valid";
  const bothOf = (body: string, signature: string, hex = key) => [
    sdk.validateHMACSignature(hex, signature, body),
    ours(body, signature, hex),
  ];
  const body = '{"type":"balancePlatform.transfer.updated","data":{"id":"T1","description":"Zürich"}}';
  const signature = sdk.calculateHmac(body, key);

  it("what it signs we accept, whatever the text is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(bothOf(text, sdk.calculateHmac(text, key))).toEqual([true, true]);
        expect(macOf(adyenScheme, Buffer.from(key, "hex"), [text])).toBe(sdk.calculateHmac(text, key));
      }),
    );
  });

  it("both refuse any flipped bit of body, signature and key", () => {
    for (let at = 0; at < body.length * 7; at++) expect(bothOf(flip(body, at), signature)).toEqual([false, false]);
    const bytes = Buffer.from(signature, "base64");
    for (let at = 0; at < bytes.length * 8; at++) {
      expect(bothOf(body, flipBytes(bytes, at).toString("base64"))).toEqual([false, false]);
      expect(bothOf(body, signature, flipBytes(Buffer.from(key, "hex"), at).toString("hex"))).toEqual([false, false]);
    }
  });

  it("differs: it takes several signatures joined by a comma for the first of them; we for none", () => {
    expect(bothOf(body, `${signature},${signature}`)).toEqual([true, false]);
  });
});

/** The text with one bit of one of its characters flipped. */
function flip(text: string, at: number): string {
  const place = at % text.length;
  const flipped = String.fromCharCode(text.charCodeAt(place) ^ (1 << Math.floor(at / text.length)));
  return text.slice(0, place) + flipped + text.slice(place + 1);
}

function flipBytes(bytes: Buffer, at: number): Buffer {
  return Buffer.from(bytes.map((byte, index) => (index === at >> 3 ? byte ^ (1 << (at & 7)) : byte)));
}
