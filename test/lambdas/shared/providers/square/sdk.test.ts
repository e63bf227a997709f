/** Our verification beside that of Square's own SDK. */
import fc from "fast-check";
import { WebhooksHelper } from "square";
import { signSquare } from "../../../../../lambdas/shared/providers/square/sign.ts";
import { verifySquare } from "../../../../../lambdas/shared/providers/square/verify.ts";
import { flipText } from "../flip-text.ts";
import { nowMs, opened } from "../samples.ts";

interface Parts {
  readonly body: string;
  readonly secret: string;
  readonly url: string;
  readonly signature: string;
}

function ours({ body, secret, url, signature }: Parts): boolean {
  const headers = new Map([["x-square-hmacsha256-signature", signature]]);
  const settings = { secrets: [secret], notificationUrls: [url] };
  return verifySquare({ headers, body: Buffer.from(body) }, settings).kind === "valid";
}

async function theirs({ body, secret, url, signature }: Parts): Promise<boolean> {
  return WebhooksHelper.verifySignature({
    requestBody: body,
    signatureHeader: signature,
    signatureKey: secret,
    notificationUrl: url,
  });
}

/** With the signature that our sender makes. */
function signedParts({ body, secret, url }: Omit<Parts, "signature">): Parts {
  const settings = { secrets: [secret], notificationUrls: [url] };
  const { headers } = signSquare({ body: Buffer.from(body), settings, nowMs, deliveryId: "", topic: "" });
  return { body, secret, url, signature: headers["x-square-hmacsha256-signature"] ?? "" };
}

const parts = fc
  .record({
    body: fc.json(),
    secret: fc.string({ minLength: 1, maxLength: 60 }),
    url: fc.webUrl({ withQueryParameters: true }),
  })
  .map(signedParts);

describe("Square's SDK and ours", () => {
  it("both accept what Square's scheme signs, with any secret, URL and body", async () => {
    await fc.assert(
      fc.asyncProperty(parts, async (valid) => {
        expect([ours(valid), await theirs(valid)]).toEqual([true, true]);
      }),
    );
  });

  it.each(["body", "secret", "url", "signature"] as const)("both refuse a %s with any bit flipped", async (name) => {
    await fc.assert(
      fc.asyncProperty(parts, fc.nat(10_000), async (valid, at) => {
        const broken = { ...valid, [name]: flipText(valid[name], at) };
        expect([ours(broken), await theirs(broken)]).toEqual([false, false]);
      }),
    );
  });

  it("both refuse a signature in another encoding", async () => {
    const valid = signedParts({ body: "{}", secret: "sq_key", url: "https://hooks.example.com/square" });
    const hex = Buffer.from(valid.signature, "base64").toString("hex");
    for (const signature of ["", hex, valid.signature.replace("=", ""), `${valid.signature} `]) {
      const broken = { ...valid, signature };
      expect([ours(broken), await theirs(broken)]).toEqual([false, false]);
    }
  });

  it("differ in bytes that aren't text: we check the bytes as they came, the SDK takes a text in which they are lost", async () => {
    const body = Buffer.from([0x7b, 0xff, 0x7d]);
    const settings = { secrets: ["sq_key"], notificationUrls: ["https://hooks.example.com/square"] };
    const { headers } = signSquare({ body, settings, nowMs, deliveryId: "", topic: "" });
    expect(verifySquare({ body, headers: new Map(Object.entries(headers)) }, settings).kind).toBe("valid");
    const [secret = "", url = ""] = [...settings.secrets, ...settings.notificationUrls];
    const signature = headers["x-square-hmacsha256-signature"] ?? "";
    expect(await theirs({ body: body.toString(), secret, url, signature })).toBe(false);
  });

  it("differ in a secret or URL that is empty: the SDK throws at each webhook, we call the settings wrong beforehand", async () => {
    const valid = signedParts({ body: "{}", secret: "sq_key", url: "https://hooks.example.com/square" });
    await expect(theirs({ ...valid, secret: "" })).rejects.toThrow(/signatureKey/);
    await expect(theirs({ ...valid, url: "" })).rejects.toThrow(/notificationUrl/);
    expect(() => opened("square", { secrets: [""], notificationUrls: [valid.url] })).toThrow(/secrets/);
    expect(() => opened("square", { secrets: ["sq_key"], notificationUrls: [""] })).toThrow(/notificationUrls/);
  });

  it("differ in several secrets: the SDK takes one, we take all that are live, so that one can follow another", async () => {
    const valid = signedParts({ body: "{}", secret: "old", url: "https://hooks.example.com/square" });
    const headers = new Map([["x-square-hmacsha256-signature", valid.signature]]);
    const settings = { secrets: ["new", "old"], notificationUrls: [valid.url] };
    expect(verifySquare({ headers, body: Buffer.from("{}") }, settings).kind).toBe("valid");
    expect(await theirs({ ...valid, secret: "new" })).toBe(false);
  });
});
