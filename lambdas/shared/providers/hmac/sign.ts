import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import type { HmacSettings } from "./capabilities.ts";
import { signedParts } from "./verify.ts";

/** One signature per live secret, separated by commas. */
export const signHmac: Sign<HmacSettings> = ({ body, settings, nowMs, deliveryId }) => {
  const timestamp = String(Math.floor(nowMs / 1000));
  const parts = signedParts(settings.payload, { body, timestamp, id: deliveryId });
  const signatures = settings.secrets.map((secret) => settings.prefix + macOf(settings, secret, parts));
  const headers = {
    [settings.header]: signatures.join(","),
    [settings.timestampHeader]: timestamp,
    ...(deliveryId === "" ? {} : { [settings.idHeader]: deliveryId }),
  };
  return { body, headers };
};
