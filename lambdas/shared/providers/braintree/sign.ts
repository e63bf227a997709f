import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import type { BraintreeSettings } from "./capabilities.ts";
import { apiKeyOf, braintreeScheme } from "./verify.ts";

/** A form of the XML that is given, signed by every live API key. Kind and time travel in the XML. */
export const signBraintree: Sign<BraintreeSettings> = ({ body, settings }) => {
  const payload = inLines(Buffer.from(body).toString("base64"));
  const signatures = settings.secrets.map(apiKeyOf).map(({ publicKey, key }) => {
    return `${publicKey}|${macOf(braintreeScheme, key, [payload])}`;
  });
  const form = new URLSearchParams({ bt_signature: signatures.join("&"), bt_payload: payload });
  return { body: Buffer.from(form.toString()), headers: { "content-type": "application/x-www-form-urlencoded" } };
};

/** As Ruby, in which the gateway is written, encodes: 60 characters a line, each with its end. */
function inLines(base64: string): string {
  return base64.replace(/.{1,60}/g, "$&\n");
}
