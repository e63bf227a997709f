import type { Sample } from "../sample.ts";

export const shopifySample: Sample = {
  topic: "orders/paid",
  body: {
    id: 450_789_469,
    financial_status: "paid",
    total_price: "409.94",
    currency: "USD",
    customer: { id: 207_119_551 },
  },
  secretValue: { secrets: ["shopify-new", "shopify-old"] },
  signatureHeader: "x-shopify-hmac-sha256",
  isTimestamped: false,
};
