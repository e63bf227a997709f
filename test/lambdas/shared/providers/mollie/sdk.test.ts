/** Held against Mollie's own library: what it signs or accepts, and what it refuses. */
import fc from "fast-check";
import { SignatureValidator } from "mollie-api-typescript";
import { verifyMollie } from "../../../../../lambdas/shared/providers/mollie/verify.ts";
import { samples, signed } from "../samples.ts";

const secret = "mollie-signing-secret-new";
const body = JSON.stringify(samples.mollie.body);

/** As the library says of a request: signed by one of the secrets, wrongly signed, or not at all. */
async function sdkSays(text: string, secrets: string[], signature: string | string[]): Promise<string> {
  try {
    return (await SignatureValidator.validate(text, secrets, signature)) ? "valid" : "unsigned";
  } catch {
    return "refused";
  }
}
function weSay(bytes: string | Uint8Array, secrets: string[], signature: string): string {
  const headers = new Map([["x-mollie-signature", signature]]);
  const verdict = verifyMollie({ body: Buffer.from(bytes), headers }, { secrets });
  if (verdict.kind === "valid") return "valid";
  return verdict.code === "signature_missing" ? "unsigned" : "refused";
}
const both = async (text: string, secrets: string[], signature: string) => [
  await sdkSays(text, secrets, signature),
  weSay(text, secrets, signature),
];
const sdkSigns = async (text: string, by = secret) => `sha256=${await SignatureValidator.createSignature(text, by)}`;
const weSign = (text: string, by = secret) =>
  signed("mollie", { body: Buffer.from(text), secretValue: { secrets: [by] } }).headers.get("x-mollie-signature") ?? "";

const anyText = fc.string({ unit: "grapheme" });
const anySecret = fc.string({ minLength: 1, unit: "grapheme" });
/** The text with one bit of one of its characters flipped. */
const flip = (text: string, at: number) => {
  const place = at % text.length;
  return text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ (1 << (at % 7))) + text.slice(place + 1);
};

describe("beside Mollie's library", () => {
  it("rule 1: we accept what it signs, and it accepts what we sign", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anySecret, async (text, by) => {
        expect(await sdkSigns(text, by)).toBe(weSign(text, by));
        expect(await both(text, [by], weSign(text, by))).toEqual(["valid", "valid"]);
      }),
    );
  });

  it("rule 1: any flipped bit in body, secret or signature is refused by both", async () => {
    const signature = weSign(body);
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), async (at) => {
        expect(await both(flip(body, at), [secret], signature)).toEqual(["refused", "refused"]);
        expect(await both(body, [flip(secret, at)], signature)).toEqual(["refused", "refused"]);
        expect(await both(body, [secret], flip(signature, at))).toEqual(["refused", "refused"]);
      }),
    );
  });

  it("rule 1: any flipped bit in the id is refused by both: it is in the body", async () => {
    const id = (samples.mollie.body as { readonly id: string }).id;
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000), async (at) => {
        const other = body.replace(id, flip(id, at));
        expect(await both(other, [secret], weSign(body))).toEqual(["refused", "refused"]);
      }),
    );
  });

  it("rule 3: both try every live secret", async () => {
    const secrets = ["first", secret, "last"];
    expect(await both(body, secrets, await sdkSigns(body))).toEqual(["valid", "valid"]);
    expect(await both(body, ["first", "last"], await sdkSigns(body))).toEqual(["refused", "refused"]);
  });

  it.each([
    ["without its prefix", (hex: string) => hex, "valid"],
    ["in upper case", (hex: string) => `sha256=${hex.toUpperCase()}`, "refused"],
    ["with another prefix", (hex: string) => `sha1=${hex}`, "refused"],
    ["with the prefix twice", (hex: string) => `sha256=sha256=${hex}`, "refused"],
    ["cut", (hex: string) => `sha256=${hex.slice(1)}`, "refused"],
    ["of nothing", () => "sha256=", "refused"],
    ["that is missing", () => "", "unsigned"],
  ])("a signature %s is the same to both", async (_what, change, expected) => {
    const signature = change(await SignatureValidator.createSignature(body, secret));
    expect(await both(body, [secret], signature)).toEqual([expected, expected]);
  });

  it("the library calls an unsigned request classic and goes on; we refuse it unless it is a form with an id", async () => {
    expect(await sdkSays(body, [secret], "")).toBe("unsigned");
    expect(verifyMollie({ body: Buffer.from(body), headers: new Map() }, { secrets: [secret] })).toMatchObject({
      code: "signature_missing",
    });
  });

  it("differs: two signatures are a list to it, and to us, since API Gateway joins headers, also one text with a comma", async () => {
    const two = [await sdkSigns(body, "previous"), await sdkSigns(body)];
    expect(await sdkSays(body, [secret], two)).toBe("valid");
    expect(await both(body, [secret], two.join(","))).toEqual(["refused", "valid"]);
  });

  it("differs: blanks around a signature are HTTP's to us, and the signature's to it", async () => {
    expect(await both(body, [secret], ` ${await sdkSigns(body)}`)).toEqual(["refused", "valid"]);
  });

  it("differs: bytes that are no UTF-8 are bytes to us, and can't be said to it", async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    const { headers } = signed("mollie", { body: bytes, secretValue: { secrets: [secret] } });
    const signature = headers.get("x-mollie-signature") ?? "";
    expect(weSay(bytes, [secret], signature)).toBe("valid");
    expect(await sdkSays(bytes.toString(), [secret], signature)).toBe("refused");
  });

  it("differs: it takes any text as a secret, and we sign and check no event with what is an API key", async () => {
    const apiKey = `live_${"k".repeat(30)}`;
    expect(await both(body, [apiKey], await sdkSigns(body, apiKey))).toEqual(["valid", "refused"]);
  });

  it("rule 2: neither knows a time: an old webhook is as good as a new one, and its event id tells it apart", async () => {
    const request = signed("mollie", { atMs: 0, secretValue: { secrets: [secret] } });
    const text = Buffer.from(request.body).toString();
    expect(await both(text, [secret], request.headers.get("x-mollie-signature") ?? "")).toEqual(["valid", "valid"]);
  });
});
