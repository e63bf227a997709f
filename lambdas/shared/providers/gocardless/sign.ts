import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import { type GocardlessSettings, gocardlessScheme } from "./capabilities.ts";

/** The header holds one signature, so the newest secret signs. */
export const signGocardless: Sign<GocardlessSettings> = ({ body, settings }) => ({
  body,
  headers: { "webhook-signature": macOf(gocardlessScheme, settings.secrets[0] ?? "", [body]) },
});
