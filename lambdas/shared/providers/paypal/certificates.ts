/** PayPal's certificates: where they may come from, and whether one of them speaks for PayPal (WEBHOOK_RULES 20). */
import { type KeyObject, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

/** PayPal's API, of which the certificates are a part, by both of its names. */
const hosts: ReadonlySet<string> = new Set([
  "api.paypal.com",
  "api-m.paypal.com",
  "api.sandbox.paypal.com",
  "api-m.sandbox.paypal.com",
]);

/** Whether a certificate may be fetched from there: from PayPal's own hosts, over TLS, and nothing but a certificate. */
export function isCertificateUrl(text: string): boolean {
  if (text.length > 500 || !URL.canParse(text)) return false;
  const url = new URL(text);
  const isPlain = url.username === "" && url.password === "" && url.port === "" && url.search === "" && url.hash === "";
  const isCertificate = /^\/v1\/notifications\/certs\/[A-Za-z0-9-]{1,100}$/.test(url.pathname);
  // As it was parsed it is asked for: a text that reads otherwise has something to hide.
  return url.protocol === "https:" && hosts.has(url.hostname) && isPlain && isCertificate && url.href === text;
}

/** Longer chains don't exist on the web. */
const maxCertificates = 6;
const beginning = "-----BEGIN CERTIFICATE-----";
const certificatePem = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** `certificates` as PayPal serves them: one PEM after the other. */
export interface ChainQuestion {
  readonly certificates: string;
  /** Certificates whose last one is trusted besides the roots that come with Node; for a test sender. */
  readonly extraChain: string | undefined;
}

/** The signing key, if the chain held at a time. */
export type ChainVerdict =
  | { readonly kind: "trusted"; readonly publicKey: KeyObject }
  | { readonly kind: "untrusted"; readonly why: string };

/**
 * Whether the certificate is one of PayPal's for signing messages, issued by an authority that is trusted, and every
 * certificate on the way was valid then. PayPal documents the file and not what is in it: the name is what its Java SDK
 * goes by (SSLUtil.validateCertificateChain). No revocation list is asked.
 *
 * Years later the chain is judged as of then, but by the roots of the Node of today.
 */
export function judgeChain(question: ChainQuestion, nowMs: number): ChainVerdict {
  const chain = knownChain(question);
  if (typeof chain === "string") return { kind: "untrusted", why: chain };
  if (nowMs < chain.validFromMs || nowMs > chain.validToMs) {
    return { kind: "untrusted", why: "A certificate of its chain wasn't valid at the time." };
  }
  return { kind: "trusted", publicKey: chain.publicKey };
}

interface Chain {
  readonly publicKey: KeyObject;
  /** When each certificate of the chain is valid. */
  readonly validFromMs: number;
  readonly validToMs: number;
}

/** Chains that were looked at, by their certificates; one PayPal has few, and each takes a millisecond. */
const looked = new Map<string, { readonly extraChain: string | undefined; readonly chain: Chain | string }>();
const maxLooked = 16;

function knownChain(question: ChainQuestion): Chain | string {
  const { certificates, extraChain } = question;
  const known = looked.get(certificates);
  if (known !== undefined && known.extraChain === extraChain) return known.chain;
  const chain = lookAt(question);
  if (looked.size >= maxLooked) looked.clear();
  looked.set(certificates, { extraChain, chain });
  return chain;
}

/** The chain, or what is wrong with it whatever the time is. */
function lookAt({ certificates, extraChain }: ChainQuestion): Chain | string {
  const given = readCertificates(certificates);
  const [signer] = given;
  if (signer === undefined) return "There is no certificate in it.";
  if (!isSigner(signer)) return "It is not one of PayPal's certificates for signing messages.";
  const extra = extraChain === undefined ? [] : readCertificates(extraChain).slice(-1);
  const path = pathFrom(signer, given.slice(1), [...extra, ...trustedRoots()]);
  if (path === undefined) return "No authority that is trusted has issued it.";
  return {
    publicKey: signer.publicKey,
    validFromMs: Math.max(...path.map(({ validFrom }) => Date.parse(validFrom))),
    validToMs: Math.min(...path.map(({ validTo }) => Date.parse(validTo))),
  };
}

function readCertificates(text: string): X509Certificate[] {
  const pems = text.match(certificatePem) ?? [];
  if (pems.length > maxCertificates || text.split(beginning).length - 1 !== pems.length) return [];
  try {
    return pems.map((one) => new X509Certificate(one));
  } catch {
    return [];
  }
}

function isSigner(certificate: X509Certificate): boolean {
  const name: unknown = certificate.toLegacyObject().subject?.CN;
  const isNamed = typeof name === "string" && /^messageverificationcerts(\.[a-z0-9-]+)*\.paypal\.com$/.test(name);
  return isNamed && !certificate.ca && certificate.publicKey.asymmetricKeyType === "rsa";
}

function pathFrom(
  signer: X509Certificate,
  between: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): readonly X509Certificate[] | undefined {
  const path = [signer];
  for (let last = signer; path.length <= maxCertificates; ) {
    const root = roots.find((one) => isIssuedBy(last, one));
    if (root !== undefined) return [...path, root];
    const next = between.find((one) => !path.includes(one) && one.ca && isIssuedBy(last, one));
    if (next === undefined) return undefined;
    path.push(next);
    last = next;
  }
  return undefined;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

let roots: readonly X509Certificate[] | undefined;

/** Those that Node trusts; read when they are first needed, since most functions never are sent one of PayPal's. */
function trustedRoots(): readonly X509Certificate[] {
  roots ??= rootCertificates.map((one) => new X509Certificate(one));
  return roots;
}
