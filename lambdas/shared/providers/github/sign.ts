import { macOf } from "../signatures.ts";
import type { PlainSettings, Sign } from "../types.ts";
import { githubPrefix, githubScheme } from "./verify.ts";

/** The header holds one signature, so the newest secret signs. */
export const signGithub: Sign<PlainSettings> = ({ body, settings, deliveryId, topic }) => ({
  "x-hub-signature-256": githubPrefix + macOf(githubScheme, settings.secrets[0] ?? "", [body]),
  "x-github-event": topic,
  "x-github-delivery": deliveryId,
});
