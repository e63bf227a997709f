import type { Sample } from "../sample.ts";

/** An event of the next generation: classic webhooks have no signature to take apart. */
export const mollieSample: Sample = {
  topic: "",
  body: {
    resource: "event",
    id: "event_Hm2fQ7vKxW9sLcT4rY8bA",
    type: "payment.paid",
    entityId: "tr_mK7gHpQ2vXsW9dRtYbN3zL",
    createdAt: "2026-11-21T07:59:50.0Z",
    _embedded: {
      entity: {
        resource: "payment",
        id: "tr_mK7gHpQ2vXsW9dRtYbN3zL",
        mode: "live",
        status: "paid",
        amount: { currency: "EUR", value: "24.95" },
        customerId: "cst_8wmqcHMN4U",
        countryCode: "NL",
        details: { cardFingerprint: "fHB3CCKx9REkz8fPplT8N4nq", cardCountryCode: "BE" },
        createdAt: "2026-11-21T07:55:00+00:00",
        paidAt: "2026-11-21T07:59:48+00:00",
      },
    },
  },
  secretValue: { secrets: ["mollie-signing-secret-new", "mollie-signing-secret-old"] },
  signatureHeader: "x-mollie-signature",
  isTimestamped: false,
};
