import type { PlainSettings } from "../secret-value.ts";
import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import { githubPrefix, githubScheme } from "./verify.ts";

/** The header holds one signature, so the newest secret signs. */
export const signGithub: Sign<PlainSettings> = ({ body, settings, deliveryId, topic }) => ({
  body,
  headers: {
    "x-hub-signature-256": githubPrefix + macOf(githubScheme, settings.secrets[0] ?? "", [body]),
    "x-github-event": topic,
    "x-github-delivery": deliveryId,
  },
});
