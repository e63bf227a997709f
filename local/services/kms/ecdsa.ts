/**
 * ECDSA on P-256 over a digest that is there already, which node:crypto can't sign: it always hashes first. The points
 * on the curve are OpenSSL's; only the arithmetic of the signature is here. Source: FIPS 186-5, section 6.4.
 */
import { createECDH } from "node:crypto";

/** Order of the group. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const curve = "prime256v1";
const scalarBytes = 32;

/**
 * @param digest SHA-256, 32 bytes
 * @param privateScalar the private key's number
 * @returns the signature in DER, as KMS answers it
 */
export function signDigest(digest: Buffer, privateScalar: bigint): Buffer {
  for (;;) {
    const nonce = createECDH(curve);
    const r = xOf(nonce.generateKeys());
    const inverse = power(numberOf(nonce.getPrivateKey()), order - 2n);
    const s = modulo(inverse * (numberOf(digest) + r * privateScalar));
    if (r !== 0n && s !== 0n) return sequence(integer(r), integer(s));
  }
}

/**
 * Whether a signature in DER is of this digest by this key. Whoever has the private number needs no addition of points:
 * u₁·G + u₂·Q is (u₁ + u₂·d)·G.
 */
export function verifiesDigest(digest: Buffer, signature: Buffer, privateScalar: bigint): boolean {
  const [r, s] = readSequence(signature) ?? [];
  if (r === undefined || s === undefined || r <= 0n || r >= order || s <= 0n || s >= order) return false;
  const scalar = modulo(power(s, order - 2n) * (numberOf(digest) + r * privateScalar));
  if (scalar === 0n) return false;
  const point = createECDH(curve);
  point.setPrivateKey(bytesOf(scalar));
  return xOf(point.getPublicKey()) === r;
}

/** Of an uncompressed point: 04, x, y. */
function xOf(point: Buffer): bigint {
  return modulo(numberOf(point.subarray(1, 1 + scalarBytes)));
}

function modulo(value: bigint): bigint {
  return ((value % order) + order) % order;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modulo(base);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = modulo(result * square);
    square = modulo(square * square);
  }
  return result;
}

export function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
}

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * scalarBytes, "0"), "hex");
}

/** DER has no leading zeros, but one before a first bit that would be a sign. */
function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  return Buffer.concat([
    Buffer.from([0x02, bytes.length + (isNegative ? 1 : 0)]),
    ...(isNegative ? [Buffer.alloc(1)] : []),
    bytes,
  ]);
}

/** Both integers together stay below 128 bytes, so that one byte says the length. */
function sequence(...members: readonly Buffer[]): Buffer {
  const content = Buffer.concat(members);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}

function readSequence(der: Buffer): readonly [bigint, bigint] | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const first = readInteger(der, 2);
  const second = first === undefined ? undefined : readInteger(der, first.end);
  return first === undefined || second?.end !== der.length ? undefined : [first.value, second.value];
}

function readInteger(der: Buffer, at: number): { readonly value: bigint; readonly end: number } | undefined {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== 0x02 || length === 0 || end > der.length) return undefined;
  return { value: numberOf(der.subarray(at + 2, end)), end };
}
