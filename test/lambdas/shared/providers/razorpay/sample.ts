import type { Sample } from "../sample.ts";

export const razorpaySample: Sample = {
  topic: "",
  body: {
    entity: "event",
    account_id: "acc_BFQ7uQEaa7j2z7",
    event: "payment.captured",
    contains: ["payment"],
    payload: {
      payment: {
        entity: { id: "pay_DESlfW9H8K9uqM", entity: "payment", amount: 150_000, currency: "INR", status: "captured" },
      },
    },
    created_at: 1_795_247_990,
  },
  secretValue: { secrets: ["new-webhook-secret", "old-webhook-secret"] },
  signatureHeader: "x-razorpay-signature",
  isTimestamped: false,
};
