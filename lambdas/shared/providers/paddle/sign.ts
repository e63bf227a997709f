import type { PlainSettings } from "../secret-value.ts";
import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import { paddleScheme } from "./verify.ts";

/** One `h1` per live secret. Id and type travel in the body. */
export const signPaddle: Sign<PlainSettings> = ({ body, settings, nowMs }) => {
  const timestamp = Math.floor(nowMs / 1000);
  const signatures = settings.secrets.map((secret) => `h1=${macOf(paddleScheme, secret, [`${timestamp}:`, body])}`);
  return { body, headers: { "paddle-signature": [`ts=${timestamp}`, ...signatures].join(";") } };
};
