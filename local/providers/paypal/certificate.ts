/** Certificates as PayPal has them, made here: Node signs and reads them, but makes none. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { der } from "./der.ts";

export interface CertificateOptions {
  readonly name: string;
  readonly isAuthority?: boolean;
  /** Epoch milliseconds. */
  readonly validFromMs: number;
  readonly validToMs: number;
  /** Itself, if absent. */
  readonly issuer?: Issuer;
}

interface Issuer {
  readonly name: string;
  readonly privateKey: KeyObject;
}

export interface MadeCertificate extends Issuer {
  readonly pem: string;
}

const oids = {
  commonName: "2.5.4.3",
  basicConstraints: "2.5.29.19",
  sha256WithRsa: "1.2.840.113549.1.1.11",
};

/** An X.509 certificate of version 3 for a fresh RSA key. Source: RFC 5280, section 4.1 */
export function makeCertificate(options: CertificateOptions): MadeCertificate {
  const { name, isAuthority = false, validFromMs, validToMs } = options;
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const issuer = options.issuer ?? { name, privateKey };
  const algorithm = der.list(der.oid(oids.sha256WithRsa), Buffer.from([0x05, 0x00]));
  const constraints = isAuthority ? der.list(der.yes) : der.list();
  const toSign = der.list(
    der.tagged(0, der.small(2)),
    der.serial(randomBytes(16)),
    algorithm,
    nameOf(issuer.name),
    der.list(der.time(validFromMs), der.time(validToMs)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    der.tagged(3, der.list(der.list(der.oid(oids.basicConstraints), der.yes, der.bytes(constraints)))),
  );
  const whole = der.list(toSign, algorithm, der.bits(sign("sha256", toSign, issuer.privateKey)));
  return { name, privateKey, pem: pemOf(whole) };
}

function nameOf(commonName: string): Buffer {
  return der.list(der.set(der.list(der.oid(oids.commonName), der.text(commonName))));
}

function pemOf(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
