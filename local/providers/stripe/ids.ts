/** Ids as Stripe makes them: a prefix that tells the kind, then letters and digits. */
import { randomBytes } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** @param prefix with its underscore, such as `pi_` */
export function newId(prefix: string, length = 24): string {
  let id = prefix;
  // 248 is the largest multiple of 62 in a byte: above it, some characters would come more often.
  while (id.length < prefix.length + length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && id.length < prefix.length + length) id += alphabet[byte % alphabet.length];
    }
  }
  return id;
}
