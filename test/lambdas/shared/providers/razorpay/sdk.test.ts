/** Our verification beside that of Razorpay's own SDK. */
import fc from "fast-check";
import Razorpay from "razorpay";
import { signRazorpay } from "../../../../../lambdas/shared/providers/razorpay/sign.ts";
import { verifyRazorpay } from "../../../../../lambdas/shared/providers/razorpay/verify.ts";
import { flipText } from "../flip-text.ts";
import { nowMs, opened } from "../samples.ts";

interface Parts {
  readonly body: string;
  readonly secret: string;
  readonly signature: string;
}

function ours({ body, secret, signature }: Parts, secrets = [secret]): boolean {
  const headers = new Map([["x-razorpay-signature", signature]]);
  return verifyRazorpay({ headers, body: Buffer.from(body) }, { secrets }).kind === "valid";
}

function theirs({ body, secret, signature }: Parts): boolean {
  return Razorpay.validateWebhookSignature(body, signature, secret);
}

const both = (parts: Parts) => [ours(parts), theirs(parts)];

function signatureOf(body: Uint8Array, secret: string): string {
  const { headers } = signRazorpay({ body, settings: { secrets: [secret] }, nowMs, deliveryId: "e-1", topic: "" });
  return headers["x-razorpay-signature"] ?? "";
}

const parts = fc
  .record({ body: fc.json(), secret: fc.string({ minLength: 1, maxLength: 60 }) })
  .map(({ body, secret }): Parts => ({ body, secret, signature: signatureOf(Buffer.from(body), secret) }));

describe("Razorpay's SDK and ours", () => {
  it("both accept what Razorpay's scheme signs, with any secret and body", () => {
    fc.assert(fc.property(parts, (valid) => expect(both(valid)).toEqual([true, true])));
  });

  it.each(["body", "secret", "signature"] as const)("both refuse a %s with any bit flipped", (name) => {
    fc.assert(
      fc.property(parts, fc.nat(10_000), (valid, at) => {
        expect(both({ ...valid, [name]: flipText(valid[name], at) })).toEqual([false, false]);
      }),
    );
  });

  it("neither looks at the event's id, which isn't signed", () => {
    const body = Buffer.from("{}");
    const headers = new Map([
      ["x-razorpay-signature", signatureOf(body, "rzp_secret")],
      ["x-razorpay-event-id", "another"],
    ]);
    expect(verifyRazorpay({ headers, body }, { secrets: ["rzp_secret"] }).kind).toBe("valid");
  });

  it("differ in bytes that aren't text: we check the bytes as they came, the SDK a text in which they are lost", () => {
    const body = Buffer.from([0x7b, 0xff, 0x7d]);
    const signature = signatureOf(body, "rzp_secret");
    const headers = new Map([["x-razorpay-signature", signature]]);
    expect(verifyRazorpay({ headers, body }, { secrets: ["rzp_secret"] }).kind).toBe("valid");
    expect(theirs({ body: body.toString(), secret: "rzp_secret", signature })).toBe(false);
  });

  it("differ in a secret that is empty: the SDK signs with it, we call the settings wrong", () => {
    const signature = signatureOf(Buffer.from("{}"), "");
    expect(theirs({ body: "{}", secret: "", signature })).toBe(true);
    expect(() => opened("razorpay", { secrets: [""] })).toThrow(/secrets/);
  });

  it("differ in several secrets: the SDK takes one, we take all that are live, so that one can follow another", () => {
    const valid = { body: "{}", secret: "old", signature: signatureOf(Buffer.from("{}"), "old") };
    expect(ours(valid, ["new", "old"])).toBe(true);
    expect(theirs({ ...valid, secret: "new" })).toBe(false);
  });
});
