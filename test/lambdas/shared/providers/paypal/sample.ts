import { certificateHeader } from "../../../../../lambdas/shared/providers/paypal/capabilities.ts";
import { freshPaypalSecret } from "../../../../../local/providers/paypal/test-sender.ts";
import { nowMs, type Sample } from "../sample.ts";

const paypalSecret = freshPaypalSecret(nowMs);

export const paypalSample: Sample = {
  topic: "",
  body: {
    id: "WH-2CL46544TB770421K-5VB92446WP7345818",
    event_version: "1.0",
    create_time: "2026-11-21T07:59:50.336Z",
    resource_type: "capture",
    resource_version: "2.0",
    event_type: "PAYMENT.CAPTURE.COMPLETED",
    resource: { id: "29Y24445UY2083144", status: "COMPLETED", amount: { value: "100.00", currency_code: "USD" } },
  },
  secretValue: { ...paypalSecret, secrets: ["5GP028458E2496506", "1JE4291016473214C"] },
  signatureHeader: "paypal-transmission-sig",
  timestampHeader: "paypal-transmission-time",
  isTimestamped: true,
  prepared: { [certificateHeader]: paypalSecret.testSender?.certificates ?? "" },
};
