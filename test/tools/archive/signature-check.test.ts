import { certificateHeader } from "../../../lambdas/shared/providers/paypal/capabilities.ts";
import { signers } from "../../../lambdas/shared/providers/sign.ts";
import { freshPaypalSecret } from "../../../local/providers/paypal/test-sender.ts";
import { checkSignature, givenSecret } from "../../../tools/archive/signature-check.ts";

const receivedAt = "2026-10-05T03:00:00.125Z";
const secretValue = { secrets: ["whsec_then"] };
const body = Buffer.from('{"id":"evt_1"}');
const { headers } = signers.stripe({
  body,
  secretValue,
  nowMs: Date.parse(receivedAt),
  deliveryId: "evt_1",
  topic: "",
});
const event = { provider: "stripe", source: "webhook" };
const raw = { receivedAt, headers, body };
const other = { secrets: ["whsec_other"] };

describe("checkSignature", () => {
  it("holds years later, with the clock set to the receipt, under any version", () => {
    const versions = [
      { label: "AWSCURRENT", value: other, createdAt: "2028-01-01T00:00:00.000Z" },
      { label: "AWSPREVIOUS", value: secretValue, createdAt: "2026-01-01T00:00:00.000Z" },
    ];
    expect(checkSignature(raw, event, versions)).toEqual({ kind: "valid", secret: "AWSPREVIOUS" });
  });

  it("holds years later for PayPal's, whose certificate is beside them", () => {
    const atMs = Date.parse(receivedAt);
    const paypal = freshPaypalSecret(atMs);
    const order = { body, secretValue: paypal, nowMs: atMs, deliveryId: "WH-1", topic: "" };
    const { certificates = "" } = paypal.testSender ?? {};
    const kept = { ...signers.paypal(order).headers, [certificateHeader]: certificates };
    const versions = [{ label: "AWSCURRENT", value: paypal, createdAt: "2026-01-01T00:00:00.000Z" }];
    const its = { provider: "paypal", source: "webhook" };
    expect(checkSignature({ receivedAt, headers: kept, body }, its, versions)).toEqual({
      kind: "valid",
      secret: "AWSCURRENT",
    });
    const without = { receivedAt, headers: signers.paypal(order).headers, body };
    expect(checkSignature(without, its, versions)).toMatchObject({ kind: "not-valid", code: "certificate_missing" });
  });

  it("does not hold over other bytes, under a secret that was there at the time", () => {
    const versions = [{ label: "AWSCURRENT", value: secretValue, createdAt: "2026-01-01T00:00:00.000Z" }];
    const changed = { ...raw, body: Buffer.from('{"id":"evt_2"}') };
    expect(checkSignature(changed, event, versions)).toMatchObject({ kind: "not-valid", code: "signature_mismatch" });
  });

  it("does not hold at another time than the receipt", () => {
    const later = { ...raw, receivedAt: "2026-10-05T03:10:00.125Z" };
    expect(checkSignature(later, event, [givenSecret("whsec_then")])).toMatchObject({
      kind: "not-valid",
      code: "timestamp_stale",
    });
  });

  it("can't be told when every known secret is younger than the receipt", () => {
    const versions = [{ label: "AWSCURRENT", value: other, createdAt: "2026-11-01T00:00:00.000Z" }];
    expect(checkSignature(raw, event, versions)).toEqual({
      kind: "secret-missing",
      why: `The secret of ${receivedAt} is needed (--secret), and only AWSCURRENT (since 2026-11-01T00:00:00.000Z) can be had.`,
    });
  });

  it.each([
    ["there is none", [], /No secret of stripe can be had/],
    ["none is in form", [{ label: "AWSCURRENT", value: undefined }], /AWSCURRENT say isn't in the form/],
  ])("can't be told when %s", (_why, versions, message) => {
    expect(checkSignature(raw, event, versions)).toMatchObject({
      kind: "secret-missing",
      why: expect.stringMatching(message),
    });
  });

  it("isn't there for what a reconciliation brought", () => {
    const brought = checkSignature({ ...raw, headers: {} }, { ...event, source: "reconciliation" }, [
      givenSecret("whsec_then"),
    ]);
    expect(brought.kind).toBe("unsigned");
    expect(checkSignature({ ...raw, headers: {} }, event, [givenSecret("whsec_then")]).kind).toBe("not-valid");
  });
});

describe("givenSecret", () => {
  it("takes a bare secret and a whole value", () => {
    expect(givenSecret("whsec_then").value).toEqual(secretValue);
    expect(givenSecret('{"secrets":["a"],"header":"x"}').value).toEqual({ secrets: ["a"], header: "x" });
    expect(givenSecret("123").value).toEqual({ secrets: ["123"] });
  });
});
