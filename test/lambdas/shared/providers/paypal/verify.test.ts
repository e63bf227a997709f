/** PayPal has no SDK for Node that checks signatures on the spot; sdk.test.ts says what stands in for it. */
import { createVerify, X509Certificate } from "node:crypto";
import { signers } from "../../../../../lambdas/shared/providers/sign.ts";
import { SigningError } from "../../../../../lambdas/shared/providers/signing-error.ts";
import type { Outside, WebhookRequest } from "../../../../../lambdas/shared/providers/types.ts";
import { nobody } from "../../../../support/outside.ts";
import { nowMs, opened, samples, signed } from "../samples.ts";
import { crc32 } from "./crc32.ts";

const { secretValue } = samples.paypal;
const provider = opened("paypal", secretValue);
const codeOf = (result: { readonly kind: string; readonly code?: string }) => result.code ?? result.kind;
const changed = (changes: Readonly<Record<string, string>>): WebhookRequest => {
  const request = signed("paypal");
  return { ...request, headers: new Map([...request.headers, ...Object.entries(changes)]) };
};

describe("verifyPaypal", () => {
  it("rule 1: signs what PayPal's guide says: id, time, webhook id and CRC-32 in decimal, between bars", () => {
    const body = Buffer.from('{"summary":"Zürich ☃"}');
    const { headers } = signed("paypal", { body });
    const parts = ["paypal-transmission-id", "paypal-transmission-time"].map((name) => headers.get(name));
    const message = [...parts, secretValue.secrets[0], crc32(body)].join("|");
    const certificate = new X509Certificate(Object.values(samples.paypal.prepared ?? {})[0] ?? "");
    const signature = Buffer.from(headers.get("paypal-transmission-sig") ?? "", "base64");
    expect(createVerify("SHA256").update(message).verify(certificate.publicKey, signature)).toBe(true);
  });

  it.each([
    [{ "paypal-transmission-sig": "" }, "signature_missing"],
    [{ "paypal-transmission-sig": "not base64!" }, "signature_malformed"],
    [{ "paypal-auth-algo": "SHA1withRSA" }, "signature_malformed"],
    [{ "paypal-transmission-id": "" }, "signature_malformed"],
    [{ "paypal-transmission-id": "a|b" }, "signature_malformed"],
    [{ "paypal-transmission-id": "another" }, "signature_mismatch"],
    [{ "paypal-transmission-time": "2026-11-21T08:00:01Z" }, "signature_mismatch"],
    [{ "paypal-transmission-time": "2026-11-21T08:00:00" }, "timestamp_malformed"],
    [{ "paypal-cert-url (fetched)": "" }, "certificate_missing"],
    [{ "paypal-cert-url (fetched)": "garbage" }, "certificate_invalid"],
  ])("rule 4: says precisely why it refuses %p", (changes, code) => {
    expect(codeOf(provider.verify(changed(changes as Record<string, string>), nowMs))).toBe(code);
  });

  it("rule 2: lets older signatures in where the settings say so, and never younger ones", () => {
    const patient = opened("paypal", { ...secretValue, toleranceSeconds: 3 * 24 * 60 * 60 });
    const at = (seconds: number) => codeOf(patient.verify(signed("paypal"), nowMs + seconds * 1000));
    expect([at(2 * 24 * 60 * 60), at(4 * 24 * 60 * 60), at(-301)]).toEqual([
      "valid",
      "timestamp_stale",
      "timestamp_future",
    ]);
  });

  it("trusts the test sender only where the settings name one", () => {
    const { secrets } = secretValue;
    expect(codeOf(opened("paypal", { secrets }).verify(signed("paypal"), nowMs))).toBe("certificate_invalid");
  });

  it("nobody but PayPal signs without a test sender", () => {
    const { secrets } = secretValue;
    const order = { body: Buffer.of(), secretValue: { secrets }, nowMs, deliveryId: "d", topic: "" };
    expect(() => signers.paypal(order)).toThrow(SigningError);
  });

  it.each([["whsec_c2VjcmV0"], ["5GP0|28458"], [""]])("takes no webhook id like %p", (id) => {
    expect(() => opened("paypal", { secrets: [id] })).toThrow(/wrong at/);
  });
});

describe("preparePaypal", () => {
  const url = "https://api.paypal.com/v1/notifications/certs/CERT-1";

  it("brings the certificate that the request names", async () => {
    const asked: string[] = [];
    const outside: Outside = {
      ...nobody,
      async text(wanted) {
        asked.push(wanted);
        return "the certificate";
      },
    };
    const prepared = await provider.prepare(changed({ "paypal-cert-url": url }), outside, nowMs);
    if (prepared.kind !== "prepared") throw new Error(prepared.code);
    expect(prepared.request.headers.get("paypal-cert-url (fetched)")).toBe("the certificate");
    expect(asked).toEqual([url]);
  });

  it("asks nobody for the test sender's", async () => {
    const prepared = await provider.prepare(signed("paypal"), nobody, nowMs);
    if (prepared.kind !== "prepared") throw new Error(prepared.code);
    expect(provider.verify(prepared.request, nowMs)).toEqual({ kind: "valid" });
  });

  it.each([
    [{ "paypal-cert-url": "https://evil.example/v1/notifications/certs/CERT-1" }, "certificate_refused"],
    [{ "paypal-cert-url": "" }, "certificate_refused"],
    [{ "paypal-cert-url": url, "paypal-transmission-sig": "" }, "signature_missing"],
    [{ "paypal-cert-url": url, "paypal-transmission-time": "2026-11-21T07:00:00Z" }, "timestamp_stale"],
    [{ "paypal-cert-url": url, "paypal-auth-algo": "none" }, "signature_malformed"],
  ])("rule 20: asks nobody for %p", async (changes, code) => {
    const request = changed(changes as Record<string, string>);
    expect(codeOf(await provider.prepare(request, nobody, nowMs))).toBe(code);
  });
});
