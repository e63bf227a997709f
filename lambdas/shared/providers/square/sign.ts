import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import type { SquareSettings } from "./capabilities.ts";
import { squareScheme } from "./verify.ts";

/** The header holds one signature, so the newest secret signs, for the first URL. Id and type travel in the body. */
export const signSquare: Sign<SquareSettings> = ({ body, settings }) => {
  const parts = [settings.notificationUrls[0] ?? "", body];
  return { body, headers: { "x-square-hmacsha256-signature": macOf(squareScheme, settings.secrets[0] ?? "", parts) } };
};
