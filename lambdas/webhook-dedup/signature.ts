/**
 * The signature among the headers kept for the archive, as `processed-webhooks` notes it down. Every scheme's header
 * says so in its name: stripe-signature, x-hub-signature-256, x-shopify-hmac-sha256, webhook-signature,
 * paypal-transmission-sig, x-square-hmacsha256-signature, paddle-signature, x-razorpay-signature.
 */
export function signatureIn(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(headers).find(([name]) => /signature|hmac|-sig$/.test(name))?.[1];
}
