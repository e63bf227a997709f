import type { Sample } from "../sample.ts";

export const gocardlessSample: Sample = {
  topic: "",
  body: {
    events: [
      {
        id: "EV00ABC",
        created_at: "2026-11-21T07:59:50.336Z",
        resource_type: "payments",
        action: "confirmed",
        links: { payment: "PM00ABC" },
        details: { origin: "gocardless", cause: "payment_confirmed", description: "The payment is collected." },
        metadata: {},
        resource_metadata: { order: "1" },
      },
    ],
    meta: { webhook_id: "WB00ABC" },
  },
  secretValue: { secrets: ["gocardless-new", "gocardless-old"] },
  signatureHeader: "webhook-signature",
  isTimestamped: false,
};
