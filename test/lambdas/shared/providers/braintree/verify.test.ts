import { createHash, createHmac } from "node:crypto";
import { toleratedAgeSeconds } from "../../../../../lambdas/shared/providers/braintree/capabilities.ts";
import { parseBraintree } from "../../../../../lambdas/shared/providers/braintree/notification.ts";
import { providers } from "../../../../../lambdas/shared/providers/index.ts";
import { nowMs, opened, samples, signed } from "../samples.ts";

const { secretValue } = samples.braintree;
const provider = opened("braintree", secretValue);
const outcomeOf = (body: Uint8Array | string, atMs = nowMs) => {
  const request = { headers: new Map<string, string>(), body: Buffer.from(body) };
  const verification = provider.verify(request, atMs);
  return verification.kind === "valid" ? "valid" : verification.code;
};
const formOf = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString();
const sample = () => Object.fromEntries(new URLSearchParams(Buffer.from(signed("braintree").body).toString()));

/** What Braintree would post of a payload with these keys, made without any of the project's code. */
function posted(payload: string, pair = secretValue.secrets[0] ?? ""): string {
  const [publicKey, privateKey = ""] = pair.split(":");
  const key = createHash("sha1").update(privateKey).digest();
  return formOf({
    bt_signature: `${publicKey}|${createHmac("sha1", key).update(payload).digest("hex")}`,
    bt_payload: payload,
  });
}
const xmlOf = (timestamp: string) => `<notification><kind>check</kind>${timestamp}<subject/></notification>`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("verifyBraintree", () => {
  it("rule 1: accepts a known-good notification, whose code Python's hmac has computed", () => {
    const payload =
      "PG5vdGlmaWNhdGlvbj48a2luZD5jaGVjazwva2luZD48dGltZXN0YW1wPjIw\nMjYtMTEtMjFUMDc6NTk6NTBaPC90aW1lc3RhbXA+PC9ub3RpZmljYXRpb24+\n";
    const known = opened("braintree", { secrets: ["integration_public_key:integration_private_key"] });
    const body = Buffer.from(
      formOf({ bt_signature: "integration_public_key|0daf604b1639e7a194a69b5b71b1da8a19a6c32f", bt_payload: payload }),
    );
    expect(known.verify({ headers: new Map(), body }, nowMs)).toEqual({ kind: "valid" });
  });

  it("rule 1: refuses a body with any bit flipped, unless the form still says the same", () => {
    const { body } = signed("braintree", { secretValue: { secrets: secretValue.secrets.slice(0, 1) } });
    const original = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString()));
    for (let at = 0; at < body.length; at++) {
      for (let bit = 0; bit < 7; bit++) {
        const changed = Uint8Array.from(body, (byte, index) => (index === at ? byte ^ (1 << bit) : byte));
        const form = new URLSearchParams(Buffer.from(changed).toString("latin1"));
        const isSame = ["bt_signature", "bt_payload"].every((field) => form.getAll(field).join() === original[field]);
        expect(outcomeOf(changed) === "valid").toBe(isSame);
      }
    }
  });

  it("rule 1: one payload is one event, however the form and its lines are written", () => {
    const { bt_payload: payload = "" } = sample();
    const digestOf = (text: string) => {
      const parsed = parseBraintree(Buffer.from(formOf({ bt_payload: text })));
      return parsed.kind === "parsed" ? (parsed.value as { payloadSha256: string }).payloadSha256 : parsed.code;
    };
    expect(digestOf(payload.replaceAll("\n", ""))).toBe(digestOf(payload));
    expect(digestOf(payload)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("takes a payload whose last line end was lost on the way, and no other change of lines", () => {
    const { bt_signature: signature = "", bt_payload: payload = "" } = sample();
    const withPayload = (text: string) => outcomeOf(formOf({ bt_signature: signature, bt_payload: text }));
    expect(withPayload(payload)).toBe("valid");
    expect(withPayload(payload.trimEnd())).toBe("valid");
    expect(withPayload(`${payload}\n`)).toBe("signature_mismatch");
    expect(withPayload(payload.replaceAll("\n", ""))).toBe("signature_mismatch");
    expect(withPayload(payload.replaceAll("\n", "\r\n"))).toBe("signature_malformed");
  });

  it("rule 3: looks for our public key among all that have signed, and has to have its signature", () => {
    const { bt_signature: signature = "", bt_payload = "" } = sample();
    const [ours = "", previous = ""] = signature.split("&");
    const code = ours.split("|")[1];
    const by = (text: string) => outcomeOf(formOf({ bt_signature: text, bt_payload }));
    expect(by(ours)).toBe("valid");
    expect(by(previous)).toBe("valid");
    expect(by(`somebody|${"0".repeat(40)}&${ours}`)).toBe("valid");
    expect(by(`${ours.split("|")[0]}|${"0".repeat(40)}&${ours}`)).toBe("valid");
    expect(by(`somebody|${code}`)).toBe("signature_mismatch");
    expect(by(`${ours.split("|")[0]}|${previous.split("|")[1]}`)).toBe("signature_mismatch");
    expect(by(`${ours}|${code}`)).toBe("signature_mismatch");
    expect(by(ours.toUpperCase())).toBe("signature_mismatch");
    expect(by("|")).toBe("signature_mismatch");
    expect(by("nothing")).toBe("signature_mismatch");
  });

  it.each([
    ["", "signature_missing"],
    ["{}", "signature_missing"],
    ["bt_payload=PGE%2B", "signature_missing"],
    ["bt_signature=&bt_payload=PGE%2B", "signature_missing"],
    ["bt_signature=a%7Cb", "signature_malformed"],
    ["bt_signature=a%7Cb&bt_payload=", "signature_mismatch"],
    ["bt_signature=a%7Cb&bt_payload=%3Cxml%3E", "signature_malformed"],
    ["bt_signature=a%7Cb&bt_payload=PGE%2B", "signature_mismatch"],
  ])("rule 4: says precisely why it refuses %p", (body, code) => {
    expect(outcomeOf(body)).toBe(code);
  });

  it("refuses a form that says a field twice, of which somebody else may read the other one", () => {
    const body = Buffer.from(signed("braintree").body).toString();
    expect(outcomeOf(`${body}&bt_payload=PGE%2B`)).toBe("signature_malformed");
    expect(outcomeOf(`${body}&bt_signature=a%7Cb`)).toBe("signature_missing");
    expect(outcomeOf(`${body}&more=1`)).toBe("valid");
  });

  it("rule 2: takes what is sent again for a day, of which the time is that of its trigger", () => {
    const day = 24 * 60 * 60 * 1000;
    const { body } = signed("braintree");
    expect(outcomeOf(body, nowMs + day + 3_600_000)).toBe("valid");
    expect(outcomeOf(body, nowMs + toleratedAgeSeconds * 1000 + 1000)).toBe("timestamp_stale");
    expect(toleratedAgeSeconds).toBeLessThan((35 * day) / 1000);
  });

  it("rule 2: refuses a signed notification without a time", () => {
    expect(outcomeOf(posted(base64(xmlOf("<timestamp>2026-11-21T07:59:50Z</timestamp>"))))).toBe("valid");
    for (const timestamp of [
      "",
      "<timestamp/>",
      "<timestamp>yesterday</timestamp>",
      "<timestamp>2026-11-21</timestamp>",
    ]) {
      expect(outcomeOf(posted(base64(xmlOf(timestamp))))).toBe("timestamp_missing");
    }
  });

  it("rule 4: leaves what is signed and can't be read to the parser, which says 400", () => {
    for (const text of ["", "<a", "<!DOCTYPE a><a/>", "\u0000"]) {
      const body = Buffer.from(posted(base64(text)));
      expect(outcomeOf(body)).toBe("valid");
      expect(provider.parse(body)).toMatchObject({ kind: "invalid", code: "xml_malformed" });
    }
    expect(provider.parse(Buffer.from(posted(Buffer.from([0xff, 0xfe]).toString("base64"))))).toMatchObject({
      code: "xml_malformed",
    });
    expect(provider.parse(Buffer.from("{}"))).toMatchObject({ kind: "invalid", code: "payload_missing" });
  });

  it("refuses secrets that aren't pairs of keys", () => {
    for (const secret of ["onlyone", "a:b:c", "a|b:c", "a&b:c", ":b", "a:", "a: b"]) {
      expect(providers.braintree.open({ secrets: [secret] })).toMatchObject({ kind: "misconfigured" });
    }
  });
});
