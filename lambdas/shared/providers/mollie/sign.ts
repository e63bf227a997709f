import { macOf } from "../signatures.ts";
import { SigningError } from "../signing-error.ts";
import type { Sign } from "../types.ts";
import { type MollieSettings, mollieScheme, signatureHeader, signingSecretsOf } from "./capabilities.ts";

/**
 * As a webhook of the next generation, with a signature of each live secret, as in the day after a rotation.
 * @throws SigningError without a signing secret: classic webhooks have no signature
 */
export const signMollie: Sign<MollieSettings> = ({ body, settings }) => {
  const secrets = signingSecretsOf(settings);
  if (secrets.length === 0) {
    throw new SigningError(
      "Mollie's classic webhooks aren't signed, and the secret's value has nothing but API keys. Put a signing secret " +
        'into it: see README, "Provider secrets".',
    );
  }
  const signatures = secrets.map((secret) => `sha256=${macOf(mollieScheme, secret, [body])}`);
  return { body, headers: { [signatureHeader]: signatures.join(",") } };
};
