import type { Sample } from "../sample.ts";

export const standardWebhooksSample: Sample = {
  topic: "",
  body: {
    type: "payment.succeeded",
    timestamp: "2026-11-21T07:59:50Z",
    data: { payment_id: "pay_1", amount: 250_000, currency: "EUR" },
  },
  secretValue: {
    secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
  },
  signatureHeader: "webhook-signature",
  timestampHeader: "webhook-timestamp",
  isTimestamped: true,
};
