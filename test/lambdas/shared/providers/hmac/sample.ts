import type { Sample } from "../sample.ts";

export const hmacSample: Sample = {
  topic: "",
  body: {
    transaction_id: "txn_123456",
    amount: 15_000,
    currency: "USD",
    provider: "stripe",
    customer_id: "cust_789",
  },
  secretValue: { secrets: ["hmac-new", "hmac-old"] },
  signatureHeader: "x-webhook-signature",
  timestampHeader: "x-webhook-timestamp",
  isTimestamped: true,
};
