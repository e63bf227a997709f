/**
 * The signature among the headers kept for the archive, as `processed-webhooks` notes it down. Every scheme's header
 * says so in its name, such as stripe-signature, x-shopify-hmac-sha256 and paypal-transmission-sig.
 */
export function signatureIn(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(headers).find(([name]) => /signature|hmac|-sig$/.test(name))?.[1];
}
