import type { Sample } from "../sample.ts";

export const stripeSample: Sample = {
  topic: "",
  body: {
    id: "evt_1",
    object: "event",
    type: "payment_intent.succeeded",
    created: 1_795_247_990,
    data: { object: { id: "pi_1", object: "payment_intent", amount: 1_500_000, currency: "usd", customer: "cus_1" } },
  },
  secretValue: { secrets: ["whsec_new", "whsec_old"] },
  signatureHeader: "stripe-signature",
  isTimestamped: true,
};
