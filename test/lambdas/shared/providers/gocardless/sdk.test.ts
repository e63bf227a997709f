/** Held against GoCardless's own library: what it accepts, and what it refuses. It signs nothing. */
import fc from "fast-check";
import { parse, verifySignature } from "gocardless-nodejs/webhooks";
import { gocardlessScheme } from "../../../../../lambdas/shared/providers/gocardless/capabilities.ts";
import { macOf } from "../../../../../lambdas/shared/providers/signatures.ts";
import { nowMs, opened, samples, signed } from "../samples.ts";

const secret = samples.gocardless.secretValue.secrets[0] ?? "";
const body = Buffer.from(JSON.stringify(samples.gocardless.body));
const signature = macOf(gocardlessScheme, secret, [body]);

function sdkAccepts(bytes: Buffer, header: string, key: string): boolean {
  try {
    verifySignature(bytes, key, header);
    return true;
  } catch {
    return false;
  }
}
function weAccept(bytes: Buffer, header: string, key: string): boolean {
  const headers = new Map([["webhook-signature", header]]);
  return opened("gocardless", { secrets: [key] }).verify({ body: bytes, headers }, nowMs).kind === "valid";
}
const both = (bytes: Buffer, header: string, key = secret) => [
  sdkAccepts(bytes, header, key),
  weAccept(bytes, header, key),
];

function flipped(bytes: Buffer, at: number): Buffer {
  return Buffer.from(bytes.map((byte, index) => (index === at >> 3 ? byte ^ (1 << (at & 7)) : byte)));
}

describe("against GoCardless's library", () => {
  it("what we sign it accepts, whatever bytes and secret are", () => {
    const anySecret = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.uint8Array(), anySecret, (bytes, key) => {
        const request = signed("gocardless", { body: bytes, secretValue: { secrets: [key] } });
        const header = request.headers.get("webhook-signature") ?? "";
        expect(both(Buffer.from(bytes), header, key)).toEqual([true, true]);
      }),
    );
  });

  it("both read the same events of a signed body", () => {
    const events = parse(body.toString(), secret, signature);
    const items = opened("gocardless", samples.gocardless.secretValue).translate(
      { body: JSON.parse(body.toString()) as unknown, headers: new Map() },
      {
        provider: "gocardless",
        receivedAt: new Date(nowMs).toISOString(),
        correlationId: "c",
        bodySha256: "00".repeat(32),
        routingThresholdsUsd: { mediumFrom: 1_000, highAbove: 10_000 },
      },
    );
    const ids = items.map((item) => (item.kind === "event" ? item.event.eventId : item.code));
    expect(ids).toEqual(events.map(({ id }) => `gocardless:${id}`));
  });

  it("both refuse any flipped bit of body, signature and secret", () => {
    for (let at = 0; at < body.length * 8; at++) {
      expect(both(flipped(body, at), signature)).toEqual([false, false]);
    }
    const code = Buffer.from(signature, "hex");
    for (let at = 0; at < code.length * 8; at++) {
      expect(both(body, flipped(code, at).toString("hex"))).toEqual([false, false]);
    }
    for (let at = 0; at < secret.length * 8; at++) {
      const key = flipped(Buffer.from(secret, "latin1"), at).toString("latin1");
      expect(both(body, signature, key)).toEqual([false, false]);
    }
  });

  it("both refuse no signature, half of one, and another's", () => {
    const others = ["", signature.slice(0, 32), macOf(gocardlessScheme, "other", [body]), "Webhook-Signature"];
    for (const header of others) expect(both(body, header)).toEqual([false, false]);
  });

  it("differs: it decodes hex and forgives its form; we compare texts, so that no two are one", () => {
    const forgiven = [signature.toUpperCase(), `${signature}\n`, `${signature} and more`, `${signature},${signature}`];
    for (const header of forgiven) expect(both(body, header)).toEqual([true, false]);
  });

  it("differs: it throws on a signed body that isn't JSON; we answer 400", () => {
    const text = "not JSON";
    expect(() => parse(text, secret, macOf(gocardlessScheme, secret, [text]))).toThrow(SyntaxError);
    expect(weAccept(Buffer.from(text), macOf(gocardlessScheme, secret, [text]), secret)).toBe(true);
    expect(opened("gocardless", samples.gocardless.secretValue).parse(Buffer.from(text)).kind).toBe("invalid");
  });
});
