import { isCertificateUrl, judgeChain } from "../../../../../lambdas/shared/providers/paypal/certificates.ts";
import { type CertificateOptions, makeCertificate } from "../../../../../local/providers/paypal/certificate.ts";
import { nowMs } from "../samples.ts";

const day = 24 * 60 * 60_000;
const validity = { validFromMs: nowMs - day, validToMs: nowMs + day };
const name = "messageverificationcerts.paypal.com";
const make = (options: Partial<CertificateOptions>) => makeCertificate({ name, ...validity, ...options });

const root = make({ name: "Root", isAuthority: true });
const between = make({ name: "Between", isAuthority: true, issuer: root });
const signer = make({ issuer: between });

const judge = (certificates: string, extraChain = root.pem, atMs = nowMs) => {
  const verdict = judgeChain({ certificates, extraChain }, atMs);
  return verdict.kind === "trusted" ? "trusted" : verdict.why;
};

describe("rule 20: a certificate's URL", () => {
  const path = "/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77";

  it.each(["api.paypal.com", "api-m.paypal.com", "api.sandbox.paypal.com", "api-m.sandbox.paypal.com"])(
    "is one of PayPal's API at %s",
    (host) => expect(isCertificateUrl(`https://${host}${path}`)).toBe(true),
  );

  it.each([
    `http://api.paypal.com${path}`,
    `https://paypal.com${path}`,
    `https://api.paypal.com.evil.example${path}`,
    `https://evil.example/api.paypal.com${path}`,
    `https://api.paypal.com@evil.example${path}`,
    `https://evil.example@api.paypal.com${path}`,
    `https://api.paypal.com:8443${path}`,
    `https://api.paypal.com${path}?redirect=https://evil.example`,
    `https://api.paypal.com${path}#x`,
    "https://api.paypal.com/v1/notifications/certs/../../oauth2/token",
    "https://api.paypal.com/v1/notifications/certs/",
    `https://api.paypal.com${path}/more`,
    `https://API.paypal.com${path}`,
    `https://api.paypal.com${path}\\t`,
    ` https://api.paypal.com${path}`,
    "https://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "certificate",
    "",
  ])("is not %p", (url) => expect(isCertificateUrl(url)).toBe(false));
});

describe("rule 20: a chain of certificates", () => {
  it("is trusted up to a root, over the authorities between", () => {
    expect(judge(signer.pem + between.pem)).toBe("trusted");
    expect(judge(signer.pem + between.pem + root.pem)).toBe("trusted");
    expect(judge(make({ issuer: root }).pem)).toBe("trusted");
  });

  it("is not, without a link, or by a root that nobody trusts", () => {
    const untrusted = "No authority that is trusted has issued it.";
    expect(judge(signer.pem)).toBe(untrusted);
    expect(judge(signer.pem + between.pem + root.pem, "")).toBe(untrusted);
    expect(judge(signer.pem + between.pem, make({ name: "Root", isAuthority: true }).pem)).toBe(untrusted);
    // Right name, no chain: what a forger makes.
    expect(judge(make({}).pem)).toBe(untrusted);
  });

  it("is not, by a certificate that may not issue any", () => {
    const impostor = make({ name: "Between", issuer: root });
    expect(judge(make({ issuer: impostor }).pem + impostor.pem)).toBe("No authority that is trusted has issued it.");
  });

  it.each([
    "www.paypal.com",
    "messageverificationcerts.paypal.com.evil.example",
    "messageverificationcerts.evil.example",
  ])("is not, of %s", (other) => expect(judge(make({ name: other, issuer: root }).pem)).toMatch(/not one of PayPal's/));

  it("is not, of an authority itself", () => {
    expect(judge(make({ isAuthority: true, issuer: root }).pem)).toMatch(/not one of PayPal's/);
  });

  it("is judged as of the time of the receipt", () => {
    const chain = signer.pem + between.pem;
    expect(judge(chain, root.pem, nowMs + 2 * day)).toMatch(/wasn't valid/);
    expect(judge(chain, root.pem, nowMs - 2 * day)).toMatch(/wasn't valid/);
    const old = make({ issuer: between, validToMs: nowMs - 5_000 });
    expect(judge(old.pem + between.pem)).toMatch(/wasn't valid/);
    expect(judge(old.pem + between.pem, root.pem, nowMs - 10_000)).toBe("trusted");
  });

  it("is read only if it is one", () => {
    const none = "There is no certificate in it.";
    expect(judge("")).toBe(none);
    expect(judge("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")).toBe(none);
    expect(judge(`${signer.pem}-----BEGIN CERTIFICATE-----\n!`)).toBe(none);
    expect(judge(signer.pem.repeat(7))).toBe(none);
  });
});
