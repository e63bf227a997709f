/** The value of PayPal's secret on this machine: a webhook's id, and a sender who can sign as PayPal signs. */
import { randomBytes } from "node:crypto";
import type { PaypalSettings } from "../../../lambdas/shared/providers/paypal/capabilities.ts";
import { makeCertificate } from "./certificate.ts";

const yearMs = 365 * 24 * 60 * 60_000;

/** What `secrets` and `testSender` are: see the settings. Valid from a year before to ten years after. */
export function freshPaypalSecret(nowMs: number): PaypalSettings {
  const id = () => randomBytes(9).toString("hex").toUpperCase().slice(0, 17);
  const validity = { validFromMs: nowMs - yearMs, validToMs: nowMs + 10 * yearMs };
  const authority = makeCertificate({ name: "Local stand-in's authority", isAuthority: true, ...validity });
  const name = "messageverificationcerts.sandbox.paypal.com";
  const signer = makeCertificate({ name, issuer: authority, ...validity });
  return {
    secrets: [id()],
    testSender: {
      certificateUrl: `https://api.sandbox.paypal.com/v1/notifications/certs/CERT-${id()}`,
      certificates: signer.pem + authority.pem,
      privateKey: String(signer.privateKey.export({ type: "pkcs8", format: "pem" })),
    },
  };
}
